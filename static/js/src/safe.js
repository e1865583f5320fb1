// The page is a guest house: whatever goes wrong in here stays in here.

/** Milliseconds on the clock that event time stamps use. */
export const now = () => performance.now();

/** What tells of changes of the address, where the browser has it. */
export const { navigation } = window;

/** Whether the page is before the visitor's eyes. */
export const seen = () => !document.hidden && document.hasFocus();

/** Return a whole number from 0 to `most`; ten minutes are enough for any delay. */
export const whole = (number, most = 6e5) => Math.max(0, Math.min(most, number)) | 0;

/** Return a part in thousandths of the whole. */
export const permille = (part, all) => whole((1e3 * part) / all, 1e3);

/** Wrap `work` so that it never throws into the page. */
export const safe =
  (work) =>
  (...given) => {
    try {
      return work(...given);
    } catch {}
  };

/** Listen to events anywhere in the page, before the page does; none is ever held up. */
export const on = (names, work, target = window) =>
  names.split(" ").map((name) => target.addEventListener(name, safe(work), true));

/** Run `work` when the browser has nothing better to do. */
export const idle = (work) => (window.requestIdleCallback || setTimeout)(safe(work));

/** Run `work` after `ms`. */
export const later = (work, ms) => setTimeout(safe(work), ms);
