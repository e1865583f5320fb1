// What a page does by itself has a rhythm, and a rhythm can be known before a click.
import { ANSWER, CHANCE, FRAME, MOVING, SHORT } from "../limits.js";

let rhythms;

/** Forget everything: nobody watched for a while. */
export const forget = () => {
  rhythms = new WeakMap();
};

/**
 * Return how `node` keeps changing in this way: beats in {_count, _first, _last, _next, _shortest}.
 *
 * A change that follows another at once is part of the same movement, such as a slide's: only
 * their beginnings are beats. The newest `_began` then, was `_seen` last, by its `_own` doing.
 */
export const rhythm = (node, way) => {
  const ways = rhythms.get(node) || {};
  rhythms.set(node, ways);
  return (ways[way] ||= { _count: 0, _last: -Infinity, _shortest: Infinity });
};

// What has moved for long may also halt for longer, as all does on a busy machine.
const moves = ({ _began, _seen }, at) => at - _seen < MOVING + (_seen - _began) / 4;

/** Take in a change, which the page made by its `own` doing or for a click; it is a beat if nobody pressed, `free`. */
export const beat = (rhythm, at, own, free) => {
  if (!moves(rhythm, at)) {
    rhythm._own = own;
    rhythm._began = at;
    if (free) {
      rhythm._shortest = Math.min(rhythm._shortest, at - rhythm._last);
      rhythm._first ||= at;
      rhythm._last = at;
      rhythm._next ||= at;
      rhythm._count++;
    }
  }
  rhythm._seen = at;
};

// Whether a page that changed so often in `span` is likely to change in `delay`.
const likely = ({ _count }, delay, span, least = 2) =>
  _count >= least && (delay + FRAME) * _count > CHANCE * span;

// Whether these are the ticks of a clock.
const even = ({ _count, _first, _last, _shortest }) =>
  _count > 2 && _shortest * (_count - 1) > 0.6 * (_last - _first);

/**
 * Whether the page would have done at `at` what it did `delay` after a press, having been
 * watched `since` then.
 *
 * What moves goes on as it began. A clock is known by its even gaps, and as long as it has
 * not stopped, only what comes off its beat counts for the click.
 * Anything less even counts when it came so soon that the chance of the page having
 * moved by then is below one in twenty.
 */
export const expected = (rhythm, at, delay, since) =>
  moves(rhythm, at)
    ? rhythm._own
    : even(rhythm)
      ? at - rhythm._last > 0.8 * rhythm._shortest && at - rhythm._seen < ANSWER + 3 * rhythm._shortest
      : likely(rhythm, delay, at - since, at - since > SHORT || 2);

/**
 * Return what tells later, by what followed until `end`, whether it was the page's own doing:
 * a beat stands in the middle between the one before and the one after. On a page that is
 * `fresh`, watched by nobody before, it is what comes late and comes again, for an answer
 * comes once, or soon.
 */
export const ownBeat = (rhythm, at, delay, fresh) => {
  const gap = at - rhythm._last;
  rhythm._next = 0;
  return (end) =>
    (fresh && likely(rhythm, delay, end - at)) || Math.abs(rhythm._next - at - gap) < gap / 10;
};
