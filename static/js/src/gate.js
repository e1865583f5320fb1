// Whether to run, and whether to send.
import { bring } from "./config.js";
import { safe } from "./safe.js";

/** What the page asked for before we came. */
export const { q: asked, live } = window.footfall || {};

// The tag may stand in a page twice; or we are asked for by the address itself, to be left out or
// shown the heatmap: another file's work, and no visit. What is thrown here ends the whole script, quietly.
if (live || (/#footfall-/.test(location.hash) && bring("overlay"))) throw live;

/**
 * Return the only thing ever stored, and only because its owner asked for it: "ignore-me" to be
 * left out, "denied", or the mark that consent gave. Not to be asked at load: storage is slow at first.
 */
export const stored = safe(() => localStorage.footfall);
