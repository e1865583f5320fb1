// What the further files are given of the core, and how they come.
import { beside, dataset } from "./config.js";
import { failures } from "./evidence/reactions.js";
import { idle, on, safe } from "./safe.js";
import { put } from "./send.js";
import { event, settling } from "./views.js";

// Only what they must share with it: modules without a state of their own they bring along.
//
// event      makes an event of the present view; put sends it
// settling   functions to call with whether the view ends, whenever events are about to go
//            or a new view begins
// failures   error events, without noise, that came before a further file gave the array a
//            `push` of its own, and are handed to that from then on
// refine     set by a further file: given a press's event in the making, to which evidence
//            still comes, its element, and the elements under it
export const kit = { event, failures, put, settling };

/** Load the further file, from where this one came from, once the page has nothing to do; it brings the others. */
export const further = () => {
  if (dataset.only) return;
  if (document.readyState != "complete") return on("load", further);
  idle(() =>
    import(beside("more"))
      .then((module) => module.default(kit))
      .catch(safe),
  );
};
