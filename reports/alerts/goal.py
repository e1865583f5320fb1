"""A goal is reached far more or far less often than usual at this hour of the week."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import msgspec
from sqlalchemy import Select, func

from reports.alerts import telling
from reports.alerts.counting import Bucket, Series
from reports.alerts.kind import Departure, Kind, Seen, Words
from reports.query.chosen import events
from reports.query.meeting import kinds_of, met
from reports.scope import Scope
from reports.wording import words
from reports.wording.places import isolated
from tracker.alerts.look import Rule
from tracker.alerts.rules import DROP, SPIKE, Sensitivity, rule_of
from tracker.goals import GoalInfo
from tracker.languages import counted, gettext, marked
from tracker.sites import SiteInfo
from tracker.store.schema import event

Side = Literal["spike", "drop"]
_SIDES: tuple[Side, ...] = (DROP, SPIKE)


def departures(site: SiteInfo) -> Sequence[Departure]:
    """Return two series a goal, which fall and which rise; the false alarms allowed are shared among them."""
    return [_departure(goal, side, len(_SIDES) * len(site.goals)) for goal in site.goals for side in _SIDES]


def _departure(goal: GoalInfo, side: Side, among: int) -> Departure:
    def rule(sensitivity: Sensitivity, least: int) -> Rule:
        whole = rule_of(side, sensitivity, least)
        return replace(whole, false_a_month=whole.false_a_month / among)

    name = hashlib.sha256(goal.name.encode()).hexdigest()[:32]
    return Departure(
        subject=f"{name}-{side}",
        series=_conversions(goal),
        title=gettext("“%(goal)s” reached, by hour", goal=isolated(goal.name)),
        rule=rule,
        learn=telling.learn_hours,
        tell=_telling(goal, side),
    )


def _conversions(goal: GoalInfo) -> Series:
    def selects(scope: Scope, bucket: Bucket) -> Sequence[Select[Any]]:
        kinds = kinds_of([goal.condition])
        at = bucket(event.c.occurred_at).label("bucket")
        return (events(scope, kinds, at, func.count().label("number")).where(met(goal.condition)),)

    return Series(f"goal: {msgspec.json.encode(goal.condition).decode()}", selects, share=False)


def _telling(goal: GoalInfo, side: Side) -> Callable[[Seen], Words]:
    def tell(seen: Seen) -> Words:
        """Say how often it was reached, and how often it usually is."""
        if side == SPIKE:
            headline = gettext(
                "“%(goal)s” was reached %(times)s times as often as usual",
                goal=isolated(goal.name),
                times=telling.times(seen),
            )
        else:
            headline = gettext(
                "“%(goal)s” was reached %(share)s less often than usual",
                goal=isolated(goal.name),
                share=telling.below(seen),
            )
        return Words(headline, _often(seen), _why(seen))

    return tell


def _often(seen: Seen) -> str:
    return counted(
        "It was reached %(n)s time %(when)s; %(usual)s.",
        "It was reached %(n)s times %(when)s; %(usual)s.",
        seen.off.seen,
        when=telling.stretch(seen.begin, seen.end),
        usual=telling.usual(seen),
    )


def _why(seen: Seen) -> str:
    return counted(
        "Told from %(ratio)s times the usual on, where at least %(n)s is usual or was reached. %(limit)s",
        "Told from %(ratio)s times the usual on, where at least %(n)s are usual or were reached. %(limit)s",
        seen.rule.least,
        ratio=words.number(seen.rule.ratio),
        limit=telling.limit(seen),
    )


kind = Kind(
    name="goal",
    title=marked("Goals"),
    help=marked("A goal is reached far less or far more often than usual at this hour of the week."),
    report="goals",
    every=timedelta(minutes=15),
    departures=departures,
)
