"""The profiles of a site within a scope: visits by whom they are of, with what is known of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import Session

from reports.profiles.belonging import membership, profile_id
from reports.profiles.known import Known, known_of
from reports.profiles.shapes import ProfileLine
from reports.query import chosen
from reports.query.moments import local
from reports.query.words import check_known
from reports.report import Ask
from reports.scope import Scope
from tracker.languages import marked
from tracker.signal_book import BY_NAME
from tracker.store.functions import epoch_ms, last_by
from tracker.store.schema import member, struggle, visit

ORDERS = {"newest": marked("Newest first"), "visits": marked("Most visits first")}
WHO = {
    "all": marked("Everybody"),
    "known": marked("Known for longer than a day"),
    "one-day": marked("Told apart for a day only"),
}
MOST_NAMES = 3
_NEEDED = ("site_id", "visitor_id", "started_at", "ended_at", "views", "device", "browser", "source")


@dataclass(frozen=True)
class Listing:
    """The first profiles by an order, and whether there are more."""

    rows: Sequence[ProfileLine]
    more: bool


def check_words(order: str, who: str) -> None:
    """Raise InvalidInputError when there is no such order, or no such choice of whom to list."""
    check_known("order", order, ORDERS)
    check_known("who", who, WHO)


def find_profiles(session: Session, ask: Ask, scope: Scope, order: str = "newest", who: str = "all") -> Listing:
    """Return the profiles whose visits a scope chooses, at most its limit."""
    check_words(order, who)
    rows = ask(_profiles(scope, order, who))
    found = rows[: scope.limit]
    ids = [int(row["profile_id"]) for row in found]
    if not ids:
        return Listing((), more=False)
    known = known_of(session, scope.site.id, ids)
    struggles = {int(row["profile_id"]): int(row["struggles"]) for row in ask(_struggles(scope, ids))}
    names = _names(ask(_devices(scope, ids)))
    lines = [_line(row, scope, known[int(row["profile_id"])], struggles, names) for row in found]
    return Listing(lines, more=len(rows) > scope.limit)


def _profiles(scope: Scope, order: str, who: str) -> Select[Any]:
    came = _visits(scope)
    last = func.max(came.c.ended_at)
    number = func.count()
    statement = select(
        profile_id(came.c.visitor_id).label("profile_id"),
        func.min(came.c.started_at).label("first_seen"),
        last.label("last_seen"),
        number.label("visits"),
        cast(func.sum(came.c.views), BigInteger).label("views"),
        last_by(func.coalesce(came.c.source, ""), -epoch_ms(came.c.started_at)).label("source"),
    ).select_from(came.outerjoin(member, membership(came, came.c.started_at)))
    if who != "all":
        tied = member.c.profile_id
        statement = statement.where(tied.is_not(None) if who == "known" else tied.is_(None))
    profile = profile_id(came.c.visitor_id)
    first = (number.desc(), last.desc()) if order == "visits" else (last.desc(),)
    return statement.group_by(profile).order_by(*first, profile).limit(scope.rows_wanted)


def _visits(scope: Scope) -> Any:
    return chosen.visits(scope, *(visit.c[name] for name in _NEEDED)).subquery("came")


def _struggles(scope: Scope, ids: Sequence[int]) -> Select[Any]:
    needed = (struggle.c.site_id, struggle.c.visitor_id, struggle.c.occurred_at)
    happened = chosen.struggles(scope, *needed).where(struggle.c.signal.in_(sorted(BY_NAME))).subquery("happened")
    profile = profile_id(happened.c.visitor_id)
    columns: tuple[Any, ...] = (profile.label("profile_id"), func.count().label("struggles"))
    return (
        select(*columns)
        .select_from(happened.outerjoin(member, membership(happened, happened.c.occurred_at)))
        .where(profile.in_(ids))
        .group_by(profile)
    )


def _devices(scope: Scope, ids: Sequence[int]) -> Select[Any]:
    came = _visits(scope)
    profile = profile_id(came.c.visitor_id)
    keys = (profile, came.c.device, came.c.browser)
    return (
        select(profile.label("profile_id"), came.c.device, came.c.browser, func.count().label("visits"))
        .select_from(came.outerjoin(member, membership(came, came.c.started_at)))
        .where(profile.in_(ids))
        .group_by(*keys)
        .order_by(func.count().desc(), came.c.device, came.c.browser)
    )


def _names(rows: Sequence[dict[str, Any]]) -> dict[int, tuple[list[str], list[str]]]:
    """Return the devices and the browsers of each profile, the commonest first."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    for row in rows:
        names = found.setdefault(int(row["profile_id"]), ([], []))
        for list_, name in zip(names, (row["device"], row["browser"]), strict=True):
            if name and name not in list_ and len(list_) < MOST_NAMES:
                list_.append(name)
    return found


def _line(
    row: dict[str, Any],
    scope: Scope,
    known: Known,
    struggles: dict[int, int],
    names: dict[int, tuple[list[str], list[str]]],
) -> ProfileLine:
    profile, zone = int(row["profile_id"]), scope.site.tzinfo
    devices, browsers = names.get(profile, ([], []))
    first = local(row["first_seen"], zone)
    return ProfileLine(
        id=str(profile),
        who=known.who,
        first_seen=min(first, known.first_seen.astimezone(zone)) if known.first_seen else first,
        last_seen=local(row["last_seen"], zone),
        visits=int(row["visits"]),
        views=int(row["views"] or 0),
        struggles=struggles.get(profile, 0),
        devices=devices,
        browsers=browsers,
        source=row["source"] or None,
        identifiers=dict(sorted(known.identifiers.items())),
        conflict=known.conflict,
    )
