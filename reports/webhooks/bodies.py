"""The bodies of what is posted to webhooks, as developers get them: see docs/api/webhooks.md."""

from datetime import date, datetime

import msgspec

from tracker.alerts.incidents import said_in
from tracker.models import Alert
from tracker.sites import SiteInfo
from tracker.webhooks.kinds import TEST


class SiteShape(msgspec.Struct, frozen=True):
    """The site that it happened on."""

    key: str
    name: str


class Completion(msgspec.Struct, frozen=True):
    """One time that a goal was reached; `id` is its event's, `visit` None where visitors are not told apart.

    `revenue` is what the event says that it was worth, in `currency`, None where it says nothing or another currency.
    """

    id: str
    goal: str
    at: datetime
    path: str | None
    visit: str | None
    revenue: float | None
    currency: str | None


class GoalCompleted(msgspec.Struct, frozen=True):
    """Goals that were reached since the last message, in the order in which they were stored."""

    site: SiteShape
    completions: list[Completion]


class Share(msgspec.Struct, frozen=True):
    """The views with the struggle, of how many views of its page, and the interval of 95 % of their share."""

    views: int
    of: int
    low: float | None
    high: float | None


class Example(msgspec.Struct, frozen=True):
    """An incident to look at: its event's id, and the page of its story."""

    id: str
    page: str


class StruggleNew(msgspec.Struct, frozen=True):
    """A struggle that began: `again` where it had been here before, and not for a month.

    `message` is a script error's alone. `incidents`, `visitors` and `share` are of the last seven days.
    """

    site: SiteShape
    signal: str
    title: str
    path: str | None
    element: str | None
    element_text: str | None
    message: str | None
    again: bool
    visitors: int
    incidents: int
    share: Share
    began_at: datetime
    examples: list[Example]
    page: str


class AlertFired(msgspec.Struct, frozen=True):
    """Something that a watch noticed; its words are in `language`."""

    id: int
    site: SiteShape
    watch: str
    kind: str
    subject: str
    language: str
    began_at: datetime
    noticed_at: datetime
    headline: str
    told: str
    why: str
    contributing: list[str]
    seen: int | None
    of: int | None
    usual_low: int | None
    usual_high: int | None
    page: str
    settings: str


class DeliverySent(msgspec.Struct, frozen=True):
    """A scheduled report that went out: of which days, to how many addresses, and how many it did not reach.

    `by_hand` tells that somebody sent it once more.
    """

    site: SiteShape
    schedule: str
    first_day: date
    last_day: date
    due_at: datetime
    sent_at: datetime
    sent: int
    failed: int
    by_hand: bool
    page: str


class Trial(msgspec.Struct, frozen=True):
    """What somebody sent to try a webhook."""

    site: SiteShape
    text: str


Data = GoalCompleted | StruggleNew | AlertFired | DeliverySent | Trial


class Happening(msgspec.Struct, frozen=True):
    """A body: of what kind, when it was written (UTC), and what happened."""

    type: str
    timestamp: datetime
    data: Data


def body_of(kind: str, data: Data, now: datetime) -> bytes:
    """Write a body."""
    return msgspec.json.encode(Happening(kind, now, data))


def site_of(site: SiteInfo) -> SiteShape:
    """Return a site as bodies name it."""
    return SiteShape(site.key, site.name)


def trial_body(site: SiteInfo, now: datetime) -> bytes:
    """Write what is sent to try a webhook."""
    return body_of(TEST, Trial(site_of(site), "This is a test of your webhook. Nothing happened."), now)


def alert_fired(site: SiteInfo, alert: Alert, watch: str, *, page: str, settings: str) -> AlertFired:
    """Tell of an alert; `page` leads to what it is about, `settings` to where it is watched for."""
    facts = alert.facts
    return AlertFired(
        id=alert.id,
        site=site_of(site),
        watch=watch,
        kind=alert.kind,
        subject=alert.subject,
        language=said_in(alert).tag,
        began_at=alert.began_at,
        noticed_at=alert.noticed_at,
        headline=alert.headline,
        told=alert.told,
        why=alert.why,
        contributing=facts.get("contributing", []),
        seen=facts.get("seen"),
        of=facts.get("of"),
        usual_low=facts.get("usual_low"),
        usual_high=facts.get("usual_high"),
        page=page,
        settings=settings,
    )
