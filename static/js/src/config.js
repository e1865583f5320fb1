// What the tag says, and how further files come.
import { safe } from "./safe.js";

/** The tag's attributes, and the script's own address. */
export const { dataset, src } = document.currentScript;

/** What further files are given: see kit.js. */
export const kit = [];

/** Load a further file, from where this one came from, and run it; the promise never fails. */
export const bring = (file, name, value) =>
  // Of several imports of one file none comes first for certain; what waits for one promise keeps its order.
  (kit[file] ||= import(src.replace(/footfall(?!.*\/)/, file)))
    .then((module) => module.default(kit, name, value))
    .catch(safe);

/** Where beacons go: the script's own origin, unless the tag says otherwise. */
export const endpoint = new URL(dataset.endpoint || "/collect", src).href;
