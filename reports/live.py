"""The live view: who is on the site now, on which pages, from where, and what goes wrong for them.

Now is the last five minutes, by the time of the views; minutes are counted over the last half
hour. Declared bots are left out. A site that tells no visitors apart has views alone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, desc, func, select

from reports import measures
from reports.query.moments import iso, stored
from reports.report import Ask
from tracker.signals import DEAD, ERROR, SLOW
from tracker.sites import SiteInfo
from tracker.store.functions import epoch_ms, whole_div
from tracker.store.schema import event, visit

NOW = timedelta(minutes=5)
MINUTES = 30
MOST_NAMED, MOST_HAPPENED = 8, 20
_MINUTE_MS = 60_000
_KINDS = ("view", "click", "custom", "error", "form", "search", "link")
_GONE_WRONG = {DEAD: "dead", ERROR: "error_click", SLOW: "slow"}


class Share(msgspec.Struct, frozen=True):
    """A name, empty where nothing is known, for how many visitors it is true now, and of how many of their views."""

    name: str | None
    visitors: int
    views: int


class Happened(msgspec.Struct, frozen=True):
    """One event, the newest first; `signal` says what went wrong with a click, if anything."""

    at: str
    kind: str
    path: str | None
    element: str | None
    element_text: str | None
    name: str | None
    country: str | None
    device: str | None
    signal: str | None


class Live(msgspec.Struct, frozen=True):
    """What goes on at `at`: `views_by_minute` begins half an hour ago and ends with the minute that runs."""

    at: str
    visitors: int
    views: int
    views_by_minute: list[int]
    pages: list[Share]
    sources: list[Share]
    countries: list[Share]
    happened: list[Happened]


def read_live(site: SiteInfo, ask: Ask, now: datetime) -> Live:
    """Return what goes on at a site; QueryTimeoutError when it cannot be told in time."""
    [totals] = ask(_recent(site, now, measures.page_visitors.labelled, measures.views.labelled))
    return Live(
        at=now.astimezone(site.tzinfo).isoformat(timespec="seconds"),
        visitors=int(totals["visitors"]),
        views=int(totals["views"]),
        views_by_minute=_by_minute(site, ask, now),
        pages=_shares(ask(_named(_recent(site, now), event.c.path))),
        sources=_shares(ask(_sources(site, now))),
        countries=_shares(ask(_named(_recent(site, now), event.c.country))),
        happened=_happened(site, ask, now),
    )


def visitors_now(site: SiteInfo, ask: Ask, now: datetime) -> int:
    """Count the visitors of the last five minutes, or the views of a site that tells no visitors apart."""
    number = measures.views if site.privacy_mode == "count" else measures.page_visitors
    [totals] = ask(_recent(site, now, number.labelled))
    return int(totals[number.name])


def _people(site: SiteInfo) -> tuple[ColumnElement[bool], ...]:
    return event.c.site_id == site.id, event.c.label.is_(None)


def _recent(site: SiteInfo, now: datetime, *columns: Any) -> Select[Any]:
    """Select from the views of the last minutes."""
    since = stored(now - NOW)
    views = event.c.kind == "view", event.c.occurred_at > since, event.c.occurred_at <= stored(now)
    return select(*columns).where(*_people(site), *views)


def _named(statement: Select[Any], name: ColumnElement[Any]) -> Select[Any]:
    counted = statement.add_columns(name.label("name"), measures.page_visitors.labelled, measures.views.labelled)
    return counted.group_by(name).order_by(desc("visitors"), desc("views"), name.nulls_last()).limit(MOST_NAMED)


def _sources(site: SiteInfo, now: datetime) -> Select[Any]:
    since = stored(now - NOW)
    numbers = measures.visitors.labelled, measures.visit_views.labelled.label("views")
    return (
        select(visit.c.source.label("name"), *numbers)
        .where(visit.c.site_id == site.id, visit.c.label.is_(None), visit.c.views > 0)
        .where(visit.c.ended_at > since, visit.c.started_at > since - timedelta(days=1))
        .where(visit.c.started_at <= stored(now))
        .group_by(visit.c.source)
        .order_by(desc("visitors"), visit.c.source.nulls_last())
        .limit(MOST_NAMED)
    )


def _by_minute(site: SiteInfo, ask: Ask, now: datetime) -> list[int]:
    this_minute = int(now.timestamp() * 1000) // _MINUTE_MS
    minute: ColumnElement[Any] = whole_div(epoch_ms(event.c.occurred_at), _MINUTE_MS).label("minute")
    since = stored(now.replace(second=0, microsecond=0) - timedelta(minutes=MINUTES - 1))
    statement = select(minute, func.count().label("views")).where(
        *_people(site), event.c.kind == "view", event.c.occurred_at >= since, event.c.occurred_at <= stored(now)
    )
    counted = {int(record["minute"]): int(record["views"]) for record in ask(statement.group_by("minute"))}
    return [counted.get(this_minute - back, 0) for back in reversed(range(MINUTES))]


def _happened(site: SiteInfo, ask: Ask, now: datetime) -> list[Happened]:
    columns = [event.c[name] for name in ("kind", "path", "element", "element_text", "name", "country", "device")]
    statement = (
        select(event.c.occurred_at, event.c.signals, *columns)
        .where(*_people(site), event.c.kind.in_(_KINDS))
        .where(event.c.occurred_at > stored(now - timedelta(minutes=MINUTES)), event.c.occurred_at <= stored(now))
        .order_by(event.c.occurred_at.desc(), event.c.view_id, event.c.seq.desc())
        .limit(MOST_HAPPENED)
    )
    return [
        Happened(
            at=str(iso(record["occurred_at"], site.tzinfo)),
            signal=_gone_wrong(record["signals"]),
            **{column.name: record[column.name] for column in columns},
        )
        for record in ask(statement)
    ]


def _gone_wrong(bits: int | None) -> str | None:
    return next((name for bit, name in _GONE_WRONG.items() if (bits or 0) & bit), None)


def _shares(records: Sequence[dict[str, Any]]) -> list[Share]:
    return [Share(record["name"], int(record["visitors"]), int(record["views"])) for record in records]
