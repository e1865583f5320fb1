// Draws a page's heatmap over the page itself, for whoever opened it from the dashboard. Nothing of this is counted.
import { own, token } from "./wish.js";
import { heatmap, open } from "./ask.js";
import { paint, picture } from "./draw.js";
import { find } from "./find.js";
import { button, fill, line, make, menu } from "./panel.js";
import { isDark } from "./scale.js";
import { sheet } from "./style.js";

const TICK = 1000;

// Gone before anything else can read it; the page's own hash, if it had one, stays.
history.replaceState(history.state, "", location.pathname + location.search + own);

// What is said, as the server said it, and how numbers are written.
let say;
let menus;
let parts;
let write;
let writeShare;
let apart;
let layerButtons = {};
let words;
let told;
let place = location.pathname;
let layer = "clicks";
let screen = "all";
let shown = { items: [] };

const soft = make("canvas");
const sharp = make("canvas");
const title = make("h2", { tabIndex: -1 }, "Footfall");
const controls = make("div", { className: "row" });
const layers = make("div", { className: "row", role: "group" });
const said = make("p", { role: "status" });
const key = make("div", { className: "key", ariaHidden: "true" });
const list = make("ol", { onmouseleave: () => pointAt() });
const fold = button("", () => {
  fold.ariaExpanded = String(!panel.classList.toggle("folded"));
  fold.textContent = panel.classList.contains("folded") ? say.unfold : say.fold;
}, { ariaExpanded: "true", hidden: true });
const shut = button("×", () => close());
const panel = make(
  "section",
  { className: "panel", ariaLabel: "Footfall", dir: "ltr" },
  make("div", { className: "row" }, title, fold, shut),
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

const rowsOf = (values, full, written) =>
  values.map((value, number) => ({
    name: parts[number],
    share: value / (full || 1),
    text: written(value),
    number,
  }));

const summary = () => {
  const lost = shown.items.filter(({ element, told }) => !element && told[layer]);
  const sentences = [
    fill(say.numbers, { views: write(told.views), clicks: write(told.clicks), elements: write(told.elements_clicked) }),
  ];
  if (shown.rows && !shown.rows.length) sentences.push(say.nothing);
  if (!shown.rows && lost.length)
    sentences.push(fill(say.lost, { number: write(lost.length) }));
  if (screen != "all" && screen != classOf(innerWidth))
    sentences.push(
      fill(say.other_screen, { chosen: menus.screens[screen], own: menus.screens[classOf(innerWidth)] }),
    );
  return sentences.join(" ");
};

const show = () => {
  for (const [name, one] of Object.entries(layerButtons)) one.ariaPressed = String(name == layer);
  const items = told.elements.map((one) => ({ told: one, element: find(one.element) }));
  shown = { items, layer, write };
  if (layer == "scroll") shown.rows = rowsOf(told.scrolled, 1, writeShare);
  if (layer == "attention")
    shown.rows = rowsOf(told.attention_ms, Math.max(...told.attention_ms), (ms) => fill(say.seconds, { n: write(ms / 1000, 1) }));
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
              item.told.text
                ? fill(say.text, { label: item.told.text })
                : item.told.element.split(">").pop() || say.page,
              item.element ? item.told.element : fill(say.gone, { element: apart(item.told.element) }),
              write(item.told[layer]),
              () => pointAt(item),
              () => item.element?.scrollIntoView({ block: "center" }),
            ),
          )),
  );
  key.className = isDark() ? "key dark" : "key";
  title.textContent = fill(say.heading, { page: apart(told.path) });
  said.textContent = summary();
  redraw();
};

let asked = 0;
const load = async () => {
  const mine = ++asked;
  said.textContent = say.asking;
  words.set("screen", screen);
  let found;
  let problem;
  try {
    found = await heatmap(words);
  } catch (error) {
    problem = error.message || say.silent;
  }
  if (mine != asked) return; // something else was chosen meanwhile
  told = found;
  if (told) return show();
  // What was drawn is not what is chosen now.
  shown = { items: [] };
  list.replaceChildren();
  title.textContent = say.title;
  said.textContent = problem;
  redraw();
};

const save = async () => {
  const href = URL.createObjectURL(await picture(shown));
  make("a", { href, download: `heatmap-${layer}.png` }).click();
  URL.revokeObjectURL(href);
  said.textContent = say.saved;
};

/** Say all in the words that the server gave. */
const speak = (opened) => {
  ({ words: say, menus, parts } = opened);
  const { language, direction } = opened;
  write = (number, decimals = 0) =>
    number.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  // Paths go from left to right inside words that do not.
  apart = (path) => (direction == "rtl" ? `\u2068${path}\u2069` : path);
  writeShare = (share) => share.toLocaleString(language, { style: "percent" });
  Object.assign(panel, { lang: language, dir: direction, ariaLabel: say.title });
  Object.assign(fold, { textContent: say.fold, hidden: false });
  layers.ariaLabel = say.layer;
  list.ariaLabel = say.ranked;
  shut.textContent = say.close;
  layerButtons = Object.fromEntries(
    Object.entries(menus.layers).map(([name, text]) => [
      name,
      button(text, () => {
        layer = name;
        if (told) show();
        else load();
      }),
    ]),
  );
  layers.append(...Object.values(layerButtons));
};

// The page may change under it: what came is found, what went is let go, another page is asked for.
const tick = () => {
  if (!words) return;
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
    speak(opened);
    words = new URLSearchParams(opened.scope);
    layer = words.get("layer") in menus.layers ? words.get("layer") : layer;
    screen = words.get("screen") || classOf(innerWidth);
    for (const name of ["layer", "compare", "limit"]) words.delete(name);
    if (!words.get("path")) words.set("path", place);
  } catch (error) {
    said.textContent = error.message || error.cause;
    return;
  }
  const range = words.get("range") || "28d";
  controls.append(
    menu(say.screen, Object.entries(menus.screens), screen, (value) => load((screen = value))),
    menu(say.range, Object.entries({ [range]: range, ...menus.ranges }), range, (value) => load(words.set("range", value))),
    button("PNG", save),
  );
  await load();
};

title.focus();
start();
