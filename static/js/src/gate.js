// Whether to run, and whether to send.
import { bring } from "./config.js";
import { safe } from "./safe.js";

const { q, live } = window.footfall || {};

/** What the page asked for before we came. */
export const asked = q;

// The tag may stand in a page twice. What is thrown here ends the whole script, quietly.
if (live) throw live;

// Asked for by the address itself, to be left out or shown the heatmap: another file's work,
// and no visit.
if (location.hash.includes("#footfall-")) throw bring("overlay");

/**
 * Return the only thing ever stored, and only because its owner asked for it: "ignore-me" to be
 * left out, "denied", or the mark that consent gave. Not to be asked at load: storage is slow at first.
 */
export const stored = safe(() => localStorage.footfall);
