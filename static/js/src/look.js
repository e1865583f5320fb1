// What was clicked: the control that it stands for, how it looks, why it may be exempt.

const NATIVE = ":any-link,button,input,select,textarea,summary";
const ROLE = /button|link|tab$|switch|option|radio$|box$|menui/;

/** Controls that refuse clicks. */
export const OFF = ":disabled,[aria-disabled=true]";

/**
 * Clicks that can never be a signal: left out by the page, on consent banners, on what
 * draws or plays by itself, on what opens elsewhere, on what is chosen already, in fields.
 */
export const EXEMPT =
  "[data-footfall-ignore]" +
  ",:not(html,body):is([id*=consent i],[class*=consent i],[id*=cookie i],[class*=cookie i])" +
  ",canvas,video" +
  ",[download],[target]:not([target=_self]),[href^=mail],[href^=tel],[href^='#']:not([href='#'])" +
  ",[type=radio]:checked,[aria-selected=true]" +
  ",:read-write,[readonly],select,[type=file],[type=range],[type=color]";

/**
 * Whether `what`, a CSS selector, fits any element of `path` or what holds it. Asked for is
 * only where a path enters a tree, for the browser climbs faster.
 */
export const has = (path, what) =>
  path.some((element, place) => path[place - 1]?.parentNode != element && element.closest(what));

/** Return the control among the elements under a click, innermost first, or nothing. */
export const control = (path) => {
  const found = path.find(
    (element) => element.control || element.matches(NATIVE) || ROLE.test(element.role),
  );
  return found?.control || found;
};

/** Return [element, affordance], none left out, for the elements under a click. */
export const standsFor = (path) => {
  const found = control(path);
  if (found) return [found, found.matches(NATIVE) ? "native" : "role"];
  const end = path.findIndex((element) => getComputedStyle(element).cursor != "pointer");
  // A whole page under a pointer looks like nothing.
  if (end > 0 && path[end + 1]) return [path[end - 1], "pointer"];
  return [path[0]];
};
