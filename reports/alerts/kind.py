"""The contract of a kind of alert: a module that says what is watched for, and one line in `reports.alerts.KINDS`.

A kind names its departures, each a series of counts with what is usual for it and the rule by which it is told;
or looks for itself.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from reports.alerts.counting import Series
from reports.report import Ask
from tracker.alerts.incidents import Noticed
from tracker.alerts.look import Off, Rule
from tracker.alerts.rules import Sensitivity
from tracker.sites import SiteInfo
from tracker.store.base import EventStore
from tracker.uptime import Gap


class Model(Protocol):
    """What is usual of a series, as it was learned."""

    def expect(self, local: datetime, of: int, hours: float) -> float:
        """Return the usual number in a stretch of so many hours that begins at a time of the site's own clock."""

    def spread_of(self, usual: float) -> float:
        """Return how much counts differ beyond chance, squared, in proportion to what is usual."""


@dataclass(frozen=True)
class Known:
    """An hour of a series: its beginning on the site's own clock, its number, of how many; None: it is not known."""

    local: datetime
    number: int | None
    of: int


@dataclass(frozen=True)
class Looking:
    """What a look goes by. All that happened before `until` (aware, a full step) is stored.

    `told` are kind and subject of all that the watch ever had an alert of. `over` holds, by kind and subject,
    when the last alert was over, `going_on` the length of the stretch in which one that goes on was found.
    `memory` keeps what was learned until the day is over, `counts` what was counted in this look: drops and spikes
    are of the same series.
    """

    site: SiteInfo
    store: EventStore
    ask: Ask
    until: datetime
    sensitivity: Sensitivity
    least: int
    days_off: Collection[str] = ()
    gaps: Sequence[Gap] = ()
    told: Collection[tuple[str, str]] = ()
    over: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    going_on: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)
    memory: dict[Any, Any] = field(default_factory=dict)
    counts: dict[Any, Sequence[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """A departure with the stretch that it was found in, on the site's own clock.

    `silent_since` is from when on nothing at all was counted, None where that may be chance.
    """

    looking: Looking
    begin: datetime
    end: datetime
    off: Off
    rule: Rule
    silent_since: datetime | None = None


@dataclass(frozen=True)
class Words:
    """What is said of a departure: the news in a few words, what happened, and by which rule it is told."""

    headline: str
    told: str
    why: str
    contributing: Sequence[str] = ()


@dataclass(frozen=True)
class Departure:
    """A series that may depart from its usual; `subject` tells it from others of its kind, `title` is said already."""

    subject: str
    series: Series
    title: str
    rule: Callable[[Sensitivity, int], Rule]
    learn: Callable[[Sequence[Known]], Model | None]
    tell: Callable[[Seen], Words]


@dataclass(frozen=True)
class Kind:
    """Something to watch for. `report` is where one reads on; `every` is how often it is looked at.

    `title` and `help` are marked for the translators, and said where they are shown.
    `others` looks for what is no departure of a series.
    """

    name: str
    title: str
    help: str
    report: str
    every: timedelta = timedelta(minutes=5)
    departures: Callable[[SiteInfo], Sequence[Departure]] = lambda _: ()
    others: Callable[[Looking], Sequence[Noticed]] | None = None
