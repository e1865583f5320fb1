// What browsers tell of by observers: changes of the document, and requests that ended.
import { endpoint } from "../config.js";
import { FELT, MOST } from "../limits.js";
import { now, on } from "../safe.js";
import { changed, last, outside, saw } from "./watch.js";

// Of all the kinds of requests only fetch and xmlhttprequest begin so.
const ASKED = /^[fx]/;

const changes = new MutationObserver((records) => {
  const at = now();
  if (!changed()) changes.disconnect();
  for (const { target, attributeName, removedNodes } of records.slice(0, MOST)) {
    // Until the click, what changes in the control is how it looks pressed, and later its end:
    // wordless parts go.
    const own = last._element?.contains(target);
    if (own && (last._clicked ? removedNodes[0]?.textContent == "" : 1)) continue;
    // An attribute by its name; all else, which has none, is one way to change.
    saw("mutation", target, attributeName, at);
  }
});

const requests = new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const path = entry.name.split("?")[0];
    if (!ASKED.test(entry.initiatorType) || path == endpoint) continue;
    saw("request", document, path, entry.startTime);
    if (entry.responseStatus >= 400)
      saw("failed_request", document, "!" + path, entry.startTime, entry.responseEnd);
  }
});

/** Observe a document or an open shadow root. */
export const look = (root) => {
  changes.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
};

requests.observe({ type: "resource" });

// A transition in the control itself is how it looks pressed, in another control how it looks
// left, for the press took its focus; anywhere else it is an answer if it comes at once. At
// other times it only tells of a rhythm, such as a carousel's.
on(
  "transitionrun",
  ({ target }) =>
    target.tabIndex < 0 &&
    outside(target) &&
    saw(now() - last._at < FELT && "mutation", target, "transition"),
);
