// The queue, and the way of a batch to the collector.
import { bring, dataset, endpoint } from "./config.js";
import { stored } from "./gate.js";
import { BATCH, BODY, QUIET, RETRIES } from "./limits.js";
import { later, safe } from "./safe.js";
import { settle } from "./views.js";

// The page may put others in their places later.
const request = fetch;
export const stringify = JSON.stringify;

export const queue = [];
/** What further files add to every beacon. */
export const shared = {};
let timer;
// How many reasons there are to wait: the collector wants to be left alone, or a wish of the page
// is still to be heard.
let waiting = 0;
// How often in a row a batch has come back.
let tries = 0;

/** Hand a wish of the page to the further file for wishes; until that has come nothing goes, unless the page goes. */
export const wish = (name, value) => (
  waiting++, bring("identity", name, value).then(() => waiting--)
);

/** Queue an event; ten go at once, fewer after five quiet seconds. */
export const put = (event) => {
  queue.push(event);
  clearTimeout(timer);
  timer = later(flush, queue[BATCH - 1] ? 0 : QUIET);
};

/**
 * Send what waits, with the engaged time gathered so far. A page out of sight waits for nobody:
 * leaving it broke off what was on its way, which looks as if the collector were gone.
 * A page in sight waits for its wishes to be heard, too.
 */
export const flush = () => {
  settle();
  clearTimeout(timer);
  if (queue[0] && (document.hidden || !waiting) && stored() != "ignore-me")
    post(queue.splice(0));
};

/** Send events now, whatever holds up others. */
export const post = async (events) => {
  // Written anew for every way that it may take: consent may be gone by then.
  // Old libraries hang a toJSON on every array, so none is handed to stringify.
  const write = () =>
    `{"viewport":[${innerWidth},${innerHeight}],"events":[${events.map(stringify)}],` +
    stringify({
      site: dataset.site,
      sent_at: Date.now(),
      // Intl takes tens of milliseconds when a page first asks it for anything.
      zone: window.Temporal?.Now.timeZoneId() || Intl.DateTimeFormat().resolvedOptions().timeZone,
      language: navigator.language,
      automated: navigator.webdriver,
      consent: stored(),
      ...shared,
    }).slice(1);
  const body = write();
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
    // It knows no such site: nothing waits any more, for good.
    if (status == 404) queue.push = safe;
    if (status < 429) return (tries = 0);
    wait = headers.get("Retry-After") || wait;
  } catch {
    // A page that goes away gets no second try, but a beacon outlives it.
    if (document.hidden || tries == RETRIES) return navigator.sendBeacon(endpoint, write());
  }
  if (tries++ < RETRIES) {
    queue.unshift(...events);
    waiting++;
    later(() => {
      waiting--;
      flush();
    }, 1e3 * wait);
  }
};
