// Swipes that nothing followed.
import { control, elements, has, later, on, pressed, selector, tell } from "./kit.js";

// Lower than any limit a site may set: the server decides.
const FAR = 20;
const ANSWERED = 1000;
const KNOWN = 3000;
/** From so near to the screen's edge, in px, it is the browser that is swiped. */
const EDGE = 24;

// What draws or plays by itself, takes what is dragged for its own, or is left out by the page.
const EXEMPT =
  "[data-footfall-ignore],canvas,video,audio,iframe,embed,object" +
  ",:read-write,select,[type=range],[draggable=true]";

let start;

// Whether the page, or this element by its style, handles swipes this way without scrolling.
const taken = (element, axis) => {
  const { touchAction } = getComputedStyle(element);
  return touchAction == "none" || (/pan/.test(touchAction) && !touchAction.includes("pan-" + axis));
};

// Whether it scrolls this way, even if it is at its end.
const scrolls = (element, size, overflow) =>
  element["scroll" + size] > element["client" + size] &&
  (element == document.scrollingElement || /auto|scroll/.test(getComputedStyle(element)[overflow]));

const touch = (happened) => {
  const [finger, other] = happened.touches;
  const plain = !other && happened.isTrusted && visualViewport.scale == 1;
  start = plain && { _path: elements(happened), _finger: finger };
};

const release = ({ changedTouches: [finger] }) => {
  if (!start) return;
  const { _path, _finger } = start;
  start = 0;
  const x = finger.clientX - _finger.clientX;
  const y = finger.clientY - _finger.clientY;
  const sideways = Math.abs(x) > Math.abs(y);
  const distance = Math.hypot(x, y);
  if (distance < FAR || has(_path, EXEMPT)) return;
  const edge = Math.min(_finger.clientX, innerWidth - _finger.clientX);
  if (sideways && edge < EDGE) return;
  const [axis, size] = sideways ? ["x", "Width"] : ["y", "Height"];
  const overflow = "overflow" + axis.toUpperCase();
  if (_path.some((element) => taken(element, axis) || scrolls(element, size, overflow))) return;
  // The press that the swipe began with has gathered the evidence. Where the page was watched
  // for too short to know its own rhythm, any change counts as an answer.
  const press = pressed();
  const known = press.watched_before_ms >= KNOWN;
  const evidence = known ? /^(?!any|watched).*_ms$/ : /^(?!watched).*_ms$/;
  later(() => {
    if (Object.keys(press).some((name) => evidence.test(name))) return;
    const ways = sideways ? ["left", "right"] : ["up", "down"];
    const direction = ways[+((sideways ? x : y) > 0)];
    const element = selector(control(_path) || _path[0]);
    tell("swipe", { distance_px: distance | 0, direction }, { element });
  }, ANSWERED);
};

/** Follow single fingers; where a page prevents what the browser would do, it answers itself. */
export const swipes = () => {
  on("touchstart", touch);
  on("touchend", release);
  // After the page's own handlers, unlike all else.
  addEventListener(
    "touchmove",
    (happened) => {
      if (happened.defaultPrevented) start = 0;
    },
    { passive: true },
  );
};
