// What the tag says.

/** The tag's attributes, and the script's own address. */
export const { dataset, src } = document.currentScript;

/** Return the address of a further file: the script's own, with another name for "footfall". */
export const beside = (name) => src.replace(/footfall(?=[^/]*$)/, name);

/** Where beacons go: the script's own origin, unless the tag says otherwise. */
export const endpoint = new URL(dataset.endpoint || "/collect", src).href;
