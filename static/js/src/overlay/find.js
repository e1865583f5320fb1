// From an element's path, as ../selector.js writes it, back to the element. A path is data that
// visitors sent: it is walked step by step and never handed to the page as a selector.

const STEP = /^([^\s:#[\]]+)(?::nth-of-type\((\d+)\))?$/;
const TEST = /^\[data-testid="?([\w-]+)"?\]$/;

const child = (parent, step) => {
  const [, name, place = 1] = STEP.exec(step) || [];
  return name && [...(parent?.children || [])].filter((one) => one.localName == name)[place - 1];
};

const begin = (root, step) => {
  if (step[0] == "#") return root.getElementById(step.slice(1));
  const [, test] = TEST.exec(step) || [];
  if (test) return root.querySelector(`[data-testid="${test}"]`);
  if (root == document) return step == "html" ? document.documentElement : child(document.body, step);
  return child(root, step);
};

/** Return the element with this path, the body for an empty one, null or undefined where there is none now. */
export const find = (path) => {
  if (!path) return document.body;
  let root = document;
  let element;
  for (const piece of path.split(">>>")) {
    if (!root) return;
    const [first, ...steps] = piece.split(">");
    element = steps.reduce(child, begin(root, first));
    root = element?.shadowRoot;
  }
  return element;
};
