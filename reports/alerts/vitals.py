"""Web vitals that were good, or not poor, and are no more: by Google's limits, at the 75th percentile.

A 75th percentile is above a limit where more than a quarter of the views are. So what is looked at are counts:
of so many views, so many were above the limit.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from math import inf
from typing import Any

from sqlalchemy import Select, func

from reports.alerts import telling
from reports.alerts.counting import Bucket, Series, span_scope
from reports.alerts.kind import Departure, Kind, Known, Seen, Words
from reports.query.chosen import events
from reports.scope import Scope
from reports.vitals import SHARE, VITALS, Vital
from reports.wording import words
from tracker.alerts.look import Rule
from tracker.alerts.rules import Sensitivity, rule_of_share
from tracker.alerts.share import Share
from tracker.languages import counted, gettext, marked
from tracker.sites import SiteInfo
from tracker.store.functions import quantile
from tracker.store.schema import event

LEAST_VIEWS = 100
STRETCHES = (48, 288)  # four hours, a day
_ABOVE = 1 - SHARE
LEVELS: tuple[tuple[str, str, Callable[[Vital], int]], ...] = (
    ("good", marked("%(vital)s is good no more: %(value)s"), lambda vital: vital.good),
    ("poor", marked("%(vital)s is poor now: %(value)s"), lambda vital: vital.poor),
)


def rule(sensitivity: Sensitivity, least: int) -> Rule:
    """Return from how many views on, and how surely, it is told."""
    return replace(rule_of_share(sensitivity, max(least, LEAST_VIEWS)), ratio=1.0, stretches=STRETCHES)


def learn(hours: Sequence[Known]) -> Share | None:
    """Learn how days differ; None where the percentile is above the limit already."""
    found = telling.learn_days(hours)
    return replace(found, share=_ABOVE, hits=inf) if found is not None and found.share <= _ABOVE else None


def departures(_site: SiteInfo) -> Sequence[Departure]:
    """Return a series for each of the vitals that a page is rated by, and each of their limits."""
    return [_departure(vital, level) for vital in VITALS if vital.core for level in LEVELS]


def _departure(vital: Vital, level: tuple[str, str, Callable[[Vital], int]]) -> Departure:
    name, news, limit_of = level
    limit = limit_of(vital)
    subject = f"{vital.name}:{name}"
    title = gettext("Views with %(vital)s above %(limit)s, by hour", vital=vital.title, limit=_written(vital, limit))
    return Departure(
        subject,
        Series(subject, partial(_views_above, vital, limit)),
        title,
        rule,
        learn,
        partial(_tell, vital, news, limit),
    )


def _views_above(vital: Vital, limit: int, scope: Scope, bucket: Bucket) -> Sequence[Select[Any]]:
    above = func.count().filter(vital.stored > limit).label("number")
    known = func.count(vital.stored).label("of")
    return (events(scope, "vitals", bucket(event.c.occurred_at).label("bucket"), above, known),)


def _tell(vital: Vital, news: str, limit: int, seen: Seen) -> Words:
    scope = span_scope(seen.looking.site, seen.begin, seen.end)
    [record] = seen.looking.ask(events(scope, "vitals", quantile(vital.stored, SHARE).label("value")))
    value = _written(vital, record["value"] or 0)
    return Words(
        gettext(news, vital=vital.title, value=value),
        counted(
            "The 75th percentile of %(vital)s was %(value)s %(when)s, of %(n)s view; "
            "%(share)s of them were above %(most)s.",
            "The 75th percentile of %(vital)s was %(value)s %(when)s, of %(n)s views; "
            "%(share)s of them were above %(most)s.",
            seen.off.of or 0,
            vital=vital.title,
            value=value,
            when=telling.stretch(seen.begin, seen.end),
            share=telling.share_of(seen),
            most=_written(vital, limit),
        ),
        counted(
            "Told when surely more than a quarter of at least %(n)s view are above Google's limit of %(most)s, "
            "where in the weeks before it were fewer. %(limit)s",
            "Told when surely more than a quarter of at least %(n)s views are above Google's limit of %(most)s, "
            "where in the weeks before it were fewer. %(limit)s",
            seen.rule.least,
            most=_written(vital, limit),
            limit=telling.limit(seen),
        ),
    )


def _written(vital: Vital, value: float) -> str:
    return words.cell(vital.kind, round(value) if vital.unit == 1 else value / vital.unit)


kind = Kind(
    name="vitals",
    title=marked("Pages became slow"),
    help=marked("LCP, INP or CLS was within Google's limits for good, or above poor, and is no more."),
    report="vitals",
    every=timedelta(hours=1),
    departures=departures,
)
