// What is stored, the only thing that ever is: "ignore-me", "denied", or the mark that consent
// gave, which is an id of 16 hex digits, the day of its issue, and the day of the last fingerprint.

/** Days for which consent holds, from the mark's issue. */
const LASTS = 395;

const MARK = /^([\da-f]{16})\.([\da-z]{1,5})(?:\.([\da-z]{1,5}))?$/;

const today = () => Math.floor(Date.now() / 864e5);
const days = (day) => day.toString(36);

/** Return what is stored; nothing where storage is off. */
export const read = () => {
  try {
    return localStorage.footfall;
  } catch {}
};

/** Store a text, or nothing; return whether it is so now. */
export const write = (text) => {
  try {
    if (text) localStorage.footfall = text;
    else delete localStorage.footfall;
  } catch {}
  return read() == text;
};

/** Return a mark as {id, issued, fresh}, or nothing where `text` is none, or one that holds no more. */
export const parse = (text) => {
  const [, id, issued, printed] = MARK.exec(text) || [];
  const age = today() - parseInt(issued, 36);
  // A day ahead is a clock put right, more is none of ours.
  if (age >= -1 && age <= LASTS) return { id, issued, fresh: printed == days(today()) };
};

/** Whether `text` has a mark's form, however old. */
export const isMark = (text) => MARK.test(text);

/** Return a new mark. */
export const make = () => {
  const parts = Array.from(crypto.getRandomValues(new Uint32Array(2)));
  return parts.map((part) => part.toString(16).padStart(8, "0")).join("") + "." + days(today());
};

/** Return a mark with today as the day of its last fingerprint. */
export const renewed = ({ id, issued }) => `${id}.${issued}.${days(today())}`;
