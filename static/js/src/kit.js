// What the further files are given of the core, and how they come.
import { bring, dataset, kit } from "./config.js";
import { failures } from "./evidence/reactions.js";
import { idle, on } from "./safe.js";
import { post, put, queue, shared } from "./send.js";
import { event, settling } from "./views.js";

// Only what they must share with it, in this order: modules without a state of their own they bring along.
//
// event      makes an event of the present view; put sends it
// queue      the events that wait; post sends events now
// settling   functions to call with whether the view ends, whenever events are about to go
//            or a new view begins
// shared     what is added to every beacon
// failures   error events, without noise, that came before a further file gave the array a
//            `push` of its own, and are handed to that from then on
// hear       set by the further file for wishes: given a name and a value
// refine     set by another: given a press's event in the making, to which evidence
//            still comes, its element, and the elements under it
kit.push(event, failures, put, settling, shared, queue, post);

/** Bring the first, once the page has nothing to do; it brings the others. */
export const further = () => {
  if (dataset.only) return;
  if (document.readyState == "complete") idle(() => bring("more"));
  else on("load", further);
};
