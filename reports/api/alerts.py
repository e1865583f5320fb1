"""Alerts, for programs: what was out of the usual on a site, the newest first."""

from datetime import datetime
from typing import Any

import msgspec
from flask import Response, request
from sqlalchemy import select

from reports.api.bodies import answer
from reports.api.parameters import Parameter
from reports.wording.links import page_of_alert
from tracker.alerts.incidents import said_in
from tracker.checking import check_number
from tracker.gate import current_site
from tracker.house import current_house
from tracker.models import Alert, Watch
from tracker.sites import SiteInfo

MOST = 100
MOST_ID = 999_999_999

LISTED = (
    Parameter("limit", "Most alerts.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": MOST}),
    Parameter(
        "before",
        "Only alerts with ids below this one: the last id of the answer before.",
        {"type": "integer", "minimum": 1, "maximum": MOST_ID},
    ),
)


class AlertShape(msgspec.Struct, frozen=True):
    """Something out of the usual. `ended_at` is null while it goes on, `told_at` where nobody was told of it.

    `seen`, `of`, `usual_low` and `usual_high` are figures of the stretch in which it was noticed; null where the
    kind has none. The words are in the `language` (BCP 47) that its watch spoke when it was noticed.
    """

    id: int
    watch: str
    kind: str
    subject: str
    began_at: datetime
    noticed_at: datetime
    ended_at: datetime | None
    told_at: datetime | None
    headline: str
    told: str
    why: str
    contributing: list[str]
    language: str
    seen: int | None
    of: int | None
    usual_low: int | None
    usual_high: int | None
    page: str


class Alerts(msgspec.Struct, frozen=True):
    """The site's alerts, the newest first."""

    alerts: list[AlertShape]


def alerts(site_key: str) -> Response:
    """List the alerts of a site."""
    site, house = current_site(), current_house()
    limit, before = _number("limit", MOST), _number("before", MOST_ID)
    wanted = select(Alert, Watch.name).join(Watch, Watch.id == Alert.watch_id).where(Watch.site_id == site.id)
    if before is not None:
        wanted = wanted.where(Alert.id < before)
    with house.database.session() as session:
        rows = session.execute(wanted.order_by(Alert.id.desc()).limit(limit or MOST)).all()
    told = Alerts([_shape(alert, watch, site, house.settings.address) for alert, watch in rows])
    return answer(told)


def _number(word: str, most: int) -> int | None:
    text = request.args.get(word)
    return None if text is None else check_number(word, text, 1, most)


def _shape(alert: Alert, watch: str, site: SiteInfo, address: str) -> AlertShape:
    facts: dict[str, Any] = alert.facts
    return AlertShape(
        id=alert.id,
        watch=watch,
        kind=alert.kind,
        subject=alert.subject,
        began_at=alert.began_at,
        noticed_at=alert.noticed_at,
        ended_at=alert.ended_at,
        told_at=alert.told_at,
        headline=alert.headline,
        told=alert.told,
        why=alert.why,
        contributing=facts.get("contributing", []),
        language=said_in(alert).tag,
        seen=facts.get("seen"),
        of=facts.get("of"),
        usual_low=facts.get("usual_low"),
        usual_high=facts.get("usual_high"),
        page=page_of_alert(address, site.key, facts),
    )
