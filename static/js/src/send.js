// The queue, and the way of a batch to the collector.
import { endpoint, site } from "./config.js";
import { leftOut } from "./gate.js";
import { BATCH, BODY, QUIET, RETRIES } from "./limits.js";
import { later } from "./safe.js";
import { settle } from "./views.js";

// The page may put others in their places later.
const request = fetch;
export const stringify = JSON.stringify;

const queue = [];
let timer;
// Set while the collector wants to be left alone; for good when it knows no such site.
let waiting;

/** Queue an event; ten go at once, fewer after five quiet seconds. */
export const put = (event) => {
  queue.push(event);
  clearTimeout(timer);
  timer = later(flush, queue.length < BATCH ? QUIET : 0);
};

/** Send what waits, with the engaged time gathered so far. */
export const flush = () => {
  settle();
  clearTimeout(timer);
  if (queue[0] && !waiting && !leftOut()) post(queue.splice(0), 0);
};

const post = (events, tries) => {
  const shared = {
    site,
    sent_at: Date.now(),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: navigator.language,
    automated: navigator.webdriver,
  };
  // Old libraries hang a toJSON on every array, so none is handed to stringify.
  const body =
    `{"viewport":[${innerWidth},${innerHeight}],"events":[${events.map((event) => stringify(event))}],` +
    stringify(shared).slice(1);
  const halve = (tries) => {
    for (const half of [events.splice(0, events.length / 2), events]) post(half, tries);
  };
  if (body.length > BODY && events[1]) return halve(tries);

  const again = (ms) => {
    if (tries < RETRIES)
      waiting = later(() => {
        waiting = 0;
        post(events, tries + 1);
        flush();
      }, ms);
  };
  const send = async () => {
    const answer = await request(endpoint, {
      method: "POST",
      body,
      keepalive: true,
      credentials: "omit",
    });
    const { status } = answer;
    if (status == 404) waiting = 1;
    // What the collector finds too large is halved once, and tried no further.
    if (status == 413 && tries < RETRIES && events[1]) halve(RETRIES);
    if (status == 429 || status == 503) again(1e3 * (answer.headers.get("Retry-After") || 2 << tries));
  };
  // A page that goes away gets no second try, but a beacon outlives it.
  send().catch(() =>
    document.hidden || tries == RETRIES
      ? navigator.sendBeacon(endpoint, body)
      : again(2e3 << tries),
  );
};
