// Views, and the events that belong to them.
import { takeEngaged } from "./engaged.js";
import { address, bare, clean } from "./privacy.js";
import { on, safe } from "./safe.js";
import { put } from "./send.js";

let id;
let number;
let view = {};
let href;
let url;

/** Return a new event of the present view; what is absent, false or nought is left out. */
export const event = (kind, fields) => {
  const made = { id: `${id}-${number++}`, kind, at: Date.now(), url };
  for (const name in fields)
    if (fields[name]) made[name] = fields[name];
  return made;
};

/** Bring the view up to date: its title, which pages set late, and its engaged time. */
export const settle = () => {
  view.title = clean(document.title, 512);
  const engaged = takeEngaged();
  if (engaged) put(event("engagement", engaged));
};

const open = (navigation, referrer = document.referrer) => {
  if (id) settle();
  id = crypto.getRandomValues(new BigUint64Array(1))[0].toString(16).padStart(16, 0);
  number = 0;
  href = location.href;
  url = address(href);
  view = event("view", { navigation, referrer: referrer && address(referrer) });
  put(view);
};

const moved = () => {
  const before = href;
  href = location.href;
  if (bare(href) != bare(before)) open("history", url);
};

for (const name of ["pushState", "replaceState"]) {
  const original = history[name];
  history[name] = (...given) => {
    original.apply(history, given);
    safe(moved)();
  };
}
on("popstate hashchange", moved);
on("pageshow", (shown) => {
  if (shown.persisted) open("bfcache");
});

/** Send the first view. */
export const begin = safe(() =>
  open(performance.getEntriesByType("navigation")[0].type.replace("navigate", "load")),
);
