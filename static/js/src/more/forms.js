// The story of a form, from the first change to its success or the visitor's leaving.
import { change, correct, countTime, enter, fieldOf, makeField } from "./fields.js";
import { later, now, on, pressed, selector, settle, tell, whole } from "./kit.js";

const SECRETIVE = "[data-private],[type=password],[autocomplete^=cc-]";
// A name that a person gave it: words, without a long number.
const NAME = /^(?!.*\d{3})\p{L}[\p{L}\d _-]{0,63}$/u;
const DAY = 864e5;
/** So long after a submit, what follows is its success. */
const ANSWER = 1e4;
const IDLE = 18e5;
/** A check at every stroke tells what is not finished, not what was refused. */
const STROKE = 50;
const MOST = 50;

// By their forms: what will be told of each, and its fields by their elements.
const stories = new Map();
let began = 0;
let typed = 0;
let leaving;

const name = (form) =>
  form.closest(SECRETIVE) || form.querySelector(SECRETIVE)
    ? undefined
    : ["name", "aria-label", "id"]
        .map((from) => form.getAttribute(from) || "")
        .find((found) => NAME.test(found));

const begin = (form) => {
  const story = {
    _form: form,
    _selector: selector(form),
    _fields: new Map(),
    _facts: { submits: 0, invalid: 0, label: name(form) },
  };
  stories.set(form, story);
  return story;
};

// Return [story, field] of what an event happened to.
const find = (happened) => {
  const [element] = happened.composedPath();
  const form = element.form || element.closest?.("form,[role=form]");
  const field = form && !form.closest("[data-footfall-ignore]") && fieldOf(element, form);
  if (!field) return [];
  const story = stories.get(form) || begin(form);
  const fields = story._fields;
  if (!fields.has(field)) fields.set(field, makeField(field, form));
  return [story, fields.get(field)];
};

const report = (story, outcome) => {
  countTime();
  story._fresh = 0;
  const { _last, _selector, _at, _facts } = story;
  const fields = [...story._fields.values()].filter((field) => field._visits || field._facts.invalid);
  for (const field of fields.slice(0, MOST)) {
    const spent_ms = whole(field._facts.spent_ms, DAY);
    const last = field == _last || undefined;
    tell("field", { form: _selector, ...field._facts, spent_ms, last }, { element: field._selector });
  }
  const facts = {
    ..._facts,
    outcome,
    fields: fields.length,
    started_ms: whole(_at - began, DAY),
    took_ms: whole(now() - _at, DAY),
    last_field: _last._selector,
  };
  tell("form", facts, { element: _selector });
};

const end = (story, outcome) => {
  clearTimeout(story._timer);
  stories.delete(story._form);
  report(story, outcome);
};

// Whether the submit went well: the visitor is `gone`, a request was answered, or the page put the form away.
const succeeded = ({ _submit, _press, _last }, gone) =>
  _submit &&
  !_press.failed_request_ms &&
  ((gone && (!_submit.defaultPrevented || now() - _submit.timeStamp < ANSWER)) ||
    _press.request_ms >= 0 ||
    !_last._element.getClientRects().length);

const changed = (happened) => {
  if (!happened.isTrusted) return;
  typed = now();
  let [story, field] = find(happened);
  if (!story) return;
  if (succeeded(story)) {
    end(story, "success");
    [story, field] = find(happened);
  }
  change(field);
  story._at ??= typed;
  story._last = field;
  story._fresh = 1;
  story._submit = 0;
  clearTimeout(story._timer);
  story._timer = later(() => end(story, "idle"), IDLE);
};

const submitted = (happened) => {
  const story = stories.get(happened.target);
  if (!story?._at) return;
  story._facts.submits++;
  story._submit = happened;
  story._fresh = 1;
  // The press that submitted it; Enter presses the form's button too, where it has one.
  const press = pressed();
  story._press = Date.now() - press?.at < 1e3 ? press : {};
  later(() => {
    if (stories.has(story._form) && succeeded(story)) end(story, "success");
  }, ANSWER);
};

const refused = (happened) => {
  if (now() - typed < STROKE) return;
  const [story, field] = find(happened);
  field._facts.invalid++;
  story._facts.invalid++;
  story._submit = 0;
};

const settled = (ending, hidden) => {
  const gone = ending || leaving;
  if (!gone && !hidden) return;
  for (const story of stories.values()) {
    if (!story._at) continue;
    if (succeeded(story, gone)) end(story, "success");
    else if (gone) end(story, "left");
    else if (story._fresh) report(story, "open");
  }
  if (ending) {
    stories.clear();
    began = now();
  }
};

/** Follow every form of the page, and of the views that come after it. */
export const forms = () => {
  on("focusin", (happened) => enter(find(happened)[1]));
  on("focusout", () => enter());
  on("focus blur visibilitychange", countTime);
  on("beforeinput", (happened) => correct(find(happened)[1], happened));
  on("input", changed);
  on("invalid", refused);
  on("submit", submitted);
  on("reset", ({ target }) => {
    const story = stories.get(target);
    if (story?._submit) end(story, "success");
  });
  on("pagehide pageshow", ({ type }) => {
    leaving = type == "pagehide";
  });
  settle(settled);
};
