// What holds now: consent, login, being left out. What is stored is looked up again each time,
// for another tab may have changed it.
import { safe } from "../safe.js";
import { isMark, parse, read, write } from "./mark.js";

let event, put, settling, shared, queue, post;

// What could not be stored, and holds for this page's life instead.
let word;
let login;
// Set while Google's consent mode says "denied" and nobody has decided yet.
let undecided;

const held = () => word || read();

/** Whether the browser itself says no. */
export const refused = () => navigator.globalPrivacyControl;

/** Whether this browser's owner asked to be left out. */
export const ignored = () => held() == "ignore-me";

/** Return the mark, while consent holds; see mark.js. */
export const mark = () => !refused() && !undecided && parse(held());

/** Store a text, or nothing, for all pages or at least for this one. */
export const keep = (text) => {
  word = write(text) ? "" : text;
};

/** Put what holds now into the beacons that go from here on. */
export const renew = () => {
  const consent = held();
  shared.consent = isMark(consent) && !mark() ? undefined : consent;
  shared.login = mark() ? login : undefined;
  if (!mark()) delete shared.fingerprint;
  if (ignored()) drop();
};

/** Forget the events that wait. */
export const drop = () => {
  queue.length = 0;
};

/** Let the collector hear of what changed soon, even if nothing more happens in the page. */
export const tell = () => {
  renew();
  // The time at which what waits should have gone may have passed.
  if (queue[0]) put(queue.pop());
  // A page that is loaded ahead has no view yet, and tells when it has.
  else if (mark() && !document.prerendering) put(event("engagement"));
};

/** Take another login, or none; what waits still goes under the one before. */
export const setLogin = (next) => {
  if (login && login != next && queue[0] && mark()) {
    renew();
    post(queue.splice(0));
  }
  login = next;
};

/** Whether Google's consent mode says that nobody has decided. */
export const setUndecided = (state) => {
  undecided = state;
};

/** Send a fingerprint along, for long enough that it arrives. */
export const setFingerprint = (fields) => {
  shared.fingerprint = fields;
  tell();
  setTimeout(() => delete shared.fingerprint, 60e3);
};

/**
 * Take the core's kit, and keep the beacons true from here on, with what is to be done `before`
 * any goes; return whether it was the first time.
 */
export const take = (kit, before) => {
  if (event) return false;
  [event, , put, settling, shared, queue, post] = kit;
  // Too old, or the browser says no.
  if (isMark(read()) && (refused() || !parse(read()))) write();
  settling.push(
    safe(() => {
      before();
      renew();
    }),
  );
  return true;
};
