"""How exports name a visitor, by what the site's privacy mode keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, String, cast, literal, null

from reports.query.buckets import day_number
from reports.query.ranges import Range
from tracker.clock import utc_now
from tracker.identity.identifiers import export_key
from tracker.privacy import MODE
from tracker.sites import SiteInfo
from tracker.store.functions import sealed

_ZONES_FROM = datetime(2015, 1, 1, tzinfo=UTC).date()
"""Before it a zone's clock is taken to stand still, which keeps statements short; its midnight may be an hour off."""


def keeps(site: SiteInfo, name: str) -> bool:
    """Tell whether a site's privacy mode keeps what `tracker.privacy` calls so; rows of a freer time may have it."""
    return any(one.name == name for one in MODE[site.privacy_mode].keeps)


def named(site: SiteInfo, visitor: Column[Any], time: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a visitor's id: lasting where the mode keeps that, another each day where it does not, or null.

    Rows of a freer time hold a lasting id, and nothing tells it from a daily one: all are hashed with the site's day.
    """
    if keeps(site, "first-party id"):
        return visitor
    if not keeps(site, "daily number"):
        return cast(null(), BigInteger)
    tomorrow = site.day_of(utc_now()) + timedelta(days=2)
    day = day_number(time, Range("all", _ZONES_FROM, tomorrow, site.tzinfo))
    key = literal(export_key(site.identity_key) + ":")
    # a null must stay one: some engines' concat() passes over it
    return sealed(key + cast(day, String) + literal(":") + cast(visitor, String))
