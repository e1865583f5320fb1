"""How long are people strangers before we see that they are one and the same?

Counted are profiles known longer than a day whose first visit ever lies in the range and is one that
the filters choose. The time runs from the beginning of that visit until the person signed in, or was
known on another device or browser: there from signing in, or else, where a fingerprint or a link told
it, from the first visit on it. The shares within a time are of those for whom it has passed; the median
and the others are of those that were joined so far. That a browser which agreed is one with what was
seen of it earlier that day is not counted here: it happens at once. If most sign in late, much of
what you know of people before is a stranger's: see what would make them sign in sooner, or send
links made for them.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from reports.measures import ratio
from reports.query.intervals import interval_columns, with_interval
from reports.query.moments import stored
from reports.query.profiles import (
    PROFILE,
    begun,
    known_in_range,
    known_note,
    look_of,
    same_profile,
    sign_ins,
    signed_in,
    since,
    visits_of_profiles,
)
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.languages import gettext, marked
from tracker.store.functions import epoch_ms, last_by, quantile
from tracker.store.schema import VISIT_GAP_S, visit

WAYS = {
    "any": marked("Either of these"),
    "signed_in": marked("Signed in"),
    "other": marked("Another device or browser"),
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
    return Found(rows=[_row(gettext(title), new, met.get(way, {})) for way, title in WAYS.items()], notes=notes)


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
    """Return profile, first_at, way and the ms until it was met, one row for each profile and way that it met."""
    new = begun(scope)
    met = union_all(_elsewhere(scope, new), _named(scope, new)).subquery("met")
    either = select(met.c.profile, met.c.first_at, literal("any").label("way"), met.c.wait_ms)
    every = union_all(select(met), either).subquery("every")
    return (
        select(every.c.profile, every.c.way, every.c.first_at, func.min(every.c.wait_ms).label("wait_ms"))
        .group_by(every.c.profile, every.c.way, every.c.first_at)
        .subquery("waits")
    )


def _named(scope: Scope, new: Subquery) -> Select[Any]:
    """Select how long it took until each new profile signed in."""
    named = signed_in(since(scope))
    wait = epoch_ms(named.c.first_at) - epoch_ms(new.c.first_at)
    columns = new.c.profile, new.c.first_at, literal("signed_in").label("way"), wait.label("wait_ms")
    return select(*columns).select_from(new.join(named, same_profile(new, named)))


def _elsewhere(scope: Scope, new: Subquery) -> Select[Any]:
    """Select how long it took until each new profile was known on what it did not begin with."""
    looks, named = _looks(scope), sign_ins(since(scope))
    first = (
        select(looks.c.profile, last_by(looks.c.look, -looks.c.first_ms).label("look"))
        .group_by(looks.c.profile)
        .subquery("first_look")
    )
    known_ms = func.coalesce(epoch_ms(named.c.first_at), looks.c.first_ms)
    wait = known_ms - epoch_ms(new.c.first_at)
    there = same_profile(looks, named) & (looks.c.look == named.c.look)
    columns = new.c.profile, new.c.first_at, literal("other").label("way"), wait.label("wait_ms")
    return (
        select(*columns)
        .select_from(
            new.join(looks, same_profile(new, looks)).join(first, same_profile(new, first)).outerjoin(named, there)
        )
        .where(looks.c.look != first.c.look)
    )


def _looks(scope: Scope) -> Subquery:
    """Return on what each profile was seen, and when first."""
    seen = visits_of_profiles(
        since(scope),
        PROFILE.label("profile"),
        look_of(visit).label("look"),
        func.min(epoch_ms(visit.c.started_at)).label("first_ms"),
    )
    return seen.group_by("profile", "look").subquery("looks")


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
        Column("way", "What joined them", "text", "How it was seen that they are one."),
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
    compares=False,
)
