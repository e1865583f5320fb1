// Addresses that may leave the page.
import { clean } from "./clean.js";
import { dataset } from "./config.js";

// The tag names what its site lets through beside them, as alternatives of a pattern.
const KEPT = RegExp("[?&](utm_[^&=]+|ref|source|" + dataset.query + ")=[^&#]+", "g");

/** Return an address without its hash, except where that is part of a page's address. */
export const bare = (href) => (dataset.hash == null ? href.split("#")[0] : href);

/** Return an address that is bare already without secrets and parameters not on the list. */
export const address = (href) => {
  const [, host, path] = /(.*?:..[^/]*)([^?]*)/.exec(href);
  return host + clean(path + (href.match(KEPT) || []).join("").replace(/./, "?"), 2e3);
};
