// A path to an element that stays the same from load to load.

// An id made by a program carries a number; one made by a person hardly ever does.
const STABLE = /^[a-z](?!.*\d{3})[\w-]{0,40}$/i;

const named = (element, attribute) => {
  const name = element.getAttribute(attribute) || "";
  return STABLE.test(name) && name;
};

/** Return the path from the nearest stable name down, nothing for the body; ">>>" enters a shadow root. */
export const selector = (element) => {
  let path = "";
  let joint = "";
  while (element.localName && element != document.body) {
    const id = named(element, "id");
    const test = named(element, "data-testid");
    const { localName, parentNode } = element;
    const alike = [...parentNode.children].filter((one) => one.localName == localName);
    const place = alike.indexOf(element);
    const step = place > 0 ? `${localName}:nth-of-type(${place + 1})` : localName;
    path = (id ? "#" + id : test ? `[data-testid=${test}]` : step) + joint + path;
    const above = id || test ? element.getRootNode() : parentNode;
    joint = above.host ? ">>>" : ">";
    element = above.host || above;
  }
  return path.slice(-512);
};
