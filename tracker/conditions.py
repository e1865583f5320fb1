"""Conditions: what a goal waits for and a step of a funnel is, as owners say it and as it is stored."""

import re
from typing import Any, Literal, get_args

import msgspec

from tracker.checking import check_length, check_title
from tracker.errors import InvalidInputError
from tracker.event import MAX_TEXT, MAX_WORD
from tracker.languages import gettext

Kind = Literal["path", "event", "element"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ANY = "*"
"""Stands in a path for any text, slashes included."""
LONGEST_VALUE, LONGEST_WORD = MAX_TEXT, MAX_WORD
_BELONGS = {
    "path": ("path",),
    "event": ("event", "property", "equals"),
    "element": ("element", "text", "path"),
}
_LONGEST = {"event": LONGEST_WORD, "property": LONGEST_WORD, "text": LONGEST_WORD}


class Condition(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Something that a visitor does.

    `path`: a page is seen, by its path, in which `*` stands for any text. `event`: a custom event
    happens, where `property` is given with a property that `equals` a value. `element`: something is clicked,
    and the click is not dead: an `element` by its selector or any by its `text`, where `path` is given on
    such a page.
    """

    kind: Kind
    path: str | None = None
    event: str | None = None
    property: str | None = None
    equals: str | None = None
    element: str | None = None
    text: str | None = None


def check_condition(given: Condition) -> Condition:
    """Return a condition without spaces around its texts; InvalidInputError names what is missing or cannot be."""
    said = {name: text for name in msgspec.structs.asdict(given) if (text := _clean(name, getattr(given, name)))}
    for name in said:
        if name not in ("kind", *_BELONGS[given.kind]):
            problem = gettext("is not asked of the kind %(kind)s; leave it out", kind=repr(given.kind))
            raise InvalidInputError(name, problem)
    checked = msgspec.convert(said, Condition)
    if checked.kind == "path" and not checked.path:
        raise InvalidInputError("path", gettext("is needed: that of the page, such as /thanks or /blog/*"))
    if checked.kind == "event" and not checked.event:
        raise InvalidInputError("event", gettext("is needed: the name under which your pages send it"))
    if checked.kind == "element" and bool(checked.element) == bool(checked.text):
        raise InvalidInputError("element", gettext("say either its selector or its text, and not both"))
    if checked.path and not checked.path.startswith(("/", ANY)):
        raise InvalidInputError("path", gettext("begins with a slash, as /thanks does; leave out the host"))
    if checked.path and set(checked.path) & {"?", "#"}:
        problem = gettext("ends before the question mark or #; what follows is not part of a path")
        raise InvalidInputError("path", problem)
    if bool(checked.property) != bool(checked.equals):
        problem = gettext("a property and its value go together")
        raise InvalidInputError("equals" if checked.property else "property", problem)
    if checked.property:
        check_property("property", checked.property)
    return checked


def check_property(field: str, name: str) -> str:
    """Return the name of a property of events; InvalidInputError when it is not a plain one."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", name):
        problem = gettext("has letters, digits and underscores only, and does not begin with a digit")
        raise InvalidInputError(field, problem)
    return name


def check_name(text: str) -> str:
    """Return the name of a goal or a funnel without the spaces around it; InvalidInputError when it cannot be."""
    return check_title("name", text, LONGEST_WORD, slash=False)


def in_words(condition: Condition) -> str:
    """Say a condition: /thanks is seen."""
    if condition.kind == "path":
        return gettext("%(path)s is seen", path=condition.path)
    if condition.kind == "event":
        if not condition.property:
            return gettext("“%(event)s” happens", event=condition.event)
        told = {"event": condition.event, "property": condition.property, "value": condition.equals}
        return gettext("“%(event)s” happens with %(property)s = %(value)s", **told)
    if condition.text:
        how = gettext("click on “%(label)s” on %(path)s") if condition.path else gettext("click on “%(label)s”")
    else:
        how = gettext("click on %(element)s on %(path)s") if condition.path else gettext("click on %(element)s")
    return how % {"label": condition.text, "element": condition.element, "path": condition.path}


def as_stored(condition: Condition) -> dict[str, Any]:
    """Return a condition as JSON has it."""
    built: dict[str, Any] = msgspec.to_builtins(condition)
    return built


def from_stored(kept: object) -> Condition:
    """Return the condition that JSON tells."""
    return msgspec.convert(kept, Condition)


def _clean(name: str, text: str | None) -> str:
    return check_length(name, (text or "").strip(), _LONGEST.get(name, LONGEST_VALUE))
