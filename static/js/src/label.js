// The words on a link or a button, where they may be read at all.
import { has } from "./look.js";
import { clean } from "./clean.js";

const SHUT = "[data-private],[contenteditable]";
const SECRETIVE = "[type=password],[autocomplete^=cc-]";

/** Return at most 64 characters, or nothing where reading is not allowed. */
export const label = (element, path) =>
  element.matches("a,button,[role=button],[role=link]") &&
  !has(path, SHUT) &&
  !element.querySelector(SHUT) &&
  !element.closest("form")?.querySelector(SECRETIVE) &&
  clean(element.ariaLabel || element.textContent, 64);
