"""Goals: listing, saving and deleting what visitors are to do, by name."""

import msgspec
from babel.numbers import list_currencies
from flask import Response, abort

from reports.api.bodies import answer, named, read_body
from reports.api.texts import PROPERTY, page, perhaps_page, readable
from tracker.conditions import LONGEST_VALUE, LONGEST_WORD, Condition, in_words
from tracker.gate import current_principal, current_site
from tracker.goals import GoalInfo, delete_goal, save_goal
from tracker.house import current_house

_WORD = readable(LONGEST_WORD)
_PAGE = page(LONGEST_VALUE, "/*")
_ONLY_ON = {
    **perhaps_page(LONGEST_VALUE, "/*"),
    "type": ["string", "null"],
    "description": "Only on this page; * is any text.",
}


def _condition(kind: str, needed: tuple[str, ...], **fields: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": {"kind": {"type": "string", "const": kind}, **fields},
        "required": ["kind", *needed],
        "additionalProperties": False,
    }


CONDITION: dict[str, object] = {
    "type": "object",
    "description": "A page seen (path), a custom event (event) or a click that is not dead (element).",
    "oneOf": [
        _condition("path", ("path",), path={**_PAGE, "description": "The page's path; * is any text."}),
        _condition("event", ("event",), event={**_WORD, "description": "The event's name."}),
        _condition(
            "event",
            ("event", "property", "equals"),
            event=_WORD,
            property={**PROPERTY, "description": "Only events where this property `equals` a value."},
            equals=readable(LONGEST_VALUE),
        ),
        _condition(
            "element",
            ("element",),
            element={
                **readable(LONGEST_VALUE),
                "description": "The element's selector, as the report `elements` has it.",
            },
            path=_ONLY_ON,
        ),
        _condition(
            "element",
            ("text",),
            text={**_WORD, "description": "What is written on the element, in place of its selector."},
            path=_ONLY_ON,
        ),
    ],
}
_NAMED = {"name": {**readable(LONGEST_WORD, slash=False), "examples": ["Ordered"]}}
SAVE: dict[str, object] = {
    "type": "object",
    "description": "A goal to save under its name, in place of the one that went by it.",
    "properties": {
        **_NAMED,
        "condition": {**CONDITION, "examples": [{"kind": "event", "event": "purchase"}]},
        "revenue": {**PROPERTY, "description": "The event's property that says what it was worth."},
        "currency": {"type": "string", "enum": sorted(list_currencies()), "examples": ["EUR"]},
    },
    "required": ["name", "condition"],
    "additionalProperties": False,
    "dependentRequired": {"revenue": ["currency"], "currency": ["revenue"]},
    "if": {"required": ["revenue"]},
    "then": {"properties": {"condition": {"properties": {"kind": {"const": "event"}}}}},
    "examples": [{"name": "Ordered", "condition": {"kind": "event", "event": "purchase"}}],
}


class GoalShape(msgspec.Struct, frozen=True):
    """What reaches a goal; `says` is the condition in words."""

    name: str
    condition: Condition
    says: str
    revenue: str | None = None
    currency: str | None = None


class Goals(msgspec.Struct, frozen=True):
    """The site's goals, by name."""

    goals: list[GoalShape]


class _Save(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    condition: Condition
    revenue: str | None = None
    currency: str | None = None


def goals(site_key: str) -> Response:
    """List the goals of a site."""
    return _listed()


def save(site_key: str) -> Response:
    """Save a goal under its name; answers it, with status 201 where its name is a new one."""
    given, house = read_body(_Save), current_house()
    wanted = GoalInfo(given.name, given.condition, given.revenue, given.currency)
    with house.database.session() as session:
        saved, is_new = save_goal(session, current_site().id, wanted, named(current_principal()))
    house.sites.forget()
    return answer(_shape(saved), 201 if is_new else 200)


def delete(site_key: str, goal: str) -> Response:
    """Delete a goal; answers those that are left. What was counted for it stays stored."""
    house = current_house()
    with house.database.session() as session:
        if not delete_goal(session, current_site().id, goal):
            abort(404, "No goal has this name.")
    house.sites.forget()
    return _listed()


def _listed() -> Response:
    return answer(Goals([_shape(one) for one in current_site().goals]))


def _shape(goal: GoalInfo) -> GoalShape:
    return GoalShape(goal.name, goal.condition, in_words(goal.condition), goal.revenue, goal.currency)
