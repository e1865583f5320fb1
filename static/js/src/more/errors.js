// Errors of the page's scripts, each once a view.
import { clean, failures, settle, tell } from "./kit.js";

const MOST = 10;
/** Characters looked at, whatever a page throws. */
const LONG = 2000;
const PLACE = /([a-z]+:\/\/[^\s()]+?)(?::(\d+))?(?::(\d+))?\)?$/m;

let told = new Set();

// Browsers quote what they could not read as JSON, and that may be anything.
const QUOTED = /[^,]*".*"[^"]* is not valid JSON/s;
const wording = (text) => clean(text.slice(0, LONG).replace(QUOTED, " invalid JSON"), 200);

const take = (failed) => {
  const { reason, error = reason } = failed;
  const rejection = failed.type != "error" || undefined;
  const said = error?.stack ? error.name + ": " + error.message : "" + error;
  const message = wording(failed.message || said);
  // A rejection does not say where it comes from, but its stack's first line does.
  const known = [, failed.filename, failed.lineno, failed.colno];
  const [, from, row, place] = (rejection && PLACE.exec(("" + error?.stack).slice(0, LONG))) || known;
  const [, address] = /:\/\/([^?#]+)/.exec(from) || [];
  const inline = address == location.host + location.pathname;
  const source = address && !inline ? clean(address, 200) : undefined;
  const line = +row || undefined;
  const key = [message, source, line].join();
  if (told.has(key) || told.size == MOST) return;
  told.add(key);
  tell("error", { message, source, line, column: +place || undefined, rejection });
};

/** Tell of the errors before this file came, and of all that follow. */
export const errors = () => {
  for (const failed of failures.splice(0)) take(failed);
  // Not by "=", which fails where the page has frozen what arrays inherit.
  Object.defineProperty(failures, "push", { value: take });
  settle((ending) => {
    if (ending) told = new Set();
  });
};
