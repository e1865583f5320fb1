// Time during which the page was both visible and focused, and how far it was read.
import { now, on, root, whole } from "./safe.js";

/** Whether the page is before the visitor's eyes. */
export const seen = () => !document.hidden && document.hasFocus();

let since = seen() && now();
let engaged = 0;
let deepest = 0;

const count = () => {
  const time = now();
  if (since) engaged += time - since;
  since = seen() && time;
  deepest = Math.max(deepest, scrollY);
};

/** Return what was gathered since the last call as an event's fields, or nothing. */
export const takeEngaged = () => {
  count();
  const engaged_ms = engaged | 0;
  const scroll_permille = whole((1e3 * (deepest + innerHeight)) / root.scrollHeight, 1e3);
  engaged = deepest = 0;
  return engaged_ms && { engaged_ms, scroll_permille };
};

on("focus blur visibilitychange scroll", count);
