// What the browser says of the device without being drawn upon.
import { digest } from "./digest.js";

const { userAgentData: hints, maxTouchPoints } = navigator;

/** Return {architecture, model, platform_version}, where the browser tells them. */
export const told = async () => {
  const asked = ["architecture", "bitness", "model", "platformVersion"];
  const { architecture, bitness, model, platformVersion } = await hints.getHighEntropyValues(asked);
  return { architecture: architecture + bitness, model, platform_version: platformVersion };
};

const depths = ["rec2020", "p3", "srgb"];

/** Return what needs no asking; texts and whole numbers. */
export const plain = () => {
  const { width, height, colorDepth, orientation } = screen;
  // A phone on its side is the same phone.
  const sides = orientation?.angle % 180 ? [height, width] : [width, height];
  return {
    platform: hints?.platform || navigator.platform,
    screen: [...sides, colorDepth].join("x"),
    // At a desk it changes with the page's zoom, and the screen's size tells the rest.
    pixel_ratio: matchMedia("(any-pointer: fine)").matches ? undefined : String(Math.round(devicePixelRatio * 100) / 100),
    languages: navigator.languages.join(),
    touch: maxTouchPoints,
    cores: navigator.hardwareConcurrency,
    memory: navigator.deviceMemory && Math.ceil(navigator.deviceMemory),
    color_gamut: depths.find((gamut) => matchMedia(`(color-gamut: ${gamut})`).matches),
    plugins: digest(Array.from(navigator.plugins, ({ name }) => name).join()),
  };
};

const there = (look) => {
  try {
    return look() ? 1 : 0;
  } catch {
    return 0;
  }
};

/** Return {storage}, a bit for each kind that is there. */
export const storage = () => ({
  storage:
    there(() => localStorage) +
    2 * there(() => sessionStorage) +
    4 * there(() => indexedDB) +
    8 * there(() => navigator.cookieEnabled) +
    16 * there(() => caches),
});
