// What the tag says.

const tag = document.currentScript;

const { dataset } = tag;

/** The site's public key. */
export const site = dataset.site;

/** Set where the hash is part of a page's address. */
export const routed = dataset.hash;

/** Where beacons go: the script's own origin, unless the tag says otherwise. */
export const endpoint = new URL(dataset.endpoint || "/collect", tag.src).href;
