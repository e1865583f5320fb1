"""Times: the beginnings of stretches of them, and reckoning."""
# ruff: noqa: N801 - they are used as functions

from datetime import datetime

from sqlalchemy import DateTime
from sqlalchemy.sql.functions import FunctionElement

from tracker.store.functions.spelling import spelled


@spelled(duckdb="time_bucket(INTERVAL 15 MINUTES, {0})", clickhouse="toStartOfInterval({0}, INTERVAL 15 MINUTE)")
class quarter(FunctionElement[datetime]):
    """The beginning of a time's quarter of an hour."""

    type = DateTime()
    inherit_cache = True


@spelled(duckdb="date_trunc('day', {0})", clickhouse="toDateTime64(toStartOfDay({0}), 3, 'UTC')")
class day(FunctionElement[datetime]):
    """The midnight before a time."""

    type = DateTime()
    inherit_cache = True


@spelled(duckdb="date_trunc('hour', {0})", clickhouse="toStartOfHour({0})")
class hour(FunctionElement[datetime]):
    """The full hour before a time."""

    type = DateTime()
    inherit_cache = True


@spelled(duckdb="({0} + to_seconds({1}))", clickhouse="addSeconds({0}, {1})")
class later(FunctionElement[datetime]):
    """A time, so many seconds later."""

    type = DateTime()
    inherit_cache = True
