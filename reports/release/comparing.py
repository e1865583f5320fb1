"""Shares of views before and after a release, and which of them differ beyond chance.

As many days before the release as after it are compared, at most MOST_DAYS and up to the next release. What happened
in fewer than LEAST_VIEWS views of both together is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, func, null

from reports import measures
from reports.query.chosen import struggles
from reports.query.daily import views_by_path
from reports.query.moments import stored
from reports.query.proportions import Estimate, Pair, chance, difference, discoveries
from reports.query.ranges import Range
from reports.report import Ask
from reports.scope import Scope
from reports.struggle.faults import Key, key_columns, key_of
from reports.struggle.struggling import counted
from tracker.releases import ReleaseInfo
from tracker.store.functions import count_distinct
from tracker.store.schema import struggle

MOST_DAYS = 28
LEAST_VIEWS = 8
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sides:
    """The scopes before and after a release, each of which is `length` long."""

    before: Scope
    after: Scope
    length: timedelta


@dataclass(frozen=True)
class Change:
    """A share after the release beside the one before; `key` is coarser where its last parts are None."""

    key: Key
    element_text: str | None
    visitors: int
    pair: Pair
    difference: Estimate

    @property
    def is_worse(self) -> bool:
        """Whether it happens more often now."""
        return self.difference.value > 0


def sides(scope: Scope, release: ReleaseInfo) -> Sides | None:
    """Return what is compared: whole days, unless there is not even one yet; None when no time has passed since."""
    end = min([scope.now, *(one.at for one in scope.site.releases if one.at > release.at)])
    length = min(end - release.at, timedelta(days=MOST_DAYS))
    length = length // DAY * DAY if length >= DAY else length
    if length <= timedelta():
        return None
    before, after = (_span(scope, begin, begin + length) for begin in (release.at - length, release.at))
    return Sides(before, after, length)


def struck_shares(compared: Sides, ask: Ask) -> list[Change]:
    """Return all shares struck by a signal that can be compared: of places, of pages, and of the site as a whole."""
    before, after = compared.before, compared.after
    views_before, views_after = (
        {one["path"]: int(one["views"]) for one in ask(views_by_path(span, ask))} for span in (before, after)
    )
    both = _span(after, before.range.start, after.range.end)
    of_all = Pair(0, sum(views_after.values()), 0, sum(views_before.values()))
    found: dict[Key, Change] = {}
    for depth in (1, 2, 4):
        for record in ask(_struck(both, after, depth)):
            key = key_of(record)
            tries = Pair(0, views_after.get(key[1], 0), 0, views_before.get(key[1], 0)) if depth > 1 else of_all
            pair = tries._replace(
                hits=min(int(record["after"]), tries.tries), other_hits=min(int(record["before"]), tries.other_tries)
            )
            change = difference(pair)
            if change is not None:
                found[key] = Change(key, record["element_text"], int(record["visitors"]), pair, change)
    return list(found.values())


def beyond_chance(changes: Sequence[Change]) -> list[Change]:
    """Return those that became worse or better: the one place that says what that is.

    The interval of the difference excludes none at all, and it stands among all that was compared (Benjamini and
    Hochberg): of those returned, one in twenty may be mere chance.
    """
    believed = discoveries([chance(one.pair) for one in changes])
    return [
        one
        for one, is_real in zip(changes, believed, strict=True)
        if is_real and (one.difference.low > 0 or one.difference.high < 0)
    ]


def depth_of(key: Key) -> int:
    """Return how many parts of a key say where: of the site, of a page, of a place on it."""
    return 1 if key[1] is None else 2 if key[2] is None and key[3] is None else len(key)


def _span(scope: Scope, begin: datetime, end: datetime) -> Scope:
    zone = scope.site.tzinfo
    first, last = begin.astimezone(zone), end.astimezone(zone)
    return replace(scope, range=Range("release", first.date(), last.date() + DAY, zone, until=last, since=first))


def _struck(both: Scope, after: Scope, depth: int) -> Select[Any]:
    """Count the views struck before and after, by the first parts of the key."""
    is_after = struggle.c.occurred_at >= stored(after.range.start)
    columns = key_columns()
    keys = [column if number < depth else null().label(column.name) for number, column in enumerate(columns)]
    return (
        counted(
            struggles(
                both,
                *keys,
                func.max(struggle.c.element_text).label("element_text"),
                count_distinct(case((is_after, struggle.c.view_id), else_=null())).label("after"),
                count_distinct(case((~is_after, struggle.c.view_id), else_=null())).label("before"),
                count_distinct(case((is_after, struggle.c.visitor_id), else_=null())).label("visitors"),
            ),
            both,
        )
        .group_by(*("fault", struggle.c.path, struggle.c.element, "message")[:depth])
        .having(measures.struck_views.expression >= LEAST_VIEWS)
    )
