// What was clicked: the control that it stands for, how it looks, why it may be exempt.
import { root } from "./safe.js";

const NATIVE = ":any-link,button,input,select,textarea,summary";
const ROLE = /button|link|tab$|switch|option|radio$|box$|menuitem/;
const OFF = ":disabled,[aria-disabled=true]";

// Clicks that can never be a signal: left out by the page, on consent banners, on what
// draws or plays by itself, on what opens elsewhere, on what is chosen already, in fields.
const EXEMPT =
  "[data-footfall-ignore]" +
  ",:not(html,body):is([id*=consent i],[class*=consent i],[id*=cookie i],[class*=cookie i])" +
  ",canvas,video" +
  ",[download],[target]:not([target=_self]),[href^=mail],[href^=tel],[href^='#']:not([href='#'])" +
  ",[type=radio]:checked,[aria-selected=true]" +
  ",:read-write,[readonly],select,[type=file],[type=range]";

/** Whether any element of `path` is `what`, a CSS selector. */
export const has = (path, what) => path.some((element) => element.matches(what));

/** Return [element, affordance], none left out, for the elements under a click, innermost first. */
export const standsFor = (path) => {
  for (const element of path) {
    if (element.control || element.matches(NATIVE)) return [element.control || element, "native"];
    if (ROLE.test(element.getAttribute("role"))) return [element, "role"];
  }
  const end = path.findIndex((element) => getComputedStyle(element).cursor != "pointer");
  if (end > 0 && path[end] != root) return [path[end - 1], "pointer"];
  return [path[0]];
};

/** Whether the control refuses clicks, itself or through what holds it. */
export const disabled = (path) => has(path, OFF);

/** Return the tag of what makes a click one that can never be a signal, or nothing. */
export const exemption = (path) => path.find((element) => element.matches(EXEMPT))?.localName;
