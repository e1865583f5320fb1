"""Webhooks in words: what they are told of, how they stand, and what became of what they got."""

from dataclasses import dataclass

import msgspec
from sqlalchemy.orm import Session

from reports.wording import words
from tracker.languages import counted, dates, gettext, marked
from tracker.languages.lists import listed
from tracker.models import Webhook, WebhookMessage
from tracker.sites import SiteInfo
from tracker.webhooks.book import FAILING, GONE, host_of, webhooks_of
from tracker.webhooks.kinds import BY_NAME, TEST
from tracker.webhooks.queue import messages_of

MOST_SHOWN = 50
_LONGEST_BODY = 4000
_STATES = {"waiting": marked("Waiting"), "sent": marked("Arrived"), "failed": marked("Not delivered")}
_WHY = {
    GONE: marked("The receiver answered 410: it wants nothing more. So it was switched off."),
    FAILING: marked("Nothing arrived there for five days. So it was switched off."),
}


@dataclass(frozen=True)
class Told:
    """A webhook in a line; `why` says why it was switched off by itself, `failing` since when nothing arrives."""

    number: int
    address: str
    host: str
    kinds: str
    on: bool
    why: str
    failing: str
    left_out: int
    last: str
    went_wrong: bool


@dataclass(frozen=True)
class Sent:
    """A message of the log; `outcome` says what it was answered with or when it is tried next, `problem` is English."""

    key: str
    kind: str
    when: str
    state: str
    outcome: str
    problem: str
    answered: str
    tries: int
    body: str


def tell_all(session: Session, site: SiteInfo) -> list[Told]:
    """Tell of all webhooks of a site."""
    return [tell(session, one, site) for one in webhooks_of(session, site.id)]


def tell(session: Session, webhook: Webhook, site: SiteInfo) -> Told:
    """Tell of one webhook."""
    newest = messages_of(session, webhook, 1)
    failing = webhook.failing_since
    return Told(
        number=webhook.id,
        address=webhook.address,
        host=host_of(webhook),
        kinds=listed(gettext(BY_NAME[name].title) for name in webhook.kinds if name in BY_NAME),
        on=webhook.on,
        why=gettext(_WHY[webhook.stopped]) if webhook.stopped in _WHY else "",
        failing=dates.moment(failing.astimezone(site.tzinfo)) if failing is not None else "",
        left_out=webhook.left_out,
        last=_last(newest[0]) if newest else gettext("none yet"),
        went_wrong=failing is not None,
    )


def tell_log(session: Session, webhook: Webhook, site: SiteInfo) -> list[Sent]:
    """Tell of the newest messages of a webhook, the newest first."""
    return [tell_message(one, webhook, site) for one in messages_of(session, webhook, MOST_SHOWN)]


def tell_message(message: WebhookMessage, webhook: Webhook, site: SiteInfo) -> Sent:
    """Tell of one message of a webhook."""
    kind = BY_NAME.get(message.kind)
    return Sent(
        key=message.key,
        kind=gettext(kind.title) if kind else gettext("Test") if message.kind == TEST else message.kind,
        when=dates.second((message.tried_at or message.made_at).astimezone(site.tzinfo)),
        state=_state(message),
        outcome=_outcome(message, webhook, site),
        problem=message.problem or "",
        answered=message.answered or "",
        tries=message.tries,
        body=_beginning(message.body),
    )


def _last(message: WebhookMessage) -> str:
    when = words.ago(message.tried_at or message.made_at)
    return gettext("%(state)s, %(ago)s", state=_state(message), ago=when)


def _state(message: WebhookMessage) -> str:
    if message.state == "waiting" and message.tries:
        return counted("Failed %(n)s time", "Failed %(n)s times", message.tries)
    return gettext(_STATES[message.state])


def _outcome(message: WebhookMessage, webhook: Webhook, site: SiteInfo) -> str:
    """Say what a message that arrived was answered with, and of one that did not when it is tried next."""
    if message.state == "waiting" and not webhook.on:
        return gettext("It waits until the webhook is switched on.")
    if message.state == "waiting":
        return gettext("Next try: %(time)s", time=dates.moment(message.next_try_at.astimezone(site.tzinfo)))
    arrived = message.state == "sent" and message.status is not None
    return gettext("Answered %(status)s", status=str(message.status)) if arrived else ""


def _beginning(body: str) -> str:
    """Return the beginning of a body, one thing a line; the API has all of it."""
    text = msgspec.json.format(body.encode(), indent=2).decode()
    return text if len(text) <= _LONGEST_BODY else f"{text[:_LONGEST_BODY]}…"
