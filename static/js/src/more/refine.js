// What is told of a click beside its evidence: why it can be no signal, how it looks, whether it will be repeated.
import { has } from "../look.js";
import { permille } from "../safe.js";
import { root } from "./root.js";

// Made to be clicked again and again: what steps, turns pages, winds or moves, and keys of one character.
const AGAIN =
  /next|prev|pag(e|in)|carousel|slide|swip|step|spin|galler|calend|\bdate|month|year|scroll|zoom|volume|seek|rewind|forward|crease|crement|plus|minus|arrow|chevron|caret|dblclick|double/i;
const KEY = /^[^\p{L}×✕✖✗]{1,2}$|^\p{L}$/u;
const STEPPED = "[type=number],[type=range],[role=spinbutton],[role=slider]";
const QUICK = 1000;
const PAGER = ["nav", "[role=navigation]", "ul"].flatMap((box) =>
  ["class", "aria-label", "id"].map((name) => `${box}[${name}*=pagi i],${box}[${name}*=pager i]`),
);

const REASONS = {
  ignored: "[data-footfall-ignore]",
  consent: ":not(html,body):is([id*=consent i],[class*=consent i],[id*=cookie i],[class*=cookie i])",
  canvas: "canvas",
  media: "video",
  chosen: "[type=radio]:checked,[aria-selected=true]",
  field: ":read-write,[readonly],select,[type=file],[type=range],[type=color]",
};

let before;

const named = (element) =>
  element &&
  AGAIN.test([element.getAttribute("class"), element.ariaLabel, element.rel, element.id, element.title]);

// An anchor without an address is no control, and a click on its icon is the icon's.
const repeats = (element) =>
  named(element) ||
  named(element.closest("a,button")) ||
  KEY.test(element.textContent.trim()) ||
  element.ondblclick ||
  element.closest([STEPPED, ...PAGER]) ||
  element.parentNode?.querySelector(STEPPED);

const underlined = (element) => /^underline( solid|$)/.test(getComputedStyle(element).textDecoration);

const fixed = (element) => {
  for (let box = element; box; box = box.offsetParent)
    if (/fixed|sticky/.test(getComputedStyle(box).position)) return true;
};

/** Add to a click in the making; `under` are its element and all that were under the press. */
export const refine = (click, element, under, press) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  click.element_role = element.role || undefined;
  click.offset_x = permille(press.x - left, width);
  click.offset_y = permille(press.y - top, height);
  click.page_x = permille(press.pageX, root.scrollWidth);
  click.page_y = press.pageY | 0;
  const quick = click.element == before?.element && click.at - before.at < QUICK;
  if (quick && repeats(element)) click.repeats = true;
  before = click;
  if (fixed(element)) click.fixed = true;
  if (click.exempt) click.exempt = Object.keys(REASONS).find((word) => has(under, REASONS[word])) || "elsewhere";
  else if (!click.affordance && underlined(under[0])) click.affordance = "link";
};
