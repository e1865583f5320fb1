// A short sum of many values: enough to tell them apart, and no way back to them. The collector hashes it once more,
// with a key of the site's own.

// FNV-1a (Fowler, Noll and Vo, draft-eastlake-fnv), and a polynomial by 31 beside it, each of 32 bits.
const START = 0x811c9dc5;
const PRIME = 0x01000193;

/** Return 16 hex digits for a text or an array of whole numbers; nothing for nothing. */
export const digest = (values) => {
  if (!values?.length) return;
  let one = START;
  let other = 0;
  for (let place = 0; place < values.length; place++) {
    const value = values[place].codePointAt?.() ?? values[place];
    one = Math.imul(one ^ value, PRIME);
    other = (Math.imul(other, 31) + value) | 0;
  }
  return [one, other].map((sum) => (sum >>> 0).toString(16).padStart(8, "0")).join("");
};
