"""What did a release make worse, and what better?

One row is what changed beyond chance: a signal at an element or on a page, or on the whole site
where no single place explains it. Compared is the share of views in which it happened, in as many
days before the release as after it, at most 28 and up to the next release. It is the newest in
the range unless one is chosen. A change is told only where its interval of 95 % excludes none at
all, and where it also stands among so many comparisons: of the changes listed, one in twenty may
be mere chance (Benjamini and Hochberg). What happened in fewer than eight views is not compared.
"""

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
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.faults import Key, error_words, key_columns, key_of
from reports.struggle.struggling import ELEMENT, ELEMENT_TEXT, PATH, SCRIPT_ERROR, counted
from tracker.releases import ReleaseInfo
from tracker.signal_book import SIGNALS
from tracker.store.functions import count_distinct
from tracker.store.schema import struggle

MOST_DAYS = 28
LEAST_VIEWS = 8
_DAY = timedelta(days=1)
_NONE = "No release is marked in this range. Mark one with `footfall release NAME` when you put it out, or by the API."


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


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a change, what became worse first, by the views that it struck in addition."""
    release = scope.release or _newest(scope)
    if release is None:
        return Found(rows=[], notes=[_NONE])
    length = _length(release, scope)
    if length <= timedelta():
        return Found(rows=[], notes=[f"Nothing has happened yet since {_told(release, scope)}."])
    before, after = (_span(scope, begin, begin + length) for begin in (release.at - length, release.at))
    candidates = _candidates(scope, ask, before, after)
    believed = discoveries([chance(one.pair) for one in candidates])
    changes = [
        one
        for one, is_real in zip(candidates, believed, strict=True)
        if is_real and (one.difference.low > 0 or one.difference.high < 0)
    ]
    told = _named_once(changes)
    told.sort(key=lambda one: (-one.difference.value * one.pair.tries, [part or "" for part in one.key]))
    return Found(
        rows=[_row(one) for one in told],
        notes=[
            f"{_told(release, scope)}: {_words(length)} after it compared with {_words(length)} before.",
            f"{len(candidates)} shares were compared.",
        ],
    )


def _newest(scope: Scope) -> ReleaseInfo | None:
    within = [one for one in scope.site.releases if scope.range.start <= one.at < scope.range.end]
    return within[-1] if within else None


def _length(release: ReleaseInfo, scope: Scope) -> timedelta:
    """Return how long to look on either side: whole days, unless there is not even one yet."""
    end = min([scope.now, *(one.at for one in scope.site.releases if one.at > release.at)])
    length = min(end - release.at, timedelta(days=MOST_DAYS))
    return length // _DAY * _DAY if length >= _DAY else length


def _span(scope: Scope, begin: datetime, end: datetime) -> Scope:
    zone = scope.site.tzinfo
    first, last = begin.astimezone(zone), end.astimezone(zone)
    return replace(scope, range=Range("release", first.date(), last.date() + _DAY, zone, until=last, since=first))


def _candidates(scope: Scope, ask: Ask, before: Scope, after: Scope) -> list[Change]:
    """Return all that can be compared: places, pages, and the site as a whole."""
    views_before, views_after = (
        {one["path"]: int(one["views"]) for one in ask(views_by_path(span, ask))} for span in (before, after)
    )
    both = _span(scope, before.range.start, after.range.end)
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


def _named_once(changes: list[Change]) -> list[Change]:
    """Leave out a page, or the site, where a place on it changed in the same way."""
    finer = {(one.key[:depth], one.is_worse) for one in changes for depth in (1, 2) if _depth(one.key) > depth}
    return [one for one in changes if (one.key[: _depth(one.key)], one.is_worse) not in finer]


def _depth(key: Key) -> int:
    """Return how many parts of a key say where: of the site, of a page, of a place on it."""
    return 1 if key[1] is None else 2 if key[2] is None and key[3] is None else len(key)


def _row(one: Change) -> Row:
    signal, path, element, message = one.key
    return {
        "change": "worse" if one.is_worse else "better",
        "signal": signal,
        "element": element,
        "element_text": one.element_text if element else None,
        "script_error": error_words(message),
        "path": path,
        "struck_view_rate_before": one.pair.other_hits / one.pair.other_tries,
        "struck_view_rate": one.pair.hits / one.pair.tries,
        "difference": one.difference.value,
        "difference_low": one.difference.low,
        "difference_high": one.difference.high,
        "visitors": one.visitors,
        "views_before": one.pair.other_tries,
        "views": one.pair.tries,
    }


def _told(release: ReleaseInfo, scope: Scope) -> str:
    return f"{release.name} of {release.at.astimezone(scope.site.tzinfo):%Y-%m-%d %H:%M}"


def _words(length: timedelta) -> str:
    if length >= _DAY:
        return f"{length.days} day{'s' if length.days > 1 else ''}"
    return f"{round(length.total_seconds() / 3600, 1):g} hours"


report = Report(
    name="releases",
    title="Releases",
    doc=__doc__,
    columns=(
        Column("change", "Change", "text", "Whether it became worse or better."),
        Column("signal", "Struggle", "text", "Which signal changed."),
        ELEMENT,
        ELEMENT_TEXT,
        SCRIPT_ERROR,
        PATH,
        Column("struck_view_rate_before", "Before", "share", "The share of views in which it happened, before."),
        Column("struck_view_rate", "After", "share", "The share of views in which it happened, after."),
        Column("difference", "Difference", "share", "The share after less the share before."),
        Column("difference_low", "At least", "share", "The difference's lower bound, with 95 % confidence (Newcombe)."),
        Column("difference_high", "At most", "share", "The difference's upper bound, with 95 % confidence (Newcombe)."),
        replace(measures.struck_visitors.column, help="Visitors to whom it happened after the release."),
        Column("views_before", "Views before", "count", "Views of the page, or of the site, before."),
        Column("views", "Views after", "count", "Views of the page, or of the site, after."),
    ),
    run=run,
    signals=tuple(signal.name for signal in SIGNALS),
)
