// What may leave the page.
import { routed } from "./config.js";

// Mail addresses, nine digits or more, ids in hex, words of twenty letters and digits.
const SECRET =
  /[^\s/?&=]*(@|%40)[^\s/&]*|\d([ .-]?\d){8,}|[\da-f-]{32,}|(?=[a-z_]*\d)\w{20,}/gi;
const KEPT = /[?&](utm_\w+|ref|source)=[^&#]+/g;

/** Put ":id" for what may tell who someone is, and cut to `length` characters. */
export const clean = (text, length) =>
  text.trim().replace(/\s+/g, " ").replace(SECRET, ":id").slice(0, length);

/** Return an address without its hash, except where that is part of a page's address. */
export const bare = (href) => (routed == null ? href.split("#")[0] : href);

/** Return an address without secrets and parameters not on the list. */
export const address = (href) => {
  const [, host, path] = bare(href).match(/^(.*?\/\/[^/]*)([^?]*)/);
  const kept = (bare(href).match(KEPT) || []).join("").replace(/^&/, "?");
  return host + clean(path + kept, 2e3);
};
