"""A profile's time, the newest first: visits, sign-ins, and when edges came and were taken back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from reports.profiles.came import visits_of
from reports.profiles.edges import edges_of
from reports.profiles.ids import short
from reports.profiles.known import identifiers_of
from reports.profiles.shapes import Happened, IdentifierShape, Moment, Struggled, Timeline, VisitShape
from reports.query.moments import local, stored
from reports.report import Ask
from reports.struggle.story import event_id_of
from tracker.errors import InvalidInputError
from tracker.identity.graph import rows_of
from tracker.models import SignInSpan
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo
from tracker.store.schema import VISIT_GAP_S, event, struggle, visit

VISITS_A_PAGE = 20
MOST_HAPPENED = 500
_VISIT = (
    *("visit_id", "visitor_id", "started_at", "ended_at", "views", "engaged_ms", "bounced", "trail", "trail_offset_ms"),
    *("source", "medium", "campaign", "device", "browser", "os", "country", "city"),
)
_COUNTED = ("counts", "taken back")
_GAP = timedelta(seconds=VISIT_GAP_S)


def find_timeline(
    session: Session,
    ask: Ask,
    site: SiteInfo,
    profile: int,
    before: datetime | None = None,
) -> Timeline:
    """Return the last visits of a profile before a time (None: up to now), with what else happened among them."""
    columns = [visit.c[name] for name in _VISIT]
    wanted = visits_of(session, site, profile, *columns)
    if before is not None:
        wanted = wanted.where(visit.c.started_at < stored(before))
    rows = ask(wanted.order_by(visit.c.started_at.desc(), visit.c.visit_id).limit(VISITS_A_PAGE + 1))
    cut, rows = len(rows) > VISITS_A_PAGE, rows[:VISITS_A_PAGE]
    since = local(rows[-1]["started_at"], site.tzinfo) if cut else None
    moments = [_visit_moment(one) for one in _visits(ask, site, rows)]
    moments += [
        one
        for one in (*_sign_ins(session, site, profile), *_stitches(session, site, profile))
        if (since is None or one.at >= since) and (before is None or one.at < before)
    ]
    moments.sort(key=lambda one: one.at, reverse=True)
    return Timeline(moments=moments, before=since)


def read_before(text: str | None, site: SiteInfo) -> datetime | None:
    """Read the time before which a timeline is asked for; InvalidInputError when it is none."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=site.tzinfo)).astimezone(site.tzinfo)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("before", "must be a time such as 2026-03-01T12:00:00Z") from error


def _visits(ask: Ask, site: SiteInfo, rows: Sequence[dict[str, Any]]) -> list[VisitShape]:
    if not rows:
        return []
    span = min(row["started_at"] for row in rows), max(row["ended_at"] for row in rows) + _GAP
    visitors = sorted({int(row["visitor_id"]) for row in rows})
    struggled = ask(_among(struggle, site, visitors, span, "signal", "path", "view_id", "seq"))
    custom = ask(_among(event, site, visitors, span, "name", "seq").where(event.c.kind == "custom"))
    return [_visit(row, site, struggled, custom) for row in rows]


def _among(
    table: Any, site: SiteInfo, visitors: Sequence[int], span: tuple[datetime, datetime], *names: str
) -> Select[Any]:
    """Select what happened to some visitors in some time, the newest first."""
    columns = [table.c[name] for name in ("visitor_id", "occurred_at", *names)]
    return (
        select(*columns)
        .where(
            table.c.site_id == site.id,
            table.c.visitor_id.in_(visitors),
            table.c.occurred_at >= span[0],
            table.c.occurred_at <= span[1],
        )
        .order_by(table.c.occurred_at.desc(), table.c.seq)
        .limit(MOST_HAPPENED)
    )


def _visit(
    row: dict[str, Any], site: SiteInfo, struggled: Sequence[dict[str, Any]], custom: Sequence[dict[str, Any]]
) -> VisitShape:
    def inside(one: dict[str, Any]) -> bool:
        same = one["visitor_id"] == row["visitor_id"]
        return bool(same and row["started_at"] <= one["occurred_at"] <= row["ended_at"] + _GAP)

    def offset_ms(one: dict[str, Any]) -> int:
        after: timedelta = one["occurred_at"] - row["started_at"]
        return round(after / timedelta(milliseconds=1))

    names = ("source", "medium", "campaign", "device", "browser", "os", "country", "city")
    return VisitShape(
        id=str(row["visit_id"]),
        visitor=str(row["visitor_id"]),
        started_at=local(row["started_at"], site.tzinfo),
        ended_at=local(row["ended_at"], site.tzinfo),
        views=int(row["views"]),
        engaged_ms=int(row["engaged_ms"]),
        bounced=bool(row["bounced"]),
        trail=list(row["trail"]),
        trail_offset_ms=[int(one) for one in row["trail_offset_ms"]],
        **{name: row[name] for name in names},
        struggles=[
            Struggled(signal=one["signal"], offset_ms=offset_ms(one), path=one["path"], story=event_id_of(one))
            for one in reversed(struggled)
            if one["signal"] in BY_NAME and inside(one)
        ],
        events=[Happened(name=one["name"] or "", offset_ms=offset_ms(one)) for one in reversed(custom) if inside(one)],
    )


def _visit_moment(one: VisitShape) -> Moment:
    words = "Visited" if not one.views else f"Saw {one.views:,} page{'s' if one.views > 1 else ''}"
    return Moment(at=one.started_at, kind="visit", words=words, visit=one)


def _sign_ins(session: Session, site: SiteInfo, profile: int) -> list[Moment]:
    """Return when the profile's logins were first seen on a device, after another or none."""
    names = identifiers_of(session, site, profile)
    logins = {int(one.id) for one in names if one.kind == "login"}
    wanted = select(SignInSpan.first_at, SignInSpan.device_id, SignInSpan.login_id).where(SignInSpan.site_id == site.id)
    return [
        Moment(
            at=at.astimezone(site.tzinfo),
            kind="sign-in",
            words=f"Login {short(login)} signed in on browser id {short(device)}",
        )
        for at, device, login in rows_of(session, wanted, SignInSpan.login_id.in_, logins)
    ]


def _stitches(session: Session, site: SiteInfo, profile: int) -> list[Moment]:
    """Return when edges came and were taken back; those of single days are told by the visits of these days."""
    moments = []
    for edge in edges_of(session, site, profile)[0]:
        if "daily_hash" in (edge.a.kind, edge.b.kind):
            continue
        between = f"{_name(edge.a)} and {_name(edge.b)}"
        counted = "were tied together" if edge.standing in _COUNTED else "came together, which does not count"
        words = f"{between[:1].upper()}{between[1:]} {counted}"
        moments.append(Moment(at=edge.observed_at, kind="stitched", words=words, edge=edge.id))
        if edge.retracted_at is not None:
            words = f"The tie of {between} was taken back by {edge.retracted_by}"
            moments.append(Moment(at=edge.retracted_at, kind="taken back", words=words, edge=edge.id))
    return moments


def _name(one: IdentifierShape) -> str:
    return f"{one.named} {one.short}"
