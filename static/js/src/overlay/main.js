// Draws a page's heatmap over the page itself, for whoever opened it from the dashboard. Nothing of this is counted.
import { own, token } from "./wish.js";
import { heatmap, open } from "./ask.js";
import { paint, picture } from "./draw.js";
import { find } from "./find.js";
import { button, line, make, menu } from "./panel.js";
import { isDark } from "./scale.js";
import { sheet } from "./style.js";

const LAYERS = { clicks: "Clicks", dead: "Dead", rage: "Rage", scroll: "Scrolling", attention: "Attention" };
const SCREENS = { all: "All screens", small: "Small", medium: "Medium", large: "Large", wide: "Wide" };
const RANGES = { today: "Today", "7d": "7 days", "28d": "28 days", "91d": "91 days", all: "All days" };
const TICK = 1000;

// Gone before anything else can read it; the page's own hash, if it had one, stays.
history.replaceState(history.state, "", location.pathname + location.search + own);

let words;
let told;
let place = location.pathname;
let layer = "clicks";
let screen = "all";
let shown = { items: [] };

const soft = make("canvas");
const sharp = make("canvas");
const title = make("h2", { tabIndex: -1 }, "Footfall heatmap");
const controls = make("div", { className: "row" });
const layers = make("div", { className: "row", role: "group", ariaLabel: "Layer" });
const said = make("p", { role: "status" });
const key = make("div", { className: "key", ariaHidden: "true" });
const list = make("ol", { ariaLabel: "Ranked", onmouseleave: () => pointAt() });
const fold = button("Fold", () => {
  fold.ariaExpanded = String(!panel.classList.toggle("folded"));
  fold.textContent = panel.classList.contains("folded") ? "Unfold" : "Fold";
}, { ariaExpanded: "true" });
const panel = make(
  "section",
  { className: "panel", ariaLabel: "Footfall heatmap" },
  make("div", { className: "row" }, title, fold, button("Close", () => close())),
  layers,
  controls,
  said,
  key,
  list,
);
// Beside the body, so that no path to an element changes.
const host = document.documentElement.appendChild(make("footfall-overlay"));
const shadow = host.attachShadow({ mode: "closed" });
shadow.adoptedStyleSheets = [sheet];
shadow.append(soft, sharp, panel);

const draw = () => {
  const fine = Math.min(2, devicePixelRatio);
  const scale = 0.5;
  // Setting a size wipes a canvas as well.
  Object.assign(soft, { width: innerWidth * scale, height: innerHeight * scale });
  Object.assign(sharp, { width: innerWidth * fine, height: innerHeight * fine });
  paint(soft, sharp, shown, { left: scrollX, top: scrollY, scale, fine });
};

let waiting;
const redraw = () => {
  waiting ||= requestAnimationFrame(() => {
    waiting = 0;
    draw();
  });
};

const pointAt = (one) => {
  shown.chosen = one;
  redraw();
};

const classOf = (width) => (width < 640 ? "small" : width < 1024 ? "medium" : width < 1440 ? "large" : "wide");

const rowsOf = (values, full, write) =>
  values.map((value, number) => ({
    name: `${5 * number}–${5 * number + 5}% of the page`,
    share: value / (full || 1),
    text: write(value),
    number,
  }));

const summary = () => {
  const lost = shown.items.filter(({ element, told }) => !element && told[layer]);
  const sentences = [
    `Views: ${told.views.toLocaleString()}. Clicks: ${told.clicks.toLocaleString()}, on elements: ${told.elements_clicked}.`,
  ];
  if (shown.rows && !shown.rows.length) sentences.push("No view told it.");
  if (!shown.rows && lost.length)
    sentences.push(
      `${lost.length} of those listed are not on the page now: drawn where they were clicked, if they scroll with it.`,
    );
  if (screen != "all" && screen != classOf(innerWidth))
    sentences.push(`These are ${screen} screens; this window is ${classOf(innerWidth)}.`);
  return sentences.join(" ");
};

const show = () => {
  for (const [name, one] of Object.entries(layerButtons)) one.ariaPressed = String(name == layer);
  const items = told.elements.map((one) => ({ told: one, element: find(one.element) }));
  shown = { items, layer };
  if (layer == "scroll") shown.rows = rowsOf(told.scrolled, 1, (share) => `${Math.round(100 * share)}%`);
  if (layer == "attention")
    shown.rows = rowsOf(told.attention_ms, Math.max(...told.attention_ms), (ms) => `${(ms / 1000).toFixed(1)} s`);
  items.sort((a, b) => b.told[layer] - a.told[layer]);
  list.replaceChildren(
    ...(shown.rows
      ? shown.rows.map((row) =>
          line(row.name, "", row.text, () => pointAt(row), () =>
            scrollTo({ top: (row.number / 20) * document.documentElement.scrollHeight }),
          ),
        )
      : items
          .filter((item) => item.told[layer])
          .map((item) =>
            line(
              item.told.text ? `“${item.told.text}”` : item.told.element.split(">").pop() || "The page itself",
              (item.element ? "" : "Not here now: ") + item.told.element,
              item.told[layer].toLocaleString(),
              () => pointAt(item),
              () => item.element?.scrollIntoView({ block: "center" }),
            ),
          )),
  );
  key.className = isDark() ? "key dark" : "key";
  title.textContent = "Heatmap of " + told.path;
  said.textContent = summary();
  redraw();
};

const load = async () => {
  said.textContent = "Asking…";
  words.set("screen", screen);
  try {
    told = await heatmap(words);
    show();
  } catch (error) {
    said.textContent = error.message;
  }
};

const save = async () => {
  const href = URL.createObjectURL(await picture(shown));
  make("a", { href, download: `heatmap-${layer}.png` }).click();
  URL.revokeObjectURL(href);
  said.textContent = "The picture has the heat and the boxes of the elements: no script may read a page's own pixels.";
};

const layerButtons = Object.fromEntries(
  Object.entries(LAYERS).map(([name, text]) => [
    name,
    button(text, () => {
      layer = name;
      if (told) show();
    }),
  ]),
);
layers.append(...Object.values(layerButtons));

// The page may change under it: what came is found, what went is let go, another page is asked for.
const tick = () => {
  if (!told) return;
  if (location.pathname != place) {
    place = location.pathname;
    words.set("path", place);
    load();
  }
  for (const item of shown.items) if (!item.element?.isConnected) item.element = find(item.told.element);
  redraw();
};

const ending = new AbortController();
const { signal } = ending;
const ticking = setInterval(tick, TICK);

const close = () => {
  ending.abort();
  clearInterval(ticking);
  host.remove();
};

addEventListener("scroll", redraw, { signal, capture: true, passive: true });
addEventListener("resize", () => (told ? show() : redraw()), { signal });
addEventListener("keydown", (event) => event.key == "Escape" && close(), { signal, capture: true });
// The page has no part in what is done in here.
for (const name of ["click", "pointerdown", "mousedown", "keydown", "focusin"])
  host.addEventListener(name, (event) => event.stopPropagation());

const start = async () => {
  try {
    const opened = await open(token);
    words = new URLSearchParams(opened.scope);
    layer = words.get("layer") in LAYERS ? words.get("layer") : layer;
    screen = words.get("screen") || classOf(innerWidth);
    for (const name of ["layer", "compare", "limit"]) words.delete(name);
    if (!words.get("path")) words.set("path", place);
  } catch (error) {
    said.textContent = error.message;
    return;
  }
  const range = words.get("range") || "28d";
  controls.append(
    menu("Screen", Object.entries(SCREENS), screen, (value) => load((screen = value))),
    menu("Range", Object.entries({ [range]: range, ...RANGES }), range, (value) => load(words.set("range", value))),
    button("PNG", save),
  );
  await load();
};

title.focus();
start();
