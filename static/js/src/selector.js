// A path to an element that stays the same from load to load.

// An id made by a program carries a number; one made by a person hardly ever does.
const STABLE = /^[a-z](?!.*\d{3})[\w-]{0,40}$/i;

/** Return the path from the nearest stable name down, nothing for the body; ">>>" enters a shadow root. */
export const selector = (element, below = "") => {
  if (!element?.localName || element == document.body) return below.slice(1).slice(-512);
  const { localName } = element;
  const id = STABLE.exec(element.id);
  const test = STABLE.exec(element.dataset?.testid || "");
  let place = 1;
  for (let one = element; (one = one.previousElementSibling); ) place += one.localName == localName;
  const step = id ? "#" + id : test ? `[data-testid=${test}]` : localName + (place > 1 ? `:nth-of-type(${place})` : "");
  const above = id || test ? element.getRootNode() : element.parentNode;
  // Only a shadow root has a mode; a host have links, too.
  return above?.mode
    ? selector(above.host, ">>>" + step + below)
    : selector(above, ">" + step + below);
};
