// Everything else that tells that something happened: one line a kind of evidence.
import { navigation, on, seen } from "../safe.js";
import { flush } from "../send.js";
import { finishAll, noteAll, outside, saw } from "./watch.js";

const NOISE = /Script err|ResizeO|AbortE|-extension:/;

/** Errors that nobody has taken yet: see the kit. */
export const failures = [];

const sees = (field, names) => on(names, (happened) => saw(field, happened.target));

// Carousels scroll sideways, and by a rhythm; up and down visitors scroll, and each time anew.
on("scroll", ({ target }) => saw("scroll", target.scrollLeft ? target : {}));
// Not "change": a text field tells at its blur, which a click elsewhere causes, what went before.
// Nor "submit": what a form leads to is seen, and where nothing is, its button looked dead.
sees("input", "input invalid copy");
sees("dialog", "toggle close beforeprint");
sees("media", "play pause");
on("selectionchange", () => getSelection().type == "Range" && saw("selection"));
on("focusin", ({ target }) => outside(target) && saw("focus", target));
on("error unhandledrejection", (failed) => {
  if (failed.target != window || NOISE.test([failed.message, failed.filename, failed.reason]))
    return;
  saw("error");
  failures[9] || failures.push(failed);
});
on("blur visibilitychange", () => {
  if (!seen()) noteAll("hidden");
  if (document.hidden) {
    finishAll();
    flush();
  }
});

// The visitor's own way back is no answer of the page.
on(
  "navigate beforeunload",
  ({ navigationType, destination }) =>
    navigationType != "traverse" && destination?.url != location.href && saw("navigation"),
  navigation,
);
