"""Struggles that a single event tells of: clicks by their signals; scroll hunts, dead swipes, script errors."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect

from tracker.signals import DEAD, DISABLED, ERROR, FALSE_AFFORDANCE, SLOW, Thresholds, answered_ms
from tracker.store.functions import has_bits, property_flag, property_number, property_text
from tracker.struggles.rows import OF_ITS_EVENT, incident, whole

OF_CLICKS = ("error_click", "disabled", "false_affordance", "dead", "in_vain", "slow")
CLICK_COLUMNS = ("signals", "mutation_ms", "navigation_ms", "dialog_ms", "media_ms")
OF_OTHERS = ("scroll_hunt", "dead_swipe", "script_error")
OTHER_KINDS = ("scroll", "swipe", "error")
OTHER_COLUMNS = ("kind", "properties")
HALF_A_SCREEN = 500  # in thousandths of its height
GROWN = 1100  # a page is to be hunted through when it is longer than this many thousandths of the screen


def is_struck(clicks: FromClause) -> ColumnElement[bool]:
    """Tell whether there is anything to say against a click."""
    return clicks.c.signals > 0


def clicks(happened: FromClause, limits: Thresholds) -> CompoundSelect[Any]:
    """Select what clicks that are struck tell by their signals; these are decided already by the limits.

    A click is listed once for what was wrong with it, and once more when it was slow as well
    as in error. What was answered late is slow, not dead: the visitor waited and got an answer.
    """
    bits = happened.c.signals
    wrong = case(
        (has_bits(bits, ERROR), "error_click"),
        (has_bits(bits, DISABLED), "disabled"),
        (has_bits(bits, FALSE_AFFORDANCE), "false_affordance"),
        (has_bits(bits, DEAD), "dead"),
        else_="in_vain",
    )
    is_slow = has_bits(bits, SLOW)
    return union_all(
        incident(happened, wrong).where(or_(has_bits(bits, ERROR), not_(is_slow))),
        incident(happened, "slow", duration_ms=answered_ms(happened)).where(is_slow),
    )


def others(happened: FromClause, limits: Thresholds) -> Select[Any]:
    """Select what scrolling, swipes and errors tell."""
    c = happened.c
    signal = case(
        (c.kind == "error", "script_error"),
        (_hunted(happened, limits), "scroll_hunt"),
        (_swiped(happened, limits), "dead_swipe"),
    )
    judged = select(*(c[name] for name in OF_ITS_EVENT), c.properties, signal.label("signal")).subquery("judged")
    c = judged.c
    hunt = c.signal == "scroll_hunt"
    return incident(
        judged,
        c.signal,
        repetitions=case((hunt, whole(property_number(c.properties, "reversals"))), else_=1),
        duration_ms=case((hunt, whole(property_number(c.properties, "span_ms"))), else_=0),
        detail=case(
            (c.signal == "script_error", _failure(c.properties)),
            (c.signal == "dead_swipe", property_text(c.properties, "direction")),
        ),
    ).where(c.signal.is_not(None))


def _hunted(happened: FromClause, limits: Thresholds) -> ColumnElement[bool]:
    def told(name: str) -> ColumnElement[float]:
        return func.coalesce(property_number(happened.c.properties, name), 0)

    return and_(
        happened.c.kind == "scroll",
        told("reversals") >= limits.hunt_reversals,
        told("span_ms") <= limits.hunt,
        or_(told("leg_px") >= limits.hunt_leg, told("leg_permille") >= HALF_A_SCREEN),
        told("pages_permille") >= GROWN,
        not_(property_flag(happened.c.properties, "grows")),
    )


def _swiped(happened: FromClause, limits: Thresholds) -> ColumnElement[bool]:
    distance = func.coalesce(property_number(happened.c.properties, "distance_px"), 0)
    return and_(happened.c.kind == "swipe", distance > limits.swipe)


def _failure(properties: ColumnElement[Any]) -> ColumnElement[str]:
    """Return what an error says, and in a second line where: `source:line`, as far as it is told."""
    line = cast(whole(property_number(properties, "line")), String)
    source = func.coalesce(property_text(properties, "source"), "inline")
    return func.coalesce(property_text(properties, "message"), "") + literal("\n") + source + literal(":") + line
