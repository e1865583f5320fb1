// What the further files have of the core: its modules without a state, and what it hands over, see ../kit.js.
import { safe } from "../safe.js";
import { refine } from "./refine.js";

export { clean } from "../clean.js";
export { label } from "../label.js";
export { control, has } from "../look.js";
export { later, now, on, permille, safe, seen, whole } from "../safe.js";
export { selector } from "../selector.js";
export { root } from "./root.js";

export let event, failures, put, settling;

// The event in the making of the newest press.
let newest;

/** Return it, with the evidence so far. */
export const pressed = () => newest;

/** Put the core's kit into the names above. */
export const take = (kit) => {
  [event, failures, put, settling] = kit;
  kit.refine = (press, ...given) => {
    newest = press;
    safe(refine)(press, ...given);
  };
};

/**
 * Run `work` whenever events are about to go or the view ends, with whether it ends and whether
 * the page is out of sight.
 */
export const settle = (work) => settling.push(safe((ending) => work(ending, document.hidden)));

/** Queue an event of the present view with these properties. */
export const tell = (kind, properties, fields) => put(event(kind, { ...fields, properties }));

/** Return the elements under an event, innermost first. */
export const elements = (happened) => happened.composedPath().filter((node) => node.localName);
