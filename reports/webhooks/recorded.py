"""Tells webhooks of what the relational store has anyway: alerts, and reports that were sent.

Each row bears when it was looked at for webhooks, so that a look asks only for those that none has come to. They
need no mark: a row whose transaction ends late is found when it does. Whoever notes it in a row tells of it.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Row, Select, case, func, select, update
from sqlalchemy.orm import Session

from reports.webhooks.bodies import Data, DeliverySent, alert_fired, body_of, site_of
from reports.wording.links import page_of_alert
from tracker.house import House
from tracker.models import Alert, Delivery, Message, Schedule, Watch
from tracker.sites import SiteInfo
from tracker.webhooks.book import told_at, told_from, told_of
from tracker.webhooks.kinds import ALERT_FIRED, DELIVERY_SENT, Kind
from tracker.webhooks.queue import FRESH, put

MOST_A_LOOK = 500
"""So many rows of a site are taken at one look, the oldest first; what is more waits for the next."""
_LONGEST_WAY = FRESH + timedelta(days=1)  # a message is tried for less than a day
_log = structlog.get_logger("footfall.webhooks")


class _Found(NamedTuple):
    """A row that no look has come to, by its number, and what it tells; `data` is None where that is nothing."""

    number: int
    at: datetime
    happening: str
    data: Data | None


def note_recorded(house: House, now: datetime) -> int:
    """Queue alerts and reports sent that no webhook was told of; returns how many messages that made."""
    return _note(house, ALERT_FIRED, now) + _note(house, DELIVERY_SENT, now)


def _note(house: House, kind: Kind, now: datetime) -> int:
    made = 0
    with house.database.session() as session:
        site_ids = list(told_of(session, kind))
    for site_id in site_ids:
        site = house.sites.by_id(site_id)
        if site is not None:
            try:
                with house.database.session() as session:
                    made += _look(session, house.settings.address, site, kind, now)
            except Exception:  # the others are told all the same
                _log.exception("what happened could not be told", site=site.key, kind=kind.name)
    return made


def _look(session: Session, address: str, site: SiteInfo, kind: Kind, now: datetime) -> int:
    if kind is ALERT_FIRED:
        found = [_alert(address, site, *row) for row in session.execute(_alerts(site.id, now))]
    else:
        found = [_delivery(address, site, row) for row in session.execute(_deliveries(site.id, now))]
    if not found:
        return 0
    model = Alert if kind is ALERT_FIRED else Delivery
    taken = update(model).where(model.id.in_([one.number for one in found]), model.posted_at.is_(None))
    mine = set(session.scalars(taken.values(posted_at=now).returning(model.id)))  # not another process's
    # Asked for only now: a webhook that was made during this round may be older than a row that it found.
    webhooks = told_at(session, site.id, kind)
    made = 0
    for one in found:
        owed = [webhook for webhook in webhooks if one.at >= max(told_from(webhook, kind), now - FRESH)]
        if one.number in mine and one.data is not None and owed:
            body = body_of(kind.name, one.data, now)
            made += sum(put(session, webhook, kind.name, one.happening, body) is not None for webhook in owed)
    return made


def _alerts(site_id: int, now: datetime) -> Select[Alert, str]:
    new = Watch.site_id == site_id, Alert.posted_at.is_(None), Alert.noticed_at >= now - FRESH
    found = select(Alert, Watch.name).join(Watch, Watch.id == Alert.watch_id).where(*new)
    return found.order_by(Alert.id).limit(MOST_A_LOOK)


def _alert(address: str, site: SiteInfo, alert: Alert, watch: str) -> _Found:
    page, settings = page_of_alert(address, site.key, alert.facts), f"{address}/sites/{site.key}/alerts"
    data = alert_fired(site, alert, watch, page=page, settings=settings)
    return _Found(alert.id, alert.noticed_at, _happening("alert", alert.id, alert.noticed_at), data)


def _deliveries(site_id: int, now: datetime) -> Select[Any]:
    """Select the deliveries of which nothing waits any more.

    `settled_at` is when the last of it was sent or given up: tries for one may go on long after the others have it.
    """
    states = {name: func.sum(case((Message.state == name, 1), else_=0)) for name in ("waiting", "sent", "failed")}
    settled = func.max(case((Message.state == "failed", Message.next_try_at), else_=Message.sent_at))
    columns: tuple[Any, ...] = (
        *(Delivery.id, Delivery.first_day, Delivery.last_day, Delivery.again, Delivery.due_at, Delivery.made_at),
        *(Schedule.id.label("schedule_id"), Schedule.name),
        *(states["sent"].label("sent"), states["failed"].label("failed")),
        *(func.max(Message.sent_at).label("last_sent_at"), settled.label("settled_at")),
    )
    return (
        select(*columns)
        .join(Schedule, Schedule.id == Delivery.schedule_id)
        .join(Message, Message.delivery_id == Delivery.id)
        .where(Schedule.site_id == site_id, Delivery.posted_at.is_(None), Delivery.made_at >= now - _LONGEST_WAY)
        .group_by(Delivery.id, Schedule.id)
        .having(states["waiting"] == 0)
        .order_by(Delivery.id)
        .limit(MOST_A_LOOK)
    )


def _delivery(address: str, site: SiteInfo, row: Row[Any]) -> _Found:
    """Read a row; nothing is told of a delivery that reached nobody."""
    happening = _happening("delivery", row.id, row.made_at)
    if not row.sent:
        return _Found(row.id, row.settled_at, happening, None)
    data = DeliverySent(
        site=site_of(site),
        schedule=row.name,
        first_day=row.first_day,
        last_day=row.last_day,
        due_at=row.due_at,
        sent_at=row.last_sent_at,
        sent=int(row.sent),
        failed=int(row.failed),
        by_hand=row.again > 0,
        page=f"{address}/sites/{site.key}/schedules/{row.schedule_id}",
    )
    return _Found(row.id, row.settled_at, happening, data)


def _happening(what: str, number: int, at: datetime) -> str:
    """Name a row for ever: numbers of rows that were deleted come again, at another time."""
    return f"{what}-{number}-{int(at.timestamp() * 1000)}"
