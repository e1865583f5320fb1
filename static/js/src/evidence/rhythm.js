// What a page does by itself has a rhythm, and a rhythm can be known before a click.
import { CHANCE, FRAME, SHORT } from "../limits.js";

let rhythms;

/** Forget everything: nobody watched for a while. */
export const forget = () => {
  rhythms = new WeakMap();
};

/** Return how `node` keeps changing in this way: {_count, _first, _last, _shortest}. */
export const rhythm = (node, way) => {
  const ways = rhythms.get(node) || {};
  rhythms.set(node, ways);
  return (ways[way] ||= { _count: 0, _last: -Infinity, _shortest: Infinity });
};

/** Take a change into a rhythm. */
export const beat = (rhythm, at) => {
  if (rhythm._last == at) return;
  rhythm._shortest = Math.min(rhythm._shortest, at - rhythm._last);
  rhythm._first ||= at;
  rhythm._last = at;
  rhythm._count++;
};

// Whether so many changes in `span` make one likely in `delay`.
const likely = (count, delay, span) => (delay + FRAME) * count > CHANCE * span;

/**
 * Whether the page would have done at `at` what it did since a click at `start`: 1 or 0,
 * or a half when it was not watched `since` long enough to say.
 *
 * A clock is known by its even gaps, and only what comes off its beat counts for the click.
 * Anything less even counts when it came so soon that the chance of the page having
 * moved by then is below one in twenty.
 */
export const expected = ({ _count, _first, _last, _shortest }, at, start, since) => {
  if (_last == at) return 1;
  if (_count > 2 && _shortest * (_count - 1) > 0.6 * (_last - _first))
    return +(at - _last > 0.8 * _shortest);
  if (_count < 2 && at - since < SHORT) return 0.5;
  return +likely(_count, at - start, at - (_count > 1 ? _first : since));
};

/** The same by how often it had happened by `end`, for a page that nobody watched before. */
export const goesOn = ({ _count }, at, start, end) =>
  _count > 3 && likely(_count, at - start, end - at);
