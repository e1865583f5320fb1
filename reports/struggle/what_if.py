"""What would the last days have said, had the limits been others?

Every event keeps the evidence of what followed it, so that a limit can be tried on what has
happened already. Now and then are both decided anew from that evidence, and nothing is
stored. Signals that the tried limits cannot change are not asked about.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from reports.query.moments import stored
from reports.struggle.recount import MOST_PLACES, recounted
from tracker.clock import utc_now
from tracker.languages import counted, gettext
from tracker.languages.lists import listed
from tracker.signal_book import BY_NAME, SIGNALS, Signal
from tracker.signal_limits import LIMITS
from tracker.signals import Thresholds
from tracker.sites import SiteInfo
from tracker.store.base import EventStore, QueryTimeoutError
from tracker.store.functions import count_distinct
from tracker.store.schema import event, struggle
from tracker.struggles import FAMILIES, Family

DAYS = 30
PATIENCE_S = 15.0
PLACES = 6
MOST_EVENTS = 1_000_000  # of one kind of signal that is looked for among many events; more take too long to wait for
_FEWER_DAYS = (14, 7, 3, 1)

Spot = tuple[str, str | None, str | None]
"""A signal's name, a path, and an element where the signal is of one."""


@dataclass(frozen=True)
class Count:
    """How often something went wrong, and for how many visitors."""

    incidents: int = 0
    visitors: int = 0


@dataclass(frozen=True)
class Change:
    """One signal now, and as it would be, in the last `days`: fewer than DAYS where there were too many events."""

    signal: Signal
    now: Count
    then: Count
    days: int


@dataclass(frozen=True)
class Place:
    """Where a signal is counted, and how often now and then; there is no element where it is of a whole page."""

    signal: Signal
    path: str | None
    element: str | None
    element_text: str | None
    now: int
    then: int


@dataclass(frozen=True)
class WhatIf:
    """What other limits would have said: signals they can change, and the places where that shows most."""

    limits: Thresholds
    changes: Sequence[Change]
    more: Sequence[Place]
    fewer: Sequence[Place]
    notes: Sequence[str]
    took_ms: int

    @property
    def differs(self) -> bool:
        """Whether anything would have been counted otherwise."""
        return any(one.now != one.then for one in self.changes)


@dataclass
class _Side:
    """What limits say of the days, collected family by family."""

    counts: dict[str, Count]
    places: dict[Spot, int]
    texts: dict[Spot, str | None]
    cut: bool = False


def incidents(site: SiteInfo, store: EventStore) -> dict[str, Count]:
    """Return what each signal came to in the last days, as it was decided and stored."""
    statement = (
        select(struggle.c.signal, func.count(), count_distinct(struggle.c.visitor_id))
        .where(struggle.c.site_id == site.id, struggle.c.occurred_at >= _since(DAYS), struggle.c.label.is_(None))
        .group_by(struggle.c.signal)
    )
    return {signal: Count(count, visitors) for signal, count, visitors in store.query(statement).rows}


def affected(limits: Thresholds, tried: Thresholds) -> list[Signal]:
    """Return the signals that can change between two sets of limits, in the order of the book."""
    names = {name for one in LIMITS if one.of(limits) != one.of(tried) for name in one.signals}
    return [signal for signal in SIGNALS if signal.name in names]


def what_if(site: SiteInfo, tried: Thresholds, store: EventStore, patience_s: float = PATIENCE_S) -> WhatIf:
    """Decide the last days by the limits in force and by others, and compare."""
    started = time.monotonic()
    signals = affected(site.limits, tried)
    now, then = (_Side({}, {}, {}) for _ in range(2))
    looking = _Looking(store, site, started + patience_s)
    looked_at: dict[str, int] = {}  # the days, by signal
    for family in FAMILIES:
        if not any(signal.name in family.signals for signal in signals):
            continue
        try:
            days = looking.days(family)
            for side, limits in ((now, site.limits), (then, tried)):
                looking.ask(family, limits, days, side)
        except QueryTimeoutError:
            continue
        looked_at |= dict.fromkeys(family.signals, days)
    answered = [signal for signal in signals if signal.name in looked_at]
    more, fewer = _moved(now, then, {signal.name for signal in answered})
    return WhatIf(
        limits=tried,
        changes=[
            Change(
                signal,
                now.counts.get(signal.name, Count()),
                then.counts.get(signal.name, Count()),
                looked_at[signal.name],
            )
            for signal in answered
        ],
        more=more,
        fewer=fewer,
        notes=_notes([signal for signal in signals if signal not in answered], cut=now.cut or then.cut),
        took_ms=round((time.monotonic() - started) * 1000),
    )


@dataclass(frozen=True)
class _Looking:
    """Looks at a site's last days, until the monotonic clock says `deadline`; then it raises QueryTimeoutError."""

    store: EventStore
    site: SiteInfo
    deadline: float

    def days(self, family: Family) -> int:
        """Return how many days to look at: all where each event tells by itself, else as many as are not too many."""
        if not family.key:
            return DAYS
        [(events,)] = self._rows(select(func.count()).where(event.c.kind.in_(family.kinds), *self._people(DAYS)))
        fit = (days for days in (DAYS, *_FEWER_DAYS) if events * days / DAYS <= MOST_EVENTS)
        return next(fit, _FEWER_DAYS[-1])

    def ask(self, family: Family, limits: Thresholds, days: int, side: _Side) -> None:
        """Add to a side what a family comes to by its limits."""
        places = 0
        for whole, signal, path, element, text, count, visitors in self._rows(
            recounted(family, limits, self._people(days))
        ):
            if whole:
                side.counts[signal] = Count(count, visitors)
                continue
            places += 1
            spot = (signal, path, element)
            side.places[spot] = side.places.get(spot, 0) + count
            side.texts[spot] = text or side.texts.get(spot)
        side.cut = side.cut or places > MOST_PLACES

    def _people(self, days: int) -> tuple[ColumnElement[bool], ...]:
        return event.c.site_id == self.site.id, event.c.occurred_at >= _since(days), event.c.label.is_(None)

    def _rows(self, statement: Select[Any]) -> list[tuple[Any, ...]]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError
        return self.store.query(statement, left).rows


def _moved(now: _Side, then: _Side, signals: set[str]) -> tuple[list[Place], list[Place]]:
    """Return where most would appear, and where most would disappear; nothing when not all places are known."""
    if now.cut or then.cut:
        return [], []
    spots = [spot for spot in {**now.places, **then.places} if spot[0] in signals]
    differences = {spot: then.places.get(spot, 0) - now.places.get(spot, 0) for spot in spots}
    ranked = sorted(spots, key=lambda spot: (-abs(differences[spot]), str(spot)))
    return (
        [_place(spot, now, then) for spot in ranked if differences[spot] > 0][:PLACES],
        [_place(spot, now, then) for spot in ranked if differences[spot] < 0][:PLACES],
    )


def _place(spot: Spot, now: _Side, then: _Side) -> Place:
    signal, path, element = spot
    text = then.texts.get(spot) or now.texts.get(spot)
    return Place(BY_NAME[signal], path, element, text, now.places.get(spot, 0), then.places.get(spot, 0))


def _notes(late: Sequence[Signal], cut: bool) -> list[str]:
    notes = []
    if late:
        names = listed([gettext(signal.title).lower() for signal in late])
        notes.append(
            gettext(
                "Not counted anew in time, and so not told here: %(signals)s. They may change as well.", signals=names
            )
        )
    if cut:
        notes.append(
            counted(
                "More than one element struggles: which of them change most is not told.",
                "More than %(n)s elements struggle: which of them change most is not told.",
                MOST_PLACES,
            )
        )
    return notes


def _since(days: int) -> datetime:
    return stored(utc_now() - timedelta(days=days))
