"""Which clicks are a struggle: decided from the evidence that is stored with every click.

The rules are versioned, so that old events can be decided again (`EventStore.derive`).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, false, func, not_, null, or_

from tracker.store.functions import has_bits

DEAD = 1
DISABLED = 2
FALSE_AFFORDANCE = 4
SLOW = 8
ERROR = 16
IN_VAIN = 32  # unanswered, on plain content: a struggle once PLAIN_VISITORS do it
PLAIN_VISITORS = 3


@dataclass(frozen=True)
class Thresholds:
    """Version and limits of the rules, in milliseconds unless they say otherwise."""

    version: int = 1
    silence: int = 2500  # nothing attributable for so long: dead
    request: int = 1000  # a request counts as a reaction when it starts within this
    scroll: int = 300
    selection: int = 100
    hidden: int = 1000  # before or after the click
    slow: int = 1000  # the first reaction after this, and before `watched`: slow
    watched: int = 7000
    error: int = 1000  # an uncaught script error within this
    failed_request: int = 5000
    rage_clicks: int = 4  # on the same thing, from the first to the last within `rage`
    rage_struggling: int = 3  # are enough when one of them is dead, slow or in error
    rage: int = 1000
    rage_radius: int = 30  # px, where there is no interactive element
    quick_back: int = 7000  # less than this on the page between
    redirect: int = 500  # less than this is no visit to a page but a redirect
    hunt_reversals: int = 4
    hunt_leg: int = 300  # px, or half a viewport
    hunt: int = 30_000  # the span of a scroll hunt
    swipe: int = 30  # px
    form_idle: int = 1_800_000
    form_success: int = 10_000


@dataclass(frozen=True, eq=False)
class Limits(Thresholds):
    """Thresholds of several sites at once: each a number, or an SQL expression that tells it by the site."""


THRESHOLDS = Thresholds()
_NEVER_MS = 1_000_000

Evidence = FromClause
"""A table or subquery with the evidence columns of `schema.event`."""


def signals(click: Evidence, limits: Thresholds = THRESHOLDS) -> ColumnElement[Any]:
    """Return the bits of a click, 0 when there is nothing to say against it, null when it is no click."""
    c = click.c
    failed = failed_click(click, limits)
    in_vain = and_(unanswered(click, limits), not_(failed))
    dead = and_(in_vain, _looks_interactive(click))
    bits = (
        _bit(dead, DEAD)
        + _bit(and_(dead, _is(c.disabled)), DISABLED)
        + _bit(and_(dead, c.affordance.in_(("pointer", "link"))), FALSE_AFFORDANCE)
        + _bit(slow_click(click, limits), SLOW)
        + _bit(failed, ERROR)
        + _bit(and_(in_vain, is_plain(click)), IN_VAIN)
    )
    return case((c.kind == "click", bits), else_=null())


def unanswered(click: Evidence, limits: Thresholds = THRESHOLDS) -> ColumnElement[bool]:
    """Tell whether nothing attributable followed a genuine click, on whatever it fell."""
    c = click.c
    late = [c.mutation_ms, c.navigation_ms, c.input_ms, c.focus_ms, c.dialog_ms, c.media_ms]
    reactions = [
        *(_within(delay, limits.silence) for delay in late),
        _within(c.request_ms, limits.request),
        _quick(click, limits),
    ]
    return and_(genuine(click), not_(or_(*reactions)))


def slow_click(click: Evidence, limits: Thresholds = THRESHOLDS) -> ColumnElement[bool]:
    """Tell whether the first thing that answered a click came late.

    What a visitor does next (input, focus) is an answer when it is quick and none when it is late.
    """
    c = click.c
    first = answered_ms(click)
    quick = or_(_quick(click, limits), _within(c.input_ms, limits.slow), _within(c.focus_ms, limits.slow))
    return and_(genuine(click), _looks_interactive(click), not_(quick), first > limits.slow, first <= limits.watched)


def answered_ms(click: Evidence) -> ColumnElement[int]:
    """Return when the page first answered a click; a time beyond all watching when it did not."""
    c = click.c
    return func.least(
        *(func.coalesce(ms, _NEVER_MS) for ms in (c.mutation_ms, c.navigation_ms, c.dialog_ms, c.media_ms))
    )


def worked(click: Evidence) -> ColumnElement[bool]:
    """Tell whether a visitor's click on a control did what it should, by its decided `signals`."""
    c = click.c
    return and_(c.kind == "click", _is(c.trusted), _looks_interactive(click), not_(has_bits(c.signals, DEAD | ERROR)))


def failed_click(click: Evidence, limits: Thresholds = THRESHOLDS) -> ColumnElement[bool]:
    """Tell whether a genuine click ended in a script error or a failed request."""
    c = click.c
    return and_(
        genuine(click), or_(_within(c.error_ms, limits.error), _within(c.failed_request_ms, limits.failed_request))
    )


def is_plain(click: Evidence) -> ColumnElement[bool]:
    """Tell whether a click fell on content that neither is nor looks interactive."""
    return func.coalesce(click.c.affordance, "none") == "none"


def genuine(click: Evidence) -> ColumnElement[bool]:
    """Tell whether a visitor clicked, on what may be a signal."""
    c = click.c
    return and_(c.kind == "click", _is(c.trusted), not_(_is(c.modified)), not_(_is(c.dragged)), c.exempt.is_(None))


def _looks_interactive(click: Evidence) -> ColumnElement[bool]:
    return not_(is_plain(click))


def _quick(click: Evidence, limits: Thresholds) -> ColumnElement[bool]:
    c = click.c
    return or_(
        _within(c.scroll_ms, limits.scroll),
        _within(c.selection_ms, limits.selection),
        and_(_within(c.hidden_ms, limits.hidden), c.hidden_ms >= -limits.hidden),
    )


def _is(flag: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.coalesce(flag, false())


def _within(delay: ColumnElement[Any], limit: int) -> ColumnElement[bool]:
    """Tell whether it came in time; false, not null, when it never came."""
    return func.coalesce(delay <= limit, false())


def _bit(condition: ColumnElement[bool], bit: int) -> ColumnElement[int]:
    return case((condition, bit), else_=0)
