// What the address asks for. The core has ended by now: where something is asked for, nothing is counted.

const [own, wish] = location.hash.split("#footfall-");

/** The page's own hash, which stood before the wish. */
export { own };

/** The one-time token that opens the overlay. */
export const token = wish.split("overlay=")[1];

// The page may call it; nothing comes of that now.
window.footfall ||= () => {};

if (!token) {
  // Left out from now on, or counted again: the word is the only thing stored without consent.
  if (wish == "ignore-me") localStorage.footfall = wish;
  else if (wish == "count-me" && localStorage.footfall == "ignore-me") delete localStorage.footfall;
  // There is nothing else to do: what is thrown here ends the file, quietly.
  throw wish;
}
