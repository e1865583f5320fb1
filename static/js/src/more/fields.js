// One field of a form: how long it took, and how often it was put right. Its value is never read.
import { now, seen, selector } from "./kit.js";

const FIELDS =
  "input:not([type=hidden],[type=submit],[type=button],[type=image],[type=reset])" +
  ",select,textarea,[contenteditable]";

// The field with the focus, the one that had it last, and since when the time runs.
let holder;
let latest;
let since;

/** Return the field that an element of a form stands for, a group of radio buttons being one, or nothing. */
export const fieldOf = (element, form) =>
  element.matches(FIELDS) &&
  ((element.type == "radio" &&
    form.querySelector(`[type=radio][name="${CSS.escape(element.name)}"]`)) ||
    element);

/** Begin with a field of a form: what will be told of it, its visits, and the visit of its latest change. */
export const makeField = (element, form) => ({
  _element: element,
  _selector: selector(element),
  _visits: 0,
  _facts: {
    position: [...form.querySelectorAll(FIELDS)].indexOf(element) + 1,
    kind: element.localName == "input" ? element.type : element.localName,
    spent_ms: 0,
    corrections: 0,
    refills: 0,
    invalid: 0,
  },
});

/** The focus is with this field, or with none: its time runs while the page is seen. */
export const enter = (field) => {
  const time = now();
  if (holder && since) holder._facts.spent_ms += time - since;
  since = seen() && time;
  holder = field;
  if (field && field != latest) {
    latest = field;
    field._visits++;
  }
};

/** Bring the time of the field with the focus up to date. */
export const countTime = () => enter(holder);

/** Something is about to be typed or deleted: a run of deletions, or what replaces a selection, is one correction. */
export const correct = (field, { inputType, target }) => {
  const removes = /^delete/.test(inputType) || target.selectionStart < target.selectionEnd;
  if (removes && !field._removes) field._facts.corrections++;
  field._removes = removes;
};

/** A field was changed: again after a visit to another one, or chosen anew at the same visit. */
export const change = (field) => {
  if (field != latest) enter(field);
  const { _changed, _visits, _facts, _element } = field;
  if (_changed < _visits) _facts.refills++;
  if (_changed == _visits && /^(select|checkbox|radio)/.test(_element.type)) _facts.corrections++;
  field._changed = _visits;
};
