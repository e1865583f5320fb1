"""How long are people strangers before we see that they are one and the same?

Counted are profiles known longer than a day whose first visit ever lies in the range and is one that
the filters choose. The time runs from that visit to the moment at which a second name of the profile
appeared in what was stored: the person signed in, or a visit came under another visitor id, that of
another device or browser, or of the same one after its visitor agreed or cleared its storage. A
profile may stand in several rows. The shares within a time are of those for whom it has passed.
If most sign in late, much of what you know of people before is a stranger's: see what would make them
sign in sooner, or send links made for them.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, select, union_all

from reports.measures import ratio
from reports.query.intervals import interval_columns, with_interval
from reports.query.moments import stored
from reports.query.profiles import (
    PROFILE,
    begun,
    known_in_range,
    known_note,
    same_profile,
    signed_in,
    since,
    visits_of_profiles,
)
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import epoch_ms, last_by, quantile
from tracker.store.schema import VISIT_GAP_S, visit

WAYS = {
    "any": "Any of these",
    "signed_in": "Signed in",
    "other": "Another device or browser",
    "same": "The same kind of browser",
}
WITHIN = {
    "visit": timedelta(seconds=VISIT_GAP_S),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
_QUANTILES = {"median_ms": 0.5, "p75_ms": 0.75, "p90_ms": 0.9}


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a way in which identifiers met."""
    [sums] = ask(known_in_range(scope))
    if not int(sums["visitors"]):
        return Found(rows=[])
    notes = [known_note(int(sums["visitors"]), int(sums["known"]))]
    [new] = ask(_passed(scope))
    if not int(new["profiles"]):
        return Found(rows=[], notes=notes)
    met = {str(record["way"]): record for record in ask(_met(scope))}
    return Found(rows=[_row(title, new, met.get(way, {})) for way, title in WAYS.items()], notes=notes)


def _passed(scope: Scope) -> Select[Any]:
    """Count the new profiles, and those whose first visit is at least so long ago."""
    new = begun(scope)
    ago = (
        func.count().filter(new.c.first_at <= stored(scope.now - length)).label(name) for name, length in WITHIN.items()
    )
    columns: tuple[Any, ...] = func.count().label("profiles"), *ago
    return select(*columns)


def _met(scope: Scope) -> Select[Any]:
    """Return, by way, how many profiles met it, after how long, and how many within a time that has passed."""
    waits = _waits(scope)
    soon = (
        func.count().filter(waits.c.wait_ms <= _ms(length), waits.c.first_at <= stored(scope.now - length)).label(name)
        for name, length in WITHIN.items()
    )
    times = (quantile(waits.c.wait_ms, share).label(name) for name, share in _QUANTILES.items())
    return select(waits.c.way, func.count().label("joined"), *times, *soon).group_by(waits.c.way)


def _waits(scope: Scope) -> Subquery:
    """Return profile, way, first_at and the ms until it was met, one row for each profile and way that it met."""
    names, new = _names(scope), begun(scope)
    of_first = (
        select(
            names.c.profile,
            last_by(names.c.visitor_id, -names.c.first_ms).label("visitor_id"),
            last_by(names.c.look, -names.c.first_ms).label("look"),
        )
        .group_by(names.c.profile)
        .subquery("of_first")
    )
    other = (
        select(
            new.c.profile,
            new.c.first_at,
            case((names.c.look == of_first.c.look, "same"), else_="other").label("way"),
            (names.c.first_ms - epoch_ms(new.c.first_at)).label("wait_ms"),
        )
        .select_from(new.join(names, same_profile(new, names)).join(of_first, same_profile(new, of_first)))
        .where(names.c.visitor_id != of_first.c.visitor_id)
    )
    named = signed_in(since(scope))
    sign_ins = select(
        new.c.profile,
        new.c.first_at,
        literal("signed_in").label("way"),
        (epoch_ms(named.c.first_at) - epoch_ms(new.c.first_at)).label("wait_ms"),
    ).select_from(new.join(named, same_profile(new, named)))
    met = union_all(other, sign_ins).subquery("met")
    any_way = select(met.c.profile, met.c.first_at, literal("any").label("way"), met.c.wait_ms)
    every = union_all(select(met), any_way).subquery("every")
    return (
        select(every.c.profile, every.c.way, every.c.first_at, func.min(every.c.wait_ms).label("wait_ms"))
        .group_by(every.c.profile, every.c.way, every.c.first_at)
        .subquery("waits")
    )


def _names(scope: Scope) -> Subquery:
    """Return the visitor ids of each profile, each with its first visit and on what device and browser that was."""
    look: ColumnElement[str] = func.coalesce(visit.c.device, "")
    for part in (visit.c.os, visit.c.browser):
        look = look + "/" + func.coalesce(part, "")
    return (
        visits_of_profiles(
            since(scope),
            PROFILE.label("profile"),
            visit.c.visitor_id.label("visitor_id"),
            func.min(epoch_ms(visit.c.started_at)).label("first_ms"),
            last_by(look, -epoch_ms(visit.c.started_at)).label("look"),
        )
        .group_by("profile", visit.c.visitor_id)
        .subquery("names")
    )


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


def _row(title: str, new: dict[str, Any], met: dict[str, Any]) -> Row:
    return {
        "way": title,
        "profiles": int(new["profiles"]),
        "joined": int(met.get("joined", 0)),
        **with_interval("joined_rate", int(met.get("joined", 0)), int(new["profiles"])),
        **{f"within_{name}": ratio(int(met.get(name, 0)), int(new[name])) for name in WITHIN},
        **{name: round(met[name]) if met else None for name in _QUANTILES},
    }


report = Report(
    name="time-to-stitch",
    title="Time to stitch",
    doc=__doc__,
    columns=(
        Column("way", "What joined them", "text", "How the second name of a profile came."),
        Column("profiles", "Profiles", "count", "Known profiles that were new in the range."),
        Column("joined", "Joined", "count", "How many of them met this up to now."),
        *interval_columns("joined_rate", "Share joined", "Of these profiles, how many met this up to now."),
        Column(
            "within_visit", "Within half an hour", "share", "Joined within 30 minutes of the first visit's beginning."
        ),
        Column("within_day", "Within a day", "share", "Joined within 24 hours of the first visit's beginning."),
        Column("within_week", "Within a week", "share", "Joined within 7 days of the first visit's beginning."),
        Column("median_ms", "Median", "ms", "Of those that were joined, half took no longer."),
        Column("p75_ms", "Three in four", "ms", "Of those that were joined, three in four took no longer."),
        Column("p90_ms", "Nine in ten", "ms", "Of those that were joined, nine in ten took no longer."),
    ),
    run=run,
)
