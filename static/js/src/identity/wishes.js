// The page's wishes: footfall("consent", …), footfall("identify", …), footfall("optout", …).
import { isMark, make, read, write } from "./mark.js";
import { drop, ignored, keep, mark, refused, setLogin, setUndecided, tell } from "./state.js";
import { stitch } from "./stitch.js";

const LONGEST = 256;

let warned;
const warn = (text) => {
  if (!warned) console.warn("Footfall: " + text);
  warned = true;
};

/** Take a consent that was given or withdrawn. */
export const decide = (granted) => {
  setUndecided(false);
  // Who asked to be left out is, whatever a banner says.
  if (ignored()) return;
  if (!granted) {
    keep("denied");
    setLogin();
  } else if (refused()) {
    if (isMark(read())) write();
  } else {
    // Where nothing can be stored, nobody is recognised.
    if (!mark()) {
      keep();
      write(make());
    }
    stitch();
  }
};

const consent = (value) => {
  if (value === true || value == "granted") decide(true);
  else if (value === false || value == "denied") decide(false);
  else warn('consent is "granted" or "denied".');
};

const identify = (who) => {
  if (who === null) return setLogin();
  const text = typeof who == "string" || Number.isFinite(who) ? String(who).trim() : "";
  // Half a character would spoil the whole batch.
  if (!text || text.length > LONGEST || /[\ud800-\udfff]/u.test(text))
    return warn("identify takes a text of 1 to 256 characters.");
  setLogin(text);
};

const optout = (value) => {
  if (value === true) keep("ignore-me");
  else if (value !== false) return warn("optout is true or false.");
  else if (ignored()) keep();
  else return;
  // Neither what waited nor what came meanwhile.
  drop();
};

const CALLS = new Map(Object.entries({ consent, identify, optout }));

/** Do what the page asks for. */
export const hear = (name, value) => {
  const call = CALLS.get(name);
  if (call) call(value);
  else warn("an event's properties are an object, and it knows consent, identify and optout.");
  tell();
};
