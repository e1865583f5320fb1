// Everything else that tells that something happened: one line a kind of evidence.
import { seen } from "../engaged.js";
import { on } from "../safe.js";
import { flush } from "../send.js";
import { finishAll, noteAll, outside, saw } from "./watch.js";

const NOISE = /Script error|ResizeObserver|AbortError|-extension:/;

const fail = (failed) => {
  if (failed.target == window && !NOISE.test([failed.message, failed.filename, failed.reason]))
    saw("error");
};

const sees = (field, names) => on(names, (happened) => saw(field, happened.target));

sees("scroll", "scroll");
// Not "change": a text field tells at its blur, which a click elsewhere causes, what went before.
sees("input", "input submit invalid copy");
sees("dialog", "toggle close beforeprint");
sees("media", "play pause");
on("selectionchange", () => {
  if (getSelection().type == "Range") saw("selection");
});
on("focusin", (moved) => {
  if (outside(moved.target)) saw("focus", moved.target);
});
on("error unhandledrejection", fail);
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
  (leaving) => {
    if (leaving.navigationType != "traverse" && leaving.destination?.url != location.href)
      saw("navigation");
  },
  window.navigation,
);
