"""Conditions, goals and funnels in the fields of a form, which are those of a page without scripts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tracker.conditions import Condition
from tracker.errors import InvalidInputError
from tracker.funnels import MOST_STEPS, FunnelInfo, StepInfo
from tracker.goals import GoalInfo
from tracker.languages import gettext, marked

KINDS = (
    ("path", marked("A page is seen")),
    ("event", marked("An event is sent")),
    ("text", marked("A click on the text")),
    ("element", marked("A click on a selector")),
)
"""What a condition is about, in the form's words; a click is one of two, by what is known of the element."""

Form = Mapping[str, str]


def kinds() -> list[tuple[str, str]]:
    """Return what a condition may be about, each with its words."""
    return [(kind, gettext(title)) for kind, title in KINDS]


class Fields(NamedTuple):
    """A condition as a form's fields have it; `on` is the page where a click counts."""

    kind: str = "path"
    value: str = ""
    on: str = ""
    property: str = ""
    equals: str = ""


class StepFields(NamedTuple):
    """A step of a funnel as a form's fields have it."""

    name: str
    fields: Fields


def fields_of(condition: Condition) -> Fields:
    """Return what a form has to hold to say a condition."""
    on, says = condition.path or "", (condition.property or "", condition.equals or "")
    if condition.kind == "path":
        return Fields("path", on)
    if condition.kind == "event":
        return Fields("event", condition.event or "", "", *says)
    if condition.text:
        return Fields("text", condition.text, on)
    return Fields("element", condition.element or "", on)


def read_fields(form: Form, prefix: str = "") -> Fields:
    """Return a condition's fields as they were sent, each named by its name after a prefix."""
    return Fields(**{name: form.get(prefix + name, default) for name, default in Fields()._asdict().items()})


def condition_of(fields: Fields) -> Condition:
    """Return the condition that fields say, unchecked; InvalidInputError when its kind is none."""
    value, on = fields.value or None, fields.on or None
    if fields.kind == "path":
        return Condition("path", path=value)
    if fields.kind == "event":
        return Condition("event", event=value, property=fields.property or None, equals=fields.equals or None)
    if fields.kind == "element":
        return Condition("element", element=value, path=on)
    if fields.kind == "text":
        return Condition("element", text=value, path=on)
    raise InvalidInputError("kind", gettext("choose what it is about"))


def read_goal(form: Form) -> GoalInfo:
    """Return the goal that a form says, unchecked."""
    return GoalInfo(
        form.get("name", ""), condition_of(read_fields(form)), form.get("revenue") or None, form.get("currency") or None
    )


def read_steps(form: Form) -> list[StepFields]:
    """Return the steps of a funnel as they were sent, without those of which nothing is said."""
    prefixes = [f"step_{number}_" for number in range(1, MOST_STEPS + 1)]
    steps = [StepFields(form.get(f"{prefix}name", ""), read_fields(form, prefix)) for prefix in prefixes]
    return [one for one in steps if one.fields.value.strip()]


def funnel_of(name: str, steps: Sequence[StepFields]) -> FunnelInfo:
    """Return the funnel that fields say, unchecked."""
    return FunnelInfo(name, tuple(StepInfo(one.name, condition_of(one.fields)) for one in steps))


def steps_of(funnel: FunnelInfo) -> list[StepFields]:
    """Return what a form has to hold to say a funnel's steps."""
    return [StepFields(one.name, fields_of(one.condition)) for one in funnel.steps]


def in_form(problem: InvalidInputError, fields: Fields, prefix: str = "") -> InvalidInputError:
    """Return a problem of a condition under the name of the field in which it was said."""
    name = problem.field.removeprefix(prefix)
    if name in ("event", "element", "text") or (name == "path" and fields.kind == "path"):
        return InvalidInputError(f"{prefix}value", problem.problem)
    return InvalidInputError(f"{prefix}{'on' if name == 'path' else name}", problem.problem)
