"""Visits one by one: their pages, the struggles in them with their stories, and the events that a site sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from reports.profiles.shapes import Happened, Struggled, VisitShape
from reports.query.moments import local
from reports.report import Ask
from reports.struggle.story import event_id_of
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo
from tracker.store.schema import VISIT_GAP_S, event, struggle

MOST_HAPPENED = 500
OF_A_VISIT = (
    *("visit_id", "visitor_id", "started_at", "ended_at", "views", "engaged_ms", "bounced", "trail", "trail_offset_ms"),
    *("source", "medium", "campaign", "device", "browser", "os", "country", "city"),
)
_GAP = timedelta(seconds=VISIT_GAP_S)


def visits_told(ask: Ask, site: SiteInfo, rows: Sequence[dict[str, Any]]) -> list[VisitShape]:
    """Tell visits, given in the columns OF_A_VISIT, with what happened in them."""
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
