"""What elements of a page, and errors of its scripts, are called."""

import re

from reports.report import Cell
from tracker.languages import gettext, marked
from tracker.languages.letters import first_lower, first_upper

KINDS = {
    "a": marked("link"),
    "button": marked("button"),
    "form": marked("form"),
    "label": marked("label"),
    "table": marked("table"),
    "video": marked("video"),
    "img": marked("picture"),
    "svg": marked("picture"),
    "input": marked("field"),
    "select": marked("menu"),
    "summary": marked("fold"),
    "li": marked("list item"),
    "td": marked("table cell"),
    "p": marked("paragraph"),
    "div": marked("area"),
    "section": marked("area"),
    "span": marked("text"),
    **{f"h{level}": marked("heading") for level in range(1, 7)},
}


def element_words(selector: str, text: Cell = None) -> str:
    """Name an element as a person would, “Buy now” button, from what is written on it and its path in the page."""
    label, kind, step = _parts_of_name(selector, text)
    if label and kind:
        return gettext("“%(label)s” %(kind)s", label=label, kind=kind)
    if label:
        return gettext("“%(label)s”", label=label)
    return first_upper(kind) if kind else step or gettext("Element")


def element_in_sentence(selector: str, text: Cell = None) -> str:
    """Name an element inside a sentence: the “Buy now” button, a link."""
    label, _, _ = _parts_of_name(selector, text)
    said = element_words(selector, text)
    return gettext("the %(element)s", element=said) if label else gettext("a %(element)s", element=first_lower(said))


def _parts_of_name(selector: str, text: Cell) -> tuple[Cell, str, str]:
    """Return what is written on an element, its kind in words, and the last step of its path; empty where not known."""
    step = re.split(r">+", selector)[-1]
    named = re.match(r"[a-z][a-z0-9-]*", step)
    kind = gettext(KINDS[named[0]]) if named and named[0] in KINDS else named[0] if named else ""
    is_field = named is not None and KINDS.get(named[0]) == KINDS["input"]
    return text or (_field_name(step) if is_field else None), kind, step


def _field_name(step: str) -> str | None:
    """Return the name that a field's step in a path tells: of input[name=card], card."""
    named = re.search(r"\[name=[\"']?([^\]\"']+)", step)
    return named[1] if named else None


def error_parts(told: Cell) -> tuple[str, str]:
    """Split a script error into its message and where it is."""
    message, at, place = str(told or "").rpartition(" at ")
    return (message, place) if at else (place, "")
