"""Groupings by time: what the store counts by, and what a person reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, case

from reports.query.buckets import (
    Bucket,
    day_number,
    days,
    hour_number,
    hours,
    is_hourly,
    week_number,
    weeks,
)
from reports.query.ranges import Range
from reports.question.dimensions import TIMES
from tracker.errors import InvalidInputError

MOST_DAYS_IN_HOURS = 366


@dataclass(frozen=True)
class Step:
    """The steps of a range: each bucket has its number in the store and its label."""

    name: str
    buckets: tuple[Bucket, ...]
    span: Range

    def number(self, column: ColumnElement[Any]) -> ColumnElement[int]:
        """Return the number of the bucket that holds a time of the store."""
        if self.name == "time:hour":
            return hour_number(column, self.span)
        if self.name == "time:week":
            return week_number(column, self.span)
        day = day_number(column, self.span)
        if self.name == "time:day":
            return day
        return case(*((day >= one.number, one.number) for one in reversed(self.buckets)), else_=0)

    def label(self, bucket: Bucket) -> str:
        """Write a bucket's beginning: an hour with its offset, else a day."""
        return bucket.start.isoformat() if self.name == "time:hour" else bucket.start.date().isoformat()

    # thousands of hours, asked for by each of thousands of rows
    @cached_property
    def labels(self) -> Mapping[int, str]:
        """The buckets' labels by their numbers, in order."""
        return {one.number: self.label(one) for one in self.buckets}

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The buckets' places among all of them, from 0, by their numbers."""
        return {one.number: place for place, one in enumerate(self.buckets)}


def step_of(name: str, span: Range, now: datetime) -> Step:
    """Return the steps of a range by a grouping; InvalidInputError when there would be too many."""
    if name == "time":
        name = "time:hour" if is_in_hours(name, span) else "time:day"
    if name == "time:hour":
        if span.days > MOST_DAYS_IN_HOURS:
            raise InvalidInputError(
                "dimensions", f"time:hour takes at most {MOST_DAYS_IN_HOURS} days, not {span.days}; ask by time:day"
            )
        whole = replace(span, since=span.start.replace(minute=0, second=0, microsecond=0))
        return Step(name, tuple(hours(whole, now)), whole)
    found = weeks(span, now) if name == "time:week" else days(span, now)
    if name == "time:month":
        found = [one for place, one in enumerate(found) if place == 0 or one.start.day == 1]
    return Step(name, tuple(found), span)


def is_in_hours(name: str, span: Range) -> bool:
    """Tell whether a grouping has hours as its steps, rather than days or more."""
    return name == "time:hour" or (name == "time" and is_hourly(span))


def is_time(name: str) -> bool:
    """Tell whether a dimension is a time."""
    return name in TIMES
