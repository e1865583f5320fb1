// Up and down and up again: the evidence of somebody who does not find what they look for.
import { later, now, on, selector, settle, tell, whole } from "./kit.js";

// Lower than any limit a site may set: the server decides.
const LEG = 150;
const REVERSALS = 3;
const SPAN = 30000;

// One way each: where it began, how far it went, when it began, and how high the page was then.
let legs = [];
let scroller;
let timer;
// A turn counts only where a hand was on it, not when a page scrolls itself.
let handled;

const length = ({ _from, _to }) => Math.abs(_to - _from);

// A small turn between great ones is none, as long as four turns are left.
const shortest = (lengths) => {
  const least = Math.min(...lengths);
  const place = lengths.indexOf(least);
  if (lengths.length < 7 || !place || place == lengths.length - 1) return least;
  const joined = lengths[place - 1] + lengths[place + 1] - least;
  return shortest([...lengths.slice(0, place - 1), joined, ...lengths.slice(place + 2)]);
};

const finish = () => {
  clearTimeout(timer);
  if (timer) {
    const [{ _at, _height }] = legs;
    const { clientHeight, scrollHeight } = scroller;
    const leg_px = shortest(legs.map(length)) | 0;
    tell(
      "scroll",
      {
        reversals: legs.length - 1,
        leg_px,
        leg_permille: whole((1e3 * leg_px) / clientHeight),
        span_ms: whole(now() - _at),
        pages_permille: whole((1e3 * scrollHeight) / clientHeight),
        grows: scrollHeight - _height > clientHeight / 2 || undefined,
      },
      { element: scroller != document.scrollingElement && selector(scroller) },
    );
  }
  timer = 0;
  legs = [];
};

const moved = ({ target }) => {
  const moving = target == document ? document.scrollingElement : target;
  if (moving != scroller) {
    // What scrolls in a small part of the screen, such as a list of choices, is no page.
    if (moving.clientHeight < innerHeight / 2) return;
    finish();
    scroller = moving;
  }
  const time = now();
  const to = scroller.scrollTop;
  const begin = (_from) => {
    legs.push({ _from, _to: to, _at: time, _height: scroller.scrollHeight });
  };
  const leg = legs.at(-1);
  if (!leg) return begin(to);
  const further = (to - leg._to) * (leg._to - leg._from) >= 0;
  if (further) leg._to = to;
  if (further || Math.abs(to - leg._to) < LEG) return;
  if (!handled || length(leg) < LEG) finish();
  handled = 0;
  begin(leg._to);
  if (timer) return;
  legs = legs.filter(({ _at }) => time - _at < SPAN);
  if (legs.length > REVERSALS) timer = later(finish, SPAN - (time - legs[0]._at));
};

/** Watch what scrolls, until a click, an input or a selection shows that something was found. */
export const scrolls = () => {
  on("scroll", moved);
  on("wheel touchmove keydown pointerdown", () => {
    handled = 1;
  });
  on("click input", finish);
  on("selectionchange", () => {
    if (getSelection().type == "Range") finish();
  });
  settle((ending, hidden) => {
    if (ending || hidden) finish();
  });
};
