// Clicks whose evidence is still coming in, and what is seen meanwhile.
import { ANSWER, FINAL, IDLE, LEVELS, MOST, SHORT } from "../limits.js";
import { later, navigation, now, whole } from "../safe.js";
import { put } from "../send.js";
import { moved } from "../views.js";
import { look } from "./observers.js";
import { beat, expected, forget, ownBeat, rhythm } from "./rhythm.js";

/** The newest press, a click in the making: {_event, _element, _path, _at, _clicked}. */
export let last = { _path: [] };

/** Whether `node` is neither part of what was pressed nor holds it. */
export const outside = (node) => !last._path.includes(node) && !last._element?.contains(node);

const open = new Set();
let since;
let touched;
let mutations;
// Until then what happens may still be the page's answer, and tells nothing of its rhythm.
let answering = 0;

const note = ({ _event, _at }, field, at) => {
  field += "_ms";
  // The soonest, if there is one already.
  _event[field] = whole(at - _at, _event[field]);
};

// What happens now is for the newest click, and for earlier ones of the same element.
const eachOpen = (work) =>
  open.forEach((click) => click._element == last._element && work(click));

/** Watch from here on, until ten seconds pass without a touch. */
export const wake = (happened) => {
  // Reading the address is dear, and most browsers tell of its changes.
  navigation || moved(happened);
  touched = happened.timeStamp;
  if (!since) {
    since = touched;
    mutations = 0;
    forget();
    look(document);
  }
};

/**
 * Take in that something happened to `node`, in a certain `way`: evidence, unless it was to
 * be expected.
 *
 * Without a `field` it is evidence of nothing, and belongs to the rhythm alone.
 *
 * Looked at is what changed and what holds it, up to what holds the click as well: those
 * are the click's own containers, whose other contents say nothing of this subtree.
 */
export const saw = (field, node = document, way = field, at = now(), end = at) => {
  if (!since) return;
  const chain = [];
  while (node && !chain[LEVELS - 1] && !(chain[0] && last._path.includes(node))) {
    chain.push(rhythm(node, way));
    node = node.parentNode || node.host;
  }
  let own = 1;
  eachOpen((click) => {
    // From the click on; what came between press and release came at once.
    const delay = at - click._at;
    if (
      !field ||
      at < click._happened.timeStamp ||
      chain.some((known) => expected(known, at, delay, since))
    )
      return;
    own = 0;
    const fresh = at - since < SHORT && chain[0]._count < 2;
    if (!fresh) answering = at + ANSWER;
    const owns = chain.map((known) => ownBeat(known, at, delay, fresh));
    const decide = (stop) => owns.some((own) => own(stop)) || note(click, field, end);
    // Where nothing like it ever came by itself there is nothing to wait for; and a page that
    // changes all the time is not to fill the memory.
    if (fresh || chain.at(-1)._count) click._unsure[MOST] || click._unsure.push(decide);
    else decide();
  });
  const free = at > answering;
  chain.map((known) => beat(known, at, own || free, free));
};

/** Note for every open click what no page does by a rhythm, such as its leaving. */
export const noteAll = (field) => eachOpen((click) => note(click, field, now()));

/** Note that the document changed, whoever did it; return whether to go on watching. */
export const changed = () => {
  mutations++;
  noteAll("any_mutation");
  return now() - touched < IDLE || (since = 0);
};

const finish = (click) => {
  if (!open.delete(click) || !click._clicked) return;
  const stop = now();
  click._unsure.map((decide) => decide(stop));
  click._event.watched_after_ms = whole(stop - click._at);
  put(click._event);
};

/** Take a press, and gather evidence for it until it is final; only clicks are sent. */
export const follow = (press) => {
  last = press;
  const watched = press._at - since;
  press._event.mutation_pace = whole((1e4 * mutations) / watched);
  press._event.watched_before_ms = whole(watched);
  answering = press._at + ANSWER;
  open.add(press);
  later(() => finish(press), FINAL);
};

/** The page goes away: what is known now is all that will be. */
export const finishAll = () => open.forEach(finish);
