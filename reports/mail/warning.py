"""Writes what a watch noticed: as a letter, as JSON for a webhook, as blocks for Slack."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reports.alerts import BY_NAME
from reports.mail.payload import SLACK, plain, section
from reports.mail.writing import CHART, PAINT, written
from reports.render import png
from reports.render.svg import Point, Size, line_chart
from reports.webhooks import bodies
from reports.wording import words
from reports.wording.links import page_of_alert
from reports.wording.places import isolated
from tracker.alerts.mutes import FOR
from tracker.clock import utc_now
from tracker.languages import dates, gettext
from tracker.languages.lists import listed
from tracker.mail import Attached, Letter
from tracker.models import Alert, Recipient
from tracker.sites import SiteInfo
from tracker.webhooks.kinds import ALERT_FIRED

_SIZE = Size("letter", 584, 200)
_LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class Foot:
    """A warning's last lines: how to mute such ones, each way with its words; how to leave; where to change it."""

    mutes: Sequence[tuple[str, str]]
    unsubscribe: str | None
    settings: str


@dataclass(frozen=True)
class Warned:
    """What was noticed, in all but its foot, which is each reader's own."""

    site: SiteInfo
    watch: str
    alert: Alert
    kind: str
    page: str
    chart: str
    hours: str
    picture: bytes | None

    @property
    def subject(self) -> str:
        """What stands above it in a list of letters."""
        return f"{isolated(self.site.name)}: {self.alert.headline}"[:_LONGEST_SUBJECT]

    def letter(self, foot: Foot) -> Letter:
        """Write it to one reader."""
        told = {"warned": self, "title": self.subject, "foot": foot}
        return Letter(
            subject=self.subject,
            text=written("warning.txt", told),
            html=written("warning.html", told),
            pictures=[Attached("hours.png", "image/png", self.picture, CHART)] if self.picture else [],
            unsubscribe=foot.unsubscribe,
        )


def warning(site: SiteInfo, address: str, alert: Alert, watch: str) -> Warned:
    """Put together what is said of an alert; `address` is where this server is reached."""
    facts, kind = alert.facts, BY_NAME.get(alert.kind)
    points: list[tuple[str, int, int]] = facts.get("points", [])
    return Warned(
        site=site,
        watch=watch,
        alert=alert,
        kind=gettext(kind.title) if kind else alert.kind,
        page=page_of_alert(address, site.key, facts),
        chart=str(facts.get("title", "")),
        hours=listed(
            [
                gettext(
                    "%(time)s: %(seen)s (usually %(usual)s)",
                    time=dates.clock(datetime.fromisoformat(at)),
                    seen=words.count(seen),
                    usual=words.count(usual),
                )
                for at, seen, usual in points
            ]
        ),
        picture=_chart(points, str(facts.get("title", ""))) if points and png.can_draw() else None,
    )


def foot_of(address: str, site: SiteInfo, alert: Alert, recipient: Recipient | None) -> Foot:
    """Return the foot for one recipient."""
    settings = f"{address}/sites/{site.key}/alerts"
    if recipient is None:
        return Foot((), None, settings)
    mute = f"{address}/mute/{recipient.token}?kind={alert.kind}&for="
    mutes = [(gettext(title), f"{mute}{how_long}") for how_long, (title, _) in FOR.items()]
    return Foot(mutes, f"{address}/unsubscribe/{recipient.token}", settings)


def payload(warned: Warned, foot: Foot, url: str) -> bytes:
    """Return the body for an address: blocks where it is Slack's."""
    return msgspec.json.encode(_blocks(warned, foot) if url.startswith(SLACK) else _told(warned, foot))


def _told(warned: Warned, foot: Foot) -> bodies.Happening:
    # The mute's links are for people: they hold the secret that this is signed with.
    data = bodies.alert_fired(warned.site, warned.alert, warned.watch, page=warned.page, settings=foot.settings)
    return bodies.Happening(ALERT_FIRED.name, utc_now(), data)


def _blocks(warned: Warned, foot: Foot) -> dict[str, Any]:
    alert = warned.alert
    contributing = "\n".join(f"• {plain(one)}" for one in alert.facts.get("contributing", []))
    buttons = [(gettext("Open the report"), warned.page)]
    buttons += [(gettext("Mute %(how_long)s", how_long=title), link) for title, link in foot.mutes[1:2]]
    return {
        "text": plain(warned.subject),
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": warned.subject}},
            section(alert.told),
            *([{"type": "section", "text": {"type": "mrkdwn", "text": contributing[:2900]}}] if contributing else []),
            {"type": "context", "elements": [{"type": "mrkdwn", "text": plain(alert.why)}]},
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": title}, "url": link}
                    for title, link in buttons
                ],
            },
        ],
    }


def _chart(points: Sequence[tuple[str, int, int]], title: str) -> bytes:
    drawn = [
        Point(dates.clock(datetime.fromisoformat(at)), "", float(seen), float(usual)) for at, seen, usual in points
    ]
    return png.render(line_chart(drawn, _SIZE, title=title, kind="count", write=words.short_count), PAINT, zoom=2)
