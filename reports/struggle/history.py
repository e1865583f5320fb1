"""Since when a fault is there, and whether it grows: by day, and beside as many days before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nlargest
from typing import Any, NamedTuple

from sqlalchemy import String, cast, func, select

from reports import measures
from reports.query.buckets import day_number, days
from reports.query.chosen import struggles
from reports.query.daily import views_by_path
from reports.query.moments import stored
from reports.query.proportions import Pair, difference
from reports.query.ranges import compared
from reports.report import Ask
from reports.scope import Scope
from reports.struggle.faults import KEY_LABELS, Fault, Key, key_columns, key_of, of_faults
from tracker.errors import InvalidInputError
from tracker.store.functions import epoch_ms
from tracker.store.schema import struggle

MOST_EXAMPLES = 3
MOST_POINTS = 60  # of a longer range, each tells several days


class Incident(NamedTuple):
    """Which event an incident began with, when (UTC without a zone, in ms since 1970), and whose it was."""

    at_ms: int
    view_id: int
    seq: int
    visitor_id: int | None


@dataclass(frozen=True)
class History:
    """A fault's views with it of all views of its page, now and before; since when, and how often by day.

    `first_seen` is of all that is kept. Each of `days` stands for one day of the range, or for
    several where it has more than MOST_POINTS. `newest` has the newest incident of each of the
    last days on which it happened, the newest first, at most MOST_EXAMPLES.
    """

    share: Pair
    first_seen: datetime
    is_new: bool
    days: list[int]
    newest: list[Incident]

    @property
    def trend(self) -> str | None:
        """Say how it changed: new, worse, better or same; None where there is nothing to compare with."""
        change = difference(self.share)
        if change is None:
            return None
        if change.low > 0:
            return "new" if self.is_new else "worse"
        return "better" if change.high < 0 else "same"


def histories(scope: Scope, ask: Ask, faults: Collection[Fault]) -> Mapping[Key, History]:
    """Return the history of each fault."""
    before = _before(scope)
    by_day, views = _by_day(scope, ask, faults), _views(scope, ask)
    struck_before = _struck(before, ask, faults) if before else {}
    views_before = _views(before, ask) if before else {}
    first_seen = _first_seen(scope, ask, faults)
    begin = stored(scope.range.start)
    numbers = [bucket.number for bucket in days(scope.range, scope.range.end)]
    found = {}
    for fault in faults:
        day_by_day = by_day[fault.key]
        struck = sum(views for _, views, _ in day_by_day.values())
        tries, other_tries = views.get(fault.path, 0), views_before.get(fault.path, 0)
        found[fault.key] = History(
            # a view may have been lost, and what happened in it not
            share=Pair(min(struck, tries), tries, min(struck_before.get(fault.key, 0), other_tries), other_tries),
            first_seen=first_seen[fault.key],
            is_new=first_seen[fault.key] >= begin,
            days=_counts(day_by_day, numbers),
            newest=[_incident(told) for told in nlargest(MOST_EXAMPLES, (told for _, _, told in day_by_day.values()))],
        )
    return found


def _before(scope: Scope) -> Scope | None:
    """Return the same scope of as many days before; None where nothing comes before."""
    try:
        span = compared("previous", scope.range, scope.now)
    except InvalidInputError:
        return None
    return None if span is None else replace(scope, range=span)


def _by_day(scope: Scope, ask: Ask, faults: Collection[Fault]) -> dict[Key, dict[int, tuple[int, int, str]]]:
    """Return, by day, how often each fault happened, in how many views, and the newest incident as text."""
    day = day_number(struggle.c.occurred_at, scope.range).label("day")
    # the time has 13 digits, so that the greatest text is the newest incident's
    told = epoch_ms(struggle.c.occurred_at), struggle.c.view_id, struggle.c.seq
    texts = [*(cast(one, String) for one in told), func.coalesce(cast(struggle.c.visitor_id, String), "")]
    newest = func.max(func.concat_ws(" ", *texts)).label("newest")
    numbers = measures.incidents.labelled, measures.struck_views.labelled
    statement = of_faults(struggles(scope, *key_columns(), day, newest, *numbers), faults).group_by(*KEY_LABELS, "day")
    found: dict[Key, dict[int, tuple[int, int, str]]] = {fault.key: {} for fault in faults}
    for record in ask(statement):
        key = key_of(record)
        if key in found:
            found[key][int(record["day"])] = int(record["incidents"]), int(record["struck_views"]), record["newest"]
    return found


def _counts(by_day: Mapping[int, tuple[int, int, str]], numbers: Sequence[int]) -> list[int]:
    """Return how often it happened on each of the days that `numbers` counts, at most MOST_POINTS counts."""
    width = -(-len(numbers) // MOST_POINTS)
    counts = [0] * -(-len(numbers) // width)
    for day, (incidents, _, _) in by_day.items():
        counts[(day - numbers[0]) // width] += incidents
    return counts


def _incident(told: str) -> Incident:
    at_ms, view_id, seq, *visitor_id = told.split()
    return Incident(int(at_ms), int(view_id), int(seq), int(visitor_id[0]) if visitor_id else None)


def _struck(scope: Scope, ask: Ask, faults: Collection[Fault]) -> dict[Key, int]:
    statement = of_faults(struggles(scope, *key_columns(), measures.struck_views.labelled), faults)
    return {key_of(record): int(record["struck_views"]) for record in ask(statement.group_by(*KEY_LABELS))}


def _views(scope: Scope, ask: Ask) -> dict[str | None, int]:
    return {record["path"]: int(record["views"]) for record in ask(views_by_path(scope, ask))}


def _first_seen(scope: Scope, ask: Ask, faults: Collection[Fault]) -> dict[Key, datetime]:
    """Return when each fault first happened to anybody, of all that is kept."""
    columns: tuple[Any, ...] = (*key_columns(), func.min(struggle.c.occurred_at).label("first"))
    statement = of_faults(select(*columns).where(struggle.c.site_id == scope.site.id), faults)
    return {key_of(record): record["first"] for record in ask(statement.group_by(*KEY_LABELS))}
