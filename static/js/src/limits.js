// Every number of the snippet, in ms unless it says otherwise.

/** A batch goes when it has so many events, or after so long without a new one. */
export const BATCH = 10;
export const QUIET = 5000;
/** Characters a body may have, of three bytes at most: below 48 KiB. */
export const BODY = 16e3;
export const RETRIES = 3;

/** A click's evidence is final after so long. */
export const FINAL = 7000;
/** Watching ends when nobody has touched the page for so long. */
export const IDLE = 10000;
/** A page watched for less has shown no rhythm yet. */
export const SHORT = 5000;
/** What happens so soon after a press may be its answer, so it tells nothing of the rhythm. */
export const ANSWER = 500;
/** The chance that a page moved by itself, below which what moved counts as an answer. */
export const CHANCE = 0.05;
/** Browsers hand out presses together with animation frames, so those are never too soon. */
export const FRAME = 16;
/** What follows so soon is still the same movement; or in a quarter of the time that it has lasted. */
export const MOVING = 50;
/** How many elements, from the changed one up, share a rhythm. */
export const LEVELS = 4;
/** Records looked at in one go, however many there are. */
export const MOST = 300;
/** So long after a click, a transition elsewhere can be its doing. */
export const FELT = 150;

/** Pixels between press and release that make a click a drag. */
export const DRAG = 10;
/** A label's click and its control's come closer together than any two of a person. */
export const TWICE = 50;
