"""Who is on the list of a schedule or of a watch: named, asked, agreed, left."""

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.models import AskedAddress, Member, Message, Recipient, Schedule, User, Watch
from tracker.outgoing.posting import check_webhook, is_webhook

Mailing = Schedule | Watch
"""What has a list of recipients, to whom messages go."""

MOST_RECIPIENTS = 50
ASKED_AGAIN_AFTER = timedelta(days=7)

_ADDRESS = re.compile(r"[^\s@<>\"',;:\\()\[\]]+@[^\s@<>\"',;:\\()\[\]]+\.[^\s@<>\"',;:\\.()\[\]]+")


def recipients_of(session: Session, mailing: Mailing) -> list[Recipient]:
    """Return whom a schedule or a watch names, by address, those who left too."""
    wanted = select(Recipient).filter_by(**mailing.ownership).order_by(Recipient.address)
    return list(session.scalars(wanted))


def receiving(session: Session, mailing: Mailing) -> list[Recipient]:
    """Return those of them who get what is sent, in the order in which they were named."""
    team = team_of(session, mailing.site_id)
    named = sorted(recipients_of(session, mailing), key=lambda one: one.id)
    return [one for one in named if gets_it(one, team)]


def find_recipient(session: Session, token: str) -> Recipient | None:
    """Return whose link this is."""
    return session.scalar(select(Recipient).where(Recipient.token == token))


def mailing_of(session: Session, owned: Recipient | Message) -> Mailing:
    """Return the schedule or the watch whose a recipient or a message is."""
    if owned.watch_id is not None:
        return session.get_one(Watch, owned.watch_id)
    return session.get_one(Schedule, owned.schedule_id)


def confirm(recipient: Recipient) -> None:
    """Let an address get what it was asked for, also after it had left."""
    recipient.confirmed_at, recipient.left_at = utc_now(), None


def leave(session: Session, recipient: Recipient) -> None:
    """Send an address nothing of this list any more; leaving twice is no harm.

    Who leaves before they agreed is never asked again, by any list.
    """
    recipient.left_at = recipient.left_at or utc_now()
    if recipient.confirmed_at is None:
        asked = session.get(AskedAddress, _digest(recipient.address))
        if asked is not None:
            asked.refused = True


def check_address(text: str, own_hosts: Collection[str] = ()) -> str:
    """Return an address, of mail or of a webhook, as it is kept; InvalidInputError when nothing can go there."""
    address = text.strip()
    if is_webhook(address):
        return check_webhook(address, own_hosts)
    name, _, host = address.rpartition("@")
    if len(address) > 254 or len(name) > 64 or not _ADDRESS.fullmatch(address) or not _can_be_written(address):
        problem = gettext("%(given)s is no address such as ann@example.org", given=repr(address[:64]))
        raise InvalidInputError("recipients", problem)
    return f"{name}@{host.lower()}"


def split_addresses(text: str) -> list[str]:
    """Return the addresses in a line of them, between which stand spaces, commas or semicolons."""
    found: list[str] = []
    for part in text.split():
        found += [part.rstrip(",;")] if is_webhook(part) else re.split("[,;]", part)
    return [one for one in found if one]


def team_of(session: Session, site_id: int) -> set[str]:
    """Return the addresses, in small letters, of those who may see a site."""
    members = select(User.email).join(Member, Member.user_id == User.id).where(Member.site_id == site_id)
    owners = select(User.email).where(User.owner)
    return {address.casefold() for found in (members, owners) for address in session.scalars(found)}


def gets_it(recipient: Recipient, team: Collection[str]) -> bool:
    """Tell whether somebody agreed, did not leave, and is still of the `team` if that is why they were not asked."""
    is_out = recipient.of_team and recipient.address.casefold() not in team
    return recipient.confirmed_at is not None and recipient.left_at is None and not is_out


def check_number(addresses: Sequence[str]) -> None:
    """InvalidInputError when that are too many addresses for one list, or none."""
    if not 1 <= len(set(addresses)) <= MOST_RECIPIENTS:
        raise InvalidInputError("recipients", gettext("name from one to %(most)s addresses", most=MOST_RECIPIENTS))


def _can_be_written(address: str) -> bool:
    """Tell whether a letter's head can have it."""
    try:
        Address(addr_spec=address)
    except (ValueError, HeaderParseError):
        return False
    return address.isascii() and address.isprintable()


def set_recipients(
    session: Session, mailing: Mailing, addresses: Sequence[str], own_hosts: Collection[str] = ()
) -> None:
    """Name these and no others. Who left stays left, and is not asked again; a webhook is never asked."""
    checked = [check_address(address, own_hosts) for address in addresses]
    wanted = {_key(address): address for address in checked}
    known = {_key(one.address): one for one in recipients_of(session, mailing)}
    team = team_of(session, mailing.site_id)
    for key, recipient in known.items():
        if key not in wanted and recipient.left_at is None:
            session.delete(recipient)
    for key in sorted(wanted.keys() - known.keys()):
        _add_recipient(session, mailing, wanted[key], of_team=key in team)


def _key(address: str) -> str:
    """Return what two ways of writing one address have in common."""
    return address if is_webhook(address) else address.casefold()


def _add_recipient(session: Session, mailing: Mailing, address: str, *, of_team: bool) -> None:
    now = utc_now()
    recipient = Recipient(
        **mailing.ownership,
        address=address,
        token=secrets.token_urlsafe(32),
        of_team=of_team,
        confirmed_at=now if of_team or is_webhook(address) else None,
    )
    session.add(recipient)
    session.flush()
    if recipient.confirmed_at is None and _may_ask(session, address, now):
        session.add(new_message(mailing, address, now, recipient_id=recipient.id))


def new_message(
    mailing: Mailing,
    address: str,
    now: datetime,
    *,
    recipient_id: int | None = None,
    delivery_id: int | None = None,
    alert_id: int | None = None,
) -> Message:
    """Return a message for the outbox."""
    return Message(
        **mailing.ownership,
        key=secrets.token_hex(12),
        delivery_id=delivery_id,
        alert_id=alert_id,
        recipient_id=recipient_id,
        address=address,
        state="waiting",
        tries=0,
        next_try_at=now,
    )


def _may_ask(session: Session, address: str, now: datetime) -> bool:
    """Tell whether to ask somebody outside, and note that they are: once a week at most, and never who said never."""
    asked = session.get(AskedAddress, _digest(address))
    if asked is None:
        session.add(AskedAddress(digest=_digest(address), asked_at=now, refused=False))
        return True
    if asked.refused or asked.asked_at > now - ASKED_AGAIN_AFTER:
        return False
    asked.asked_at = now
    return True


def _digest(address: str) -> str:
    return hashlib.sha256(address.casefold().encode()).hexdigest()
