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

// Whether these are the ticks of a clock.
const even = ({ _count, _first, _last, _shortest }) =>
  _count > 2 && _shortest * (_count - 1) > 0.6 * (_last - _first);

/**
 * Whether the page would have done at `at` what it did `delay` after a press, having been
 * watched `since` then.
 *
 * A clock is known by its even gaps, and only what comes off its beat counts for the click.
 * Anything less even counts when it came so soon that the chance of the page having
 * moved by then is below one in twenty.
 */
export const expected = (rhythm, at, delay, since) =>
  rhythm._last == at ||
  (even(rhythm)
    ? at - rhythm._last > 0.8 * rhythm._shortest
    : (rhythm._count > 1 || at - since > SHORT) && likely(rhythm._count, delay, at - since));

/**
 * The same by what had followed by `end`, for a page that nobody watched before: an answer
 * comes once, or soon; what comes late and comes again is the page's own.
 */
export const goesOn = (rhythm, at, delay, end) =>
  rhythm._count > 1 && likely(rhythm._count, delay, end - at);
