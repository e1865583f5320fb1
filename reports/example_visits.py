"""Example visits: the newest of a scope's visits that took one way, each with its pages and where it struggled.

A way is that of a row of bounce paths or exit paths, or a step of the flow; so many are found as the row counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, String, literal, select

from reports import bounce_paths, exit_paths
from reports.flow.moves import STRUGGLES
from reports.flow.reading import MOST_STEPS, parse_flow
from reports.profiles.shapes import VisitShape
from reports.profiles.visiting import OF_A_VISIT, visits_told
from reports.query.profiles import visits_of_profiles
from reports.query.steps import Start, step_path, walks
from reports.report import Ask
from reports.scope import Scope
from tracker.checking import check_number, one_of
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.store.functions import array_of
from tracker.store.schema import member, visit

MOST_VISITS = 50
OWN_WORDS = ("trail", "ending", "last", "signal", "element", "path", "direction", "step", "page")
NO_SIGNAL = "none"
_ENDINGS = {bounce_paths.BOUNCE: True, bounce_paths.SHORT: False}
_SIGNALS = (*STRUGGLES, NO_SIGNAL)


@dataclass(frozen=True)
class FlowStep:
    """A step of the flow from a start, counted from 1, and the page there; None: where there was no such step."""

    start: Start
    step: int
    page: str | None


@dataclass(frozen=True)
class Way:
    """Which visits are wanted; what is not said may be anything.

    `trail` is all of a visit's pages and `ending` how it ended, as in bounce paths; `last` its last
    pages as in exit paths. `signal` is the last before leaving, NO_SIGNAL for none, and `element` on what.
    """

    trail: tuple[str, ...] = ()
    ending: str = ""
    last: tuple[str, ...] = ()
    signal: str = ""
    element: str | None = None
    step: FlowStep | None = None


@dataclass(frozen=True)
class Stop:
    """A page of a visit, seen `views` times in a row, with the names of the signals there."""

    path: str
    views: int
    signals: Sequence[str]


@dataclass(frozen=True)
class ExampleVisit:
    """One visit; `profile` is the profile that its visitor is tied to, if any."""

    visit: VisitShape
    stops: Sequence[Stop]
    last_signal: str | None
    last_signal_element: str | None
    profile: int | None


def parse_way(words: Mapping[str, Sequence[str]]) -> Way:
    """Read a way from OWN_WORDS; raises InvalidInputError."""
    one = {name: values[-1] for name, values in words.items() if values}
    signal, ending = one.get("signal", ""), one.get("ending", "")
    for word, given, known in (("signal", signal, _SIGNALS), ("ending", ending, _ENDINGS)):
        if given:
            one_of(word, given, known)
    last = tuple(words.get("last", ()))
    if len(last) > exit_paths.LAST_PAGES:
        raise InvalidInputError("last", gettext("may be given at most %(n)s times", n=exit_paths.LAST_PAGES))
    trail = tuple(words.get("trail", ()))
    if len(trail) > bounce_paths.SHORT_VIEWS:
        raise InvalidInputError("trail", gettext("may be given at most %(n)s times", n=bounce_paths.SHORT_VIEWS))
    return Way(trail, ending, last, signal, one.get("element"), _step(one))


def find_visits(scope: Scope, way: Way, ask: Ask) -> tuple[list[ExampleVisit], bool]:
    """Return the newest visits of a scope that took a way, and whether there are more than MOST_VISITS."""
    names = (*OF_A_VISIT, "trail_signals", "last_signal", "last_signal_element")
    columns = [*(visit.c[name] for name in names), member.c.profile_id]
    wanted = visits_of_profiles(scope, *columns).where(*_conditions(scope, way))
    newest = wanted.order_by(visit.c.started_at.desc(), visit.c.visit_id).limit(MOST_VISITS + 1)
    rows = ask(newest)
    more, rows = len(rows) > MOST_VISITS, rows[:MOST_VISITS]
    told = visits_told(ask, scope.site, rows)
    return [_example(row, one) for row, one in zip(rows, told, strict=True)], more


def _step(one: Mapping[str, str]) -> FlowStep | None:
    if "step" not in one:
        return None
    return FlowStep(parse_flow(one).start, check_number("step", one["step"], 1, MOST_STEPS), one.get("page"))


def _conditions(scope: Scope, way: Way) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if way.trail:
        found.append(visit.c.trail == array_of(*map(_text, way.trail)))
    if way.ending:
        found += [*bounce_paths.LEFT_SOON, visit.c.bounced.is_(_ENDINGS[way.ending])]
    if way.last:
        found.append(visit.c.visit_id.in_(_ended(scope, way.last)))
    if way.signal:
        known = visit.c.last_signal
        found.append(known.is_(None) if way.signal == NO_SIGNAL else known == way.signal)
    if way.element is not None:
        found.append(visit.c.last_signal_element == way.element)
    if way.step:
        found.append(visit.c.visit_id.in_(_stepped(scope, way.step)))
    return found


def _ended(scope: Scope, last: Sequence[str]) -> Select[Any]:
    """Select the visits whose last pages are these; fewer than are told of each are all that they have."""
    walk = walks(scope, exit_paths.END, exit_paths.LAST_PAGES, visit.c.visit_id, visit.c.views).subquery("ended")
    wanted: list[str | None] = [*reversed(last), *[None] * (exit_paths.LAST_PAGES - len(last))]
    pages = [_is(step_path(walk, number), page) for number, page in enumerate(wanted, 1)]
    return select(walk.c.visit_id).where(walk.c.views > 1, *pages)


def _stepped(scope: Scope, at: FlowStep) -> Select[Any]:
    """Select the visits that were on a page at a step, or that ended with the step before it."""
    walk = walks(scope, at.start, at.step, visit.c.visit_id).subquery("stepped")
    before = [step_path(walk, at.step - 1).is_not(None)] if at.step > 1 else []
    return select(walk.c.visit_id).where(*before, _is(step_path(walk, at.step), at.page))


def _is(page: ColumnElement[Any], wanted: str | None) -> ColumnElement[bool]:
    return page.is_(None) if wanted is None else page == wanted


def _text(value: str) -> ColumnElement[str]:
    return literal(value, String)


def _example(row: dict[str, Any], told: VisitShape) -> ExampleVisit:
    return ExampleVisit(
        visit=told,
        stops=_stops(row["trail"], row["trail_signals"]),
        last_signal=row["last_signal"],
        last_signal_element=row["last_signal_element"],
        profile=row["profile_id"],
    )


def _stops(trail: Sequence[str], bits: Sequence[int]) -> list[Stop]:
    """Put views of one page in a row together, with all that happened in them."""
    stops = []
    for path, run in groupby(zip(trail, bits, strict=True), key=lambda pair: pair[0]):
        views = [int(bit) for _, bit in run]
        signals = [name for name, bit in STRUGGLES.items() if any(one & bit for one in views)]
        stops.append(Stop(path, len(views), signals))
    return stops
