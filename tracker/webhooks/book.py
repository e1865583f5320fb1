"""A site's webhooks: made, changed, given another secret, switched off by themselves, deleted."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import audit
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import gettext
from tracker.languages.lists import listed
from tracker.models import Webhook
from tracker.of_site import how_many
from tracker.outgoing.posting import check_webhook
from tracker.webhooks.kinds import BY_NAME, Kind

MOST_WEBHOOKS = 20
BOTH_SIGN_FOR = timedelta(hours=24)
"""How long the secret before goes on signing beside the new one."""
GONE, FAILING = "gone", "failing"
"""Why a webhook was switched off by itself."""


@dataclass(frozen=True)
class WantedWebhook:
    """What is said of a webhook: its address, and the names of the kinds that it is told of."""

    address: str
    kinds: Sequence[str]


def create_webhook(
    session: Session, site_id: int, wanted: WantedWebhook, own_hosts: Collection[str], who: str
) -> Webhook:
    """Add a webhook, which is told of what happens from now on.

    InvalidInputError names the field, ConflictError when it is another's address or there are MOST_WEBHOOKS already.
    """
    address, kinds = _checked(session, site_id, wanted, own_hosts)
    if how_many(session, Webhook, site_id) >= MOST_WEBHOOKS:
        problem = gettext("there are %(most)s webhooks already; delete one first", most=MOST_WEBHOOKS)
        raise ConflictError("address", problem)
    now = utc_now()
    made = Webhook(
        site_id=site_id,
        address=address,
        kinds=kinds,
        secret=secrets.token_urlsafe(32),
        on=True,
        owed_from=now,
        kinds_from={},
        left_out=0,
        created_at=now,
        created_by=who,
    )
    session.add(made)
    session.flush()
    audit.note(session, site_id, who, "make-webhook", host_of(made))
    return made


def change_webhook(
    session: Session, webhook: Webhook, wanted: WantedWebhook, own_hosts: Collection[str], who: str
) -> None:
    """Change where it is and what it is told of, from now on; what waits goes to the new address.

    InvalidInputError names the field, ConflictError when it is another's address.
    """
    before, now = webhook.kinds, utc_now().isoformat()
    webhook.address, webhook.kinds = _checked(session, webhook.site_id, wanted, own_hosts, but=webhook.id)
    webhook.kinds_from = {**webhook.kinds_from, **{name: now for name in webhook.kinds if name not in before}}
    audit.note(session, webhook.site_id, who, "change-webhook", host_of(webhook))


def switch(session: Session, webhook: Webhook, who: str, *, on: bool) -> None:
    """Switch a webhook on or off; what happens while it is off is not made up for, what waited goes on."""
    if webhook.on == on:
        return
    webhook.on = on
    if on:
        webhook.stopped, webhook.failing_since, webhook.left_out, webhook.owed_from = None, None, 0, utc_now()
    audit.note(session, webhook.site_id, who, "start-webhook" if on else "stop-webhook", host_of(webhook))


def stop(session: Session, webhook: Webhook, why: str) -> None:
    """Switch a webhook off that wants no more (GONE), or at which nothing arrives (FAILING)."""
    if webhook.on:
        switch(session, webhook, audit.BY_ITSELF, on=False)
        webhook.stopped = why


def rotate(session: Session, webhook: Webhook, who: str) -> None:
    """Give a webhook a new secret; the present one signs beside it for BOTH_SIGN_FOR, the one before no more."""
    webhook.old_secret, webhook.old_until = webhook.secret, utc_now() + BOTH_SIGN_FOR
    webhook.secret = secrets.token_urlsafe(32)
    audit.note(session, webhook.site_id, who, "rotate-webhook", host_of(webhook))


def delete_webhook(session: Session, webhook: Webhook, who: str) -> None:
    """Delete a webhook and all that was kept of what it got."""
    audit.note(session, webhook.site_id, who, "delete-webhook", host_of(webhook))
    session.delete(webhook)


def webhooks_of(session: Session, site_id: int) -> list[Webhook]:
    """Return a site's webhooks in the order in which they were made."""
    return list(session.scalars(select(Webhook).where(Webhook.site_id == site_id).order_by(Webhook.id)))


def find_webhook(session: Session, site_id: int, number: int) -> Webhook | None:
    """Return one of a site's webhooks."""
    found = session.get(Webhook, number)
    return found if found is not None and found.site_id == site_id else None


def told_of(session: Session, kind: Kind) -> dict[int, list[Webhook]]:
    """Return the webhooks that are on and told of a kind, by the site's id."""
    found: dict[int, list[Webhook]] = defaultdict(list)
    for webhook in session.scalars(select(Webhook).where(Webhook.on).order_by(Webhook.site_id, Webhook.id)):
        if kind.name in webhook.kinds:
            found[webhook.site_id].append(webhook)
    return found


def told_at(session: Session, site_id: int, kind: Kind) -> list[Webhook]:
    """Return the webhooks of a site that are on and told of a kind."""
    return [webhook for webhook in webhooks_of(session, site_id) if webhook.on and kind.name in webhook.kinds]


def told_from(webhook: Webhook, kind: Kind) -> datetime:
    """Return since when what happens of a kind is owed to a webhook."""
    given = webhook.kinds_from.get(kind.name)
    return webhook.owed_from if given is None else max(webhook.owed_from, datetime.fromisoformat(given))


def secrets_of(webhook: Webhook, now: datetime) -> tuple[str, ...]:
    """Return the secrets that sign, the present one first."""
    if webhook.old_secret is None or webhook.old_until is None or webhook.old_until <= now:
        return (webhook.secret,)
    return webhook.secret, webhook.old_secret


def host_of(webhook: Webhook) -> str:
    """Return the host of a webhook: the rest of its address may be a secret."""
    return urlsplit(webhook.address).hostname or ""


def _checked(
    session: Session, site_id: int, wanted: WantedWebhook, own_hosts: Collection[str], but: int | None = None
) -> tuple[str, list[str]]:
    """Return the address and the kinds as they are kept."""
    address = check_webhook(wanted.address.strip(), own_hosts, "address")
    for name in wanted.kinds:
        if name not in BY_NAME:
            given = repr(name[:64])
            problem = gettext("%(given)s is unknown; choose from: %(known)s", given=given, known=listed(BY_NAME))
            raise InvalidInputError("kinds", problem)
    if not wanted.kinds:
        raise InvalidInputError("kinds", gettext("choose at least one"))
    namesake = select(Webhook.id).where(Webhook.site_id == site_id, Webhook.address == address)
    if session.scalar(namesake) not in (None, but):
        raise ConflictError("address", gettext("is another webhook’s of this site"))
    return address, [name for name in BY_NAME if name in wanted.kinds]
