// The scale of colours, from faint to strong. It only ever darkens (on dark pages: brightens), so that
// it can be read without telling red from green.

const LIGHT = ["f6a21c", "e35933", "b4325a", "761b6d", "2f0a5b"];
const DARK = ["8a2a80", "c0395c", "e8673a", "fbae30", "fcf5a0"];

const parse = (hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Whether the page is dark, by its own background; where it has none, as the visitor likes it. */
export const isDark = () => {
  for (const element of [document.body, document.documentElement]) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(element).backgroundColor.match(/[\d.]+/g) || []).map(Number);
    if (alpha) return red * 0.3 + green * 0.6 + blue * 0.1 < 110;
  }
  const { colorScheme } = getComputedStyle(document.documentElement);
  return /dark/.test(colorScheme) && matchMedia("(prefers-color-scheme: dark)").matches;
};

/** Return [red, green, blue] for a share of the greatest value. */
export const colour = (share, dark) => {
  const stops = (dark ? DARK : LIGHT).map(parse);
  const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, place | 0);
  return stops[low].map((part, n) => Math.round(part + (stops[low + 1][n] - part) * (place - low)));
};
