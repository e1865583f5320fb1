"""Who goes on with another device, from which to which, and did a struggle come before?

One row is a change: a visit on one device, and the same profile's next visit on another. A device is
told by its class, system and browser; two phones of one model are one. Where the visits before a
change struggled more than those after it, people may have given up on the first device: look at its
struggles. Only who is known on both is seen here: who signed in on each, or opened a link made for
them. A change after a long time says less than one within the hour.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select

from reports.measures import during
from reports.query.chosen import struggles_in_visits
from reports.query.intervals import interval_columns, with_interval
from reports.query.profiles import (
    PROFILE,
    TIED,
    known_in_range,
    known_note,
    look_in_words,
    look_of,
    unfiltered,
    visits_of_profiles,
)
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.struggling import counted
from tracker import languages
from tracker.signal_book import SIGNALS
from tracker.store.functions import count_distinct, epoch_ms, median
from tracker.store.schema import visit


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a change of devices, most profiles first."""
    seen = _seen(scope)
    changes = select(seen).where(seen.c.look != seen.c.look_before).subquery("changes")
    keys = changes.c.look_before, changes.c.look
    profiles = count_distinct(changes.c.profile).label("profiles")
    statement = (
        select(
            *keys,
            profiles,
            func.count().label("changes"),
            median(changes.c.gap_ms).label("gap_ms"),
            func.sum(changes.c.struggled_before).label("struggled_before"),
            func.sum(changes.c.struggled).label("struggled_after"),
        )
        .group_by(*keys)
        .order_by(profiles.desc(), func.count().desc(), *keys)
        .limit(scope.rows_wanted)
    )
    [sums] = ask(known_in_range(scope))
    if not int(sums["visitors"]):
        return Found(rows=[])
    [total] = ask(_total(seen))
    known, several = int(total["profiles"]), int(total["several"])
    notes = [
        known_note(int(sums["visitors"]), int(sums["known"])),
        languages.counted(
            "Of %(n)s profile tied to more than one identifier, %(several)s used more than one device in the range.",
            "Of %(n)s profiles tied to more than one identifier, %(several)s used more than one device in the range.",
            known,
            several=languages.numbers.whole(several),
        ),
    ]
    return Found(rows=[_row(record) for record in ask(statement)], totals={"profiles": several}, notes=notes)


def _seen(scope: Scope) -> Subquery:
    """Return each visit of a known profile beside what is told of the one before."""
    struck = (
        counted(struggles_in_visits(unfiltered(scope), during.c.visit_id.label("visit_id")), unfiltered(scope))
        .distinct()
        .subquery("struck")
    )
    told: dict[str, ColumnElement[Any]] = {
        "look": look_of(visit),
        "started": epoch_ms(visit.c.started_at),
        "ended": epoch_ms(visit.c.ended_at),
        "struggled": case((struck.c.visit_id.is_not(None), 1), else_=0),
    }
    visits = (
        visits_of_profiles(
            scope, PROFILE.label("profile"), visit.c.visit_id, *(one.label(name) for name, one in told.items())
        )
        .where(TIED)
        .outerjoin(struck, struck.c.visit_id == visit.c.visit_id)
        .subquery("visits")
    )
    order = [visits.c.started, visits.c.visit_id]
    beside = [
        func.lag(visits.c[name], 1).over(partition_by=visits.c.profile, order_by=order).label(f"{name}_before")
        for name in told
    ]
    placed = select(visits, *beside).subquery("placed")
    gap = placed.c.started - placed.c.ended_before
    return select(placed, case((gap > 0, gap), else_=0).label("gap_ms")).subquery("seen")


def _total(seen: Subquery) -> Select[Any]:
    """Count the profiles, and those with more than one device: with a visit on another than the one before."""
    several = case((seen.c.look != seen.c.look_before, seen.c.profile), else_=None)
    columns: tuple[Any, ...] = (
        count_distinct(seen.c.profile).label("profiles"),
        count_distinct(several).label("several"),
    )
    return select(*columns)


def _row(record: dict[str, Any]) -> Row:
    changes = int(record["changes"])
    return {
        "first_device": look_in_words(str(record["look_before"])),
        "then_device": look_in_words(str(record["look"])),
        "profiles": int(record["profiles"]),
        "changes": changes,
        "between_ms": round(record["gap_ms"]),
        **with_interval("struggled_before", int(record["struggled_before"]), changes),
        **with_interval("struggled_after", int(record["struggled_after"]), changes),
    }


report = Report(
    name="cross-device",
    title="Across devices",
    doc=__doc__,
    columns=(
        Column("first_device", "First on", "text", "The device, system and browser of the visit before the change."),
        Column("then_device", "Then on", "text", "Those of the visit after it."),
        Column("profiles", "Profiles", "count", "Profiles that changed in this way at least once."),
        Column("changes", "Changes", "count", "How often they did; there and back again are two."),
        Column(
            "between_ms", "Time between", "ms", "Median time from the end of the one visit to the start of the next."
        ),
        *interval_columns(
            "struggled_before", "Struggled before", "Of these changes, how many came after a visit with a struggle."
        ),
        *interval_columns(
            "struggled_after", "Struggled after", "Of these changes, how many led to a visit with a struggle."
        ),
    ),
    run=run,
    signals=tuple(signal.name for signal in SIGNALS),
)
