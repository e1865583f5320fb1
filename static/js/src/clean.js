// Words without what may tell who someone is.

// Mail addresses, nine digits or more, ids in hex, words of twenty letters and digits.
const SECRET =
  /[^\s/?&=]*(@|%40)[^\s/&]*|\d((%20|[ .-])?\d){8,}|[\da-f-]{32,}|(?=[a-z_]*\d)\w{20,}/gi;

/** Put ":id" for what may tell who someone is, and cut to `length` characters. */
export const clean = (text, length) =>
  text.trim().replace(/\s+/g, " ").replace(SECRET, ":id").slice(0, length);
