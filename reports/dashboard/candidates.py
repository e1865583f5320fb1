"""What a site's own visitors did most, to make goals and steps of."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import desc, func

from reports import elements, pages
from reports.query.chosen import events
from reports.report import Ask, Cell, Column, Found, Report, Row
from reports.run import run_report
from reports.scope import Scope, parse_scope
from reports.wording.elements import element_words
from tracker.conditions import LONGEST_WORD, Condition
from tracker.house import current_house
from tracker.languages import gettext
from tracker.sites import SiteInfo
from tracker.store.schema import event

MOST = 10
_WAIT_S = 3.0  # a form is usable without them


class Candidate(NamedTuple):
    """Something that visitors do: what a goal of it would be called, what it is, and how often it was done."""

    name: str
    condition: Condition
    times: int


class Candidates(NamedTuple):
    """The most seen pages, the events and the most clicked elements of the last 28 days."""

    pages: Sequence[Candidate]
    events: Sequence[Candidate]
    elements: Sequence[Candidate]


def candidates(site: SiteInfo) -> Candidates:
    """Return what visitors of a site did most; nothing of what cannot be told in a few seconds."""
    return Candidates(
        [_page(row) for row in _rows(site, pages.first) if row["path"]],
        [_event(row) for row in _rows(site, _EVENTS)],
        _once(_element(row) for row in _rows(site, elements.report, 4 * MOST)),
    )


def _rows(site: SiteInfo, report: Report, most: int = MOST) -> Sequence[Row]:
    scope = parse_scope(site, {"limit": [str(most)]})
    return run_report(report, scope, current_house().store, _WAIT_S).rows


def _page(row: Row) -> Candidate:
    path = str(row["path"])
    return Candidate(
        _short(path.strip("/").replace("/", " › ") or gettext("Home")), Condition("path", path=path), _int(row["views"])
    )


def _event(row: Row) -> Candidate:
    name = str(row["name"])
    return Candidate(_short(name.replace("/", "-")), Condition("event", event=name), _int(row["times"]))


def _element(row: Row) -> Candidate:
    text, selector = str(row["element_text"] or ""), str(row["element"])
    condition = Condition("element", text=text) if text else Condition("element", element=selector)
    return Candidate(_short((text or element_words(selector)).replace("/", "-")), condition, _int(row["clicks"]))


def _once(found: Iterable[Candidate]) -> list[Candidate]:
    """Add up what is the same on several pages."""
    by_condition: dict[Condition, Candidate] = {}
    for one in found:
        before = by_condition.get(one.condition)
        by_condition[one.condition] = one._replace(times=one.times + (before.times if before else 0))
    return sorted(by_condition.values(), key=lambda one: -one.times)[:MOST]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_WORD else f"{name[: LONGEST_WORD - 1]}…"


def _int(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0


def _find_events(scope: Scope, ask: Ask) -> Found:
    name, times = event.c.name, func.count().label("times")
    statement = events(scope, "custom", name, times).where(name.is_not(None)).group_by(name)
    return Found(rows=ask(statement.order_by(desc("times"), name).limit(scope.limit)))


_EVENTS = Report(
    "custom-events",
    "Custom events",
    "Which events do the site's pages send most?",
    (Column("name", "Event", "text", "The event's name."), Column("times", "Times", "count", "How often it was sent.")),
    _find_events,
)
