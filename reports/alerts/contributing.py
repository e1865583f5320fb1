"""What most of a change came from: a source or a page, beside the same hours of the weeks before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, func, or_, select

from reports.alerts.counting import counts_views
from reports.alerts.kind import Seen
from reports.query.moments import stored
from reports.wording import words
from reports.wording.places import isolated
from tracker.languages import counted
from tracker.store.schema import visit

WEEKS = 4
LEAST_SHARE = 0.4  # of the change, below which it tells nothing
_MOST = 100


@dataclass(frozen=True)
class Group:
    """By what visits are told apart, and how one of them is told: its name, how many now, how many usually."""

    column: Column[Any]
    dimension: str
    tell: Callable[[str, int, int], str]


def _from_source(name: str, now: int, usual: int) -> str:
    if not usual:
        return counted(
            "From “%(name)s” came %(n)s visit; in the weeks before, none.",
            "From “%(name)s” came %(n)s visits; in the weeks before, none.",
            now,
            name=name,
        )
    return counted(
        "From “%(name)s” came %(n)s visit; in the weeks before, about %(usual)s.",
        "From “%(name)s” came %(n)s visits; in the weeks before, about %(usual)s.",
        now,
        name=name,
        usual=words.count(usual),
    )


def _on_page(name: str, now: int, usual: int) -> str:
    if not usual:
        return counted(
            "On %(name)s began %(n)s visit; in the weeks before, none.",
            "On %(name)s began %(n)s visits; in the weeks before, none.",
            now,
            name=name,
        )
    return counted(
        "On %(name)s began %(n)s visit; in the weeks before, about %(usual)s.",
        "On %(name)s began %(n)s visits; in the weeks before, about %(usual)s.",
        now,
        name=name,
        usual=words.count(usual),
    )


GROUPS = (Group(visit.c.source, "source", _from_source), Group(visit.c.entry, "page", _on_page))


def contributing(seen: Seen) -> Sequence[str]:
    """Return a sentence for each source or page that explains a good part of the change; none in count mode."""
    if counts_views(seen.looking.site):
        return ()
    change = seen.off.seen - seen.off.usual
    found = []
    for group in GROUPS:
        now, before = (_counted(seen, group, weeks) for weeks in (range(1), range(1, WEEKS + 1)))
        shifts = {name: now.get(name, 0) - before.get(name, 0) / WEEKS for name in {*now, *before}}
        name = max(shifts, key=lambda one: (shifts[one] / change, str(one)), default=None)
        if shifts and shifts[name] / change >= LEAST_SHARE:
            told = isolated(words.name_of(group.dimension, name))
            found.append(group.tell(told, now.get(name, 0), round(before.get(name, 0) / WEEKS)))
    return found


def _counted(seen: Seen, group: Group, weeks: range) -> dict[str | None, int]:
    back = [timedelta(weeks=week) for week in weeks]
    spans = [(stored(seen.begin - one), stored(seen.end - one)) for one in back]
    within = or_(*((visit.c.started_at >= first) & (visit.c.started_at < last) for first, last in spans))
    number = func.count().label("number")
    statement = (
        select(group.column.label("name"), number)
        .where(visit.c.site_id == seen.looking.site.id, visit.c.label.is_(None), within)
        .group_by(group.column)
        .order_by(number.desc())
        .limit(_MOST)
    )
    return {record["name"]: int(record["number"]) for record in seen.looking.ask(statement)}
