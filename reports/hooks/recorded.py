"""Tells webhooks of what the relational store has anyway: alerts, and reports that were sent.

There is little of it, so it needs no mark: whoever finds something queues it, and the queue takes each once.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, select

from reports.hooks.bodies import Data, DeliverySent, alert_fired, body_of, site_of
from reports.mail.sections import page_of_alert
from tracker.hooks.book import told_of
from tracker.hooks.kinds import ALERT_FIRED, DELIVERY_SENT, Kind
from tracker.hooks.queue import FRESH, put
from tracker.house import House
from tracker.models import Alert, Delivery, Message, Schedule, Watch
from tracker.sites import SiteInfo

_LONGEST_WAY = FRESH * 6  # a message is tried for less than a day


def note_recorded(house: House, now: datetime) -> int:
    """Queue alerts and reports sent that no webhook was told of; returns how many messages that made."""
    return _note(house, ALERT_FIRED, now) + _note(house, DELIVERY_SENT, now)


def _note(house: House, kind: Kind, now: datetime) -> int:
    made = 0
    with house.database.session() as session:
        for site_id, webhooks in told_of(session, kind).items():
            site = house.sites.by_id(site_id)
            if site is None:
                continue
            address = house.settings.address
            since = max(now - FRESH, min(one.owed_from for one in webhooks))
            if kind is ALERT_FIRED:
                found = [_alert(address, site, *row) for row in session.execute(_alerts(site_id, since))]
            else:
                found = [_delivery(address, site, row) for row in session.execute(_deliveries(site_id, since, now))]
            for happened_at, happening, data in found:
                body = body_of(kind.name, data, now)
                for webhook in webhooks:
                    if happened_at >= webhook.owed_from:
                        made += put(session, webhook, kind.name, happening, body) is not None
    return made


def _alerts(site_id: int, since: datetime) -> Select[Alert, str]:
    wanted = Watch.site_id == site_id, Alert.noticed_at >= since
    return select(Alert, Watch.name).join(Watch, Watch.id == Alert.watch_id).where(*wanted).order_by(Alert.id)


def _alert(address: str, site: SiteInfo, alert: Alert, watch: str) -> tuple[datetime, str, Data]:
    page, settings = page_of_alert(address, site.key, alert.facts), f"{address}/sites/{site.key}/alerts"
    data = alert_fired(site, alert, watch, page=page, settings=settings)
    return alert.noticed_at, _happening("alert", alert.id, alert.noticed_at), data


def _deliveries(site_id: int, since: datetime, now: datetime) -> Select[Any]:
    """Select the deliveries of which nothing waits any more, and something arrived.

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
        .where(Schedule.site_id == site_id, Delivery.made_at >= now - _LONGEST_WAY)
        .group_by(Delivery.id, Schedule.id)
        .having(states["waiting"] == 0, states["sent"] > 0, settled >= since)
        .order_by(Delivery.id)
    )


def _delivery(address: str, site: SiteInfo, row: Row[Any]) -> tuple[datetime, str, Data]:
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
    return row.settled_at, _happening("delivery", row.id, row.made_at), data


def _happening(what: str, number: int, at: datetime) -> str:
    """Name a row for ever: numbers of rows that were deleted come again, at another time."""
    return f"{what}-{number}-{int(at.timestamp() * 1000)}"
