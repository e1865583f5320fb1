// The page is a guest house: whatever goes wrong in here stays in here.

/** Milliseconds on the clock that event time stamps use. */
export const now = () => performance.now();

/** The root element. */
export const root = document.documentElement;

/** Return a whole number from 0 to `most`; ten minutes are enough for any delay. */
export const whole = (number, most = 6e5) => Math.max(0, Math.min(most, number)) | 0;

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

/** Run `work` after `ms`. */
export const later = (work, ms) => setTimeout(safe(work), ms);
