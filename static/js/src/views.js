// Views, and the events that belong to them.
import { clean } from "./clean.js";
import { address, bare } from "./privacy.js";
import { on } from "./safe.js";
import { put } from "./send.js";

/** Functions that are told when events are about to go: see the kit. */
export const settling = [];

let id;
let number;
let view = {};
let here;
let url;

/** Put fields into an event and return it; what is absent, false or nought is left out. */
export const fill = (made, fields) => {
  for (const name in fields)
    if (fields[name]) made[name] = fields[name];
  return made;
};

/** Return a new event of the present view. */
export const event = (kind, fields) =>
  fill({ id: id + "-" + number++, kind, at: Date.now(), url }, fields);

/**
 * Bring the view up to date: its title, which pages set late, and what further files gathered.
 * `ending` is set when another view follows.
 */
export const settle = (ending) => {
  view.title = clean(document.title, 512);
  settling.map((work) => work(ending));
};

/** Begin a view, which tells how it came to be. */
export const open = (navigation, referrer = document.referrer) => {
  settle(1);
  // The first bit is set, so that there are always sixteen digits.
  id = (crypto.getRandomValues(new BigUint64Array(1))[0] | (1n << 63n)).toString(16);
  number = 0;
  here = bare(location.href);
  url = address(here);
  view = event("view", { navigation, referrer: referrer && address(referrer) });
  put(view);
};

/** See whether the address changed: another view, if so. */
export const moved = ({ navigationType }) => {
  if (bare(location.href) != here) open(navigationType == "traverse" ? "back_forward" : "history", url);
};

on("pageshow", (shown) => shown.persisted && open("bfcache"));
