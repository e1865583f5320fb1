"""What a profile came with: its visits, and how many had which source, device or place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func
from sqlalchemy.orm import Session

from reports.profiles.belonging import of_one, of_profile
from reports.profiles.known import is_profile
from reports.profiles.shapes import Seen
from reports.query.moments import local
from reports.report import Ask
from tracker.sites import SiteInfo
from tracker.store.schema import visit

MOST_SEEN = 12
SOURCES = ("source", "medium", "campaign")
DEVICES = ("device", "browser", "os")
PLACES = ("country", "region", "city")


@dataclass(frozen=True)
class Came:
    """How often a profile came, and when first and last; None when it never did."""

    visits: int
    views: int
    first_seen: datetime | None
    last_seen: datetime | None


def visits_of(session: Session, site: SiteInfo, profile: int, *columns: Any) -> Select[Any]:
    """Select from the visits of a profile."""
    if is_profile(session, site.id, profile):
        return of_profile(visit, visit.c.started_at, site.id, profile, *columns)
    return of_one(visit, site.id, profile, *columns)


def came(session: Session, ask: Ask, site: SiteInfo, profile: int) -> Came:
    """Count the visits of a profile."""
    [row] = ask(
        visits_of(
            session,
            site,
            profile,
            func.count().label("visits"),
            cast(func.coalesce(func.sum(visit.c.views), 0), BigInteger).label("views"),
            func.min(visit.c.started_at).label("first_seen"),
            func.max(visit.c.ended_at).label("last_seen"),
        )
    )
    number = int(row["visits"])
    first, last = (local(row[name], site.tzinfo) if number else None for name in ("first_seen", "last_seen"))
    return Came(number, int(row["views"]), first, last)


def seen(session: Session, ask: Ask, site: SiteInfo, profile: int, names: Sequence[str]) -> list[Seen]:
    """Return the values that a profile's visits had in some columns, the commonest first."""
    columns = [visit.c[name] for name in names]
    number = func.count()
    statement = visits_of(
        session,
        site,
        profile,
        *columns,
        number.label("visits"),
        func.min(visit.c.started_at).label("first_seen"),
        func.max(visit.c.ended_at).label("last_seen"),
    )
    rows = ask(statement.group_by(*columns).order_by(number.desc(), *columns).limit(MOST_SEEN))
    return [
        Seen(
            name=[row[name] for name in names],
            visits=int(row["visits"]),
            first_seen=local(row["first_seen"], site.tzinfo),
            last_seen=local(row["last_seen"], site.tzinfo),
        )
        for row in rows
    ]
