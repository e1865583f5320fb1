// The queue, and the way of a batch to the collector.
import { dataset, endpoint } from "./config.js";
import { leftOut } from "./gate.js";
import { BATCH, BODY, QUIET, RETRIES } from "./limits.js";
import { later } from "./safe.js";
import { settle } from "./views.js";

// The page may put others in their places later.
const request = fetch;
export const stringify = JSON.stringify;

const queue = [];
let timer;
// Set while the collector wants to be left alone; to 2, for good, when it knows no such site.
let waiting;
// How often in a row a batch has come back.
let tries = 0;

/** Queue an event; ten go at once, fewer after five quiet seconds. */
export const put = (event) => {
  queue.push(event);
  clearTimeout(timer);
  timer = later(flush, queue[BATCH - 1] ? 0 : QUIET);
};

/**
 * Send what waits, with the engaged time gathered so far. A page out of sight waits for nobody:
 * leaving it broke off what was on its way, which looks as if the collector were gone.
 */
export const flush = () => {
  settle();
  clearTimeout(timer);
  if (queue[0] && !(document.hidden ? waiting == 2 : waiting) && !leftOut()) post(queue.splice(0));
};

const post = async (events) => {
  const shared = {
    site: dataset.site,
    sent_at: Date.now(),
    // Intl takes tens of milliseconds when a page first asks it for anything.
    zone: window.Temporal?.Now.timeZoneId() || Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: navigator.language,
    automated: navigator.webdriver,
  };
  // Old libraries hang a toJSON on every array, so none is handed to stringify.
  const body =
    `{"viewport":[${innerWidth},${innerHeight}],"events":[${events.map(stringify)}],` +
    stringify(shared).slice(1);
  if (body.length > BODY && events[1]) {
    // Browsers take so much and no more from a page that goes: the oldest first.
    post(events.splice(0, events.length / 2));
    return post(events);
  }
  let wait = 2 << tries;
  try {
    const { status, headers } = await request(endpoint, {
      method: "POST",
      body,
      keepalive: true,
      credentials: "omit",
    });
    if (status == 404) waiting = 2;
    if (status < 429) return (tries = 0);
    wait = headers.get("Retry-After") || wait;
  } catch {
    // A page that goes away gets no second try, but a beacon outlives it.
    if (document.hidden || tries == RETRIES) return navigator.sendBeacon(endpoint, body);
  }
  if (tries++ < RETRIES) {
    queue.unshift(...events);
    waiting = later(() => {
      waiting = 0;
      flush();
    }, 1e3 * wait);
  }
};
