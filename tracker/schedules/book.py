"""Schedules and who gets them: made, changed, paused, confirmed, left."""

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.models import AskedAddress, Member, Message, Recipient, Schedule, User
from tracker.schedules.rhythm import EVERY, Rhythm
from tracker.webhooks import check_hook, is_hook

ATTACHED = ("csv", "json")
COMPARED = ("previous", "weekday", "year", "none")
MOST_SCHEDULES, MOST_RECIPIENTS, MOST_SECTIONS = 50, 50, 12
LONGEST_NAME = 64
ASKED_AGAIN_AFTER = timedelta(days=7)

_ADDRESS = re.compile(r"[^\s@<>\"',;:\\()\[\]]+@[^\s@<>\"',;:\\()\[\]]+\.[^\s@<>\"',;:\\.()\[\]]+")


@dataclass(frozen=True)
class Wanted:
    """What a schedule's form says; `recipients` are addresses, `sections` names of reports."""

    name: str
    every: str
    weekday: int | None
    hour: int
    zone: str
    sections: Sequence[str]
    recipients: Sequence[str]
    attached: Sequence[str] = ()
    segment: str | None = None
    compare: str = "previous"


def rhythm_of(schedule: Schedule, days_in: ZoneInfo) -> Rhythm:
    """Return when a schedule is due; `days_in` is its site's zone."""
    zone = ZoneInfo(schedule.zone)
    return Rhythm(schedule.every, schedule.weekday, schedule.hour, zone, days_in)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Choices:
    """What may be chosen on a site: names of reports and of its segments; webhooks inside one's own network."""

    reports: Collection[str]
    segments: Collection[str]
    own_hosts: Collection[str] = ()


def create_schedule(session: Session, site_id: int, wanted: Wanted, choices: Choices, who: str) -> Schedule:
    """Add a schedule, which is first due after now; recipients who are not of the team are asked to confirm.

    InvalidInputError names the field.
    """
    _check(session, site_id, wanted, choices)
    if (session.scalar(select(func.count()).where(Schedule.site_id == site_id)) or 0) >= MOST_SCHEDULES:
        raise InvalidInputError("name", f"there are {MOST_SCHEDULES} schedules already; delete one first")
    now = utc_now()
    schedule = Schedule(site_id=site_id, paused=False, owed_from=now, created_at=now, created_by=who)
    _fill(schedule, wanted)
    session.add(schedule)
    session.flush()
    _set_recipients(session, schedule, wanted.recipients, choices)
    return schedule


def change_schedule(session: Session, schedule: Schedule, wanted: Wanted, choices: Choices) -> None:
    """Change a schedule; what came due before by another rhythm is owed no more. InvalidInputError as above."""
    _check(session, schedule.site_id, wanted, choices, but=schedule.id)
    before = _when(schedule)
    _fill(schedule, wanted)
    if _when(schedule) != before:
        schedule.owed_from = utc_now()
    _set_recipients(session, schedule, wanted.recipients, choices)


def _when(schedule: Schedule) -> tuple[object, ...]:
    return schedule.every, schedule.weekday, schedule.hour, schedule.zone


def pause(schedule: Schedule) -> None:
    """Send nothing until `resume`."""
    schedule.paused = True


def resume(schedule: Schedule) -> None:
    """Go on with what comes due from now on; what was missed is not made up for."""
    if schedule.paused:
        schedule.paused = False
        schedule.owed_from = utc_now()


def schedules_of(session: Session, site_id: int) -> list[Schedule]:
    """Return a site's schedules by name."""
    return list(session.scalars(select(Schedule).where(Schedule.site_id == site_id).order_by(Schedule.name)))


def find_schedule(session: Session, site_id: int, schedule_id: int) -> Schedule | None:
    """Return one of a site's schedules."""
    schedule = session.get(Schedule, schedule_id)
    return schedule if schedule is not None and schedule.site_id == site_id else None


def recipients_of(session: Session, schedule_id: int) -> list[Recipient]:
    """Return whom a schedule names, by address, those who left too."""
    wanted = select(Recipient).where(Recipient.schedule_id == schedule_id).order_by(Recipient.address)
    return list(session.scalars(wanted))


def find_recipient(session: Session, token: str) -> Recipient | None:
    """Return whose link this is."""
    return session.scalar(select(Recipient).where(Recipient.token == token))


def confirm(recipient: Recipient) -> None:
    """Let an address get what it was asked for, also after it had left."""
    recipient.confirmed_at, recipient.left_at = utc_now(), None


def leave(session: Session, recipient: Recipient) -> None:
    """Send an address nothing of this schedule any more; leaving twice is no harm.

    Who leaves before they agreed is never asked again, by any schedule.
    """
    recipient.left_at = recipient.left_at or utc_now()
    if recipient.confirmed_at is None:
        asked = session.get(AskedAddress, _digest(recipient.address))
        if asked is not None:
            asked.refused = True


def check_address(text: str, own_hosts: Collection[str] = ()) -> str:
    """Return an address, of mail or of a webhook, as it is kept; InvalidInputError when nothing can go there."""
    address = text.strip()
    if is_hook(address):
        return check_hook(address, own_hosts)
    name, _, host = address.rpartition("@")
    if len(address) > 254 or len(name) > 64 or not _ADDRESS.fullmatch(address) or not _can_be_written(address):
        raise InvalidInputError("recipients", f"{address[:64]!r} is no address such as ann@example.org")
    return f"{name}@{host.lower()}"


def split_addresses(text: str) -> list[str]:
    """Return the addresses in a line of them, between which stand spaces, commas or semicolons."""
    found: list[str] = []
    for part in text.split():
        found += [part.rstrip(",;")] if is_hook(part) else re.split("[,;]", part)
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


def _can_be_written(address: str) -> bool:
    """Tell whether a letter's head can have it."""
    try:
        Address(addr_spec=address)
    except (ValueError, HeaderParseError):
        return False
    return address.isascii() and address.isprintable()


def _check(session: Session, site_id: int, wanted: Wanted, choices: Choices, but: int | None = None) -> None:
    name = wanted.name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInputError("name", f"must have 1 to {LONGEST_NAME} characters that can be read")
    namesake = session.scalar(select(Schedule.id).where(Schedule.site_id == site_id, Schedule.name == name))
    if namesake not in (None, but):
        raise InvalidInputError("name", f"{name!r} is another schedule's")
    _check_rhythm(wanted)
    _among("compare", wanted.compare, COMPARED)
    if wanted.segment is not None:
        _among("segment", wanted.segment, choices.segments)
    if not 1 <= len(wanted.sections) <= MOST_SECTIONS:
        raise InvalidInputError("sections", f"choose from one to {MOST_SECTIONS} reports")
    for section in wanted.sections:
        _among("sections", section, choices.reports)
    for form in wanted.attached:
        _among("attached", form, ATTACHED)
    if not 1 <= len(set(wanted.recipients)) <= MOST_RECIPIENTS:
        raise InvalidInputError("recipients", f"name from one to {MOST_RECIPIENTS} addresses")


def _check_rhythm(wanted: Wanted) -> None:
    _among("every", wanted.every, EVERY)
    if wanted.every == "week" and wanted.weekday not in range(7):
        raise InvalidInputError("weekday", "must be a day from 0 (Monday) to 6 (Sunday)")
    if wanted.hour not in range(24):
        raise InvalidInputError("hour", "must be a full hour from 0 to 23")
    if wanted.zone not in available_timezones():
        raise InvalidInputError("zone", f"{wanted.zone[:64]!r} is no time zone such as Europe/Helsinki")


def _among(field: str, given: str, choices: Collection[str]) -> None:
    if given not in choices:
        known = ", ".join(choices) if choices else "there is none yet"
        raise InvalidInputError(field, f"{given[:64]!r} is unknown; choose from: {known}")


def _fill(schedule: Schedule, wanted: Wanted) -> None:
    schedule.name = wanted.name.strip()
    schedule.every = wanted.every
    schedule.weekday = wanted.weekday if wanted.every == "week" else None
    schedule.hour = wanted.hour
    schedule.zone = wanted.zone
    schedule.sections = list(dict.fromkeys(wanted.sections))
    schedule.attached = [form for form in ATTACHED if form in wanted.attached]
    schedule.segment = wanted.segment
    schedule.compare = wanted.compare


def _set_recipients(session: Session, schedule: Schedule, addresses: Sequence[str], choices: Choices) -> None:
    """Name these and no others. Who left stays left, and is not asked again; a webhook is never asked."""
    checked = [check_address(address, choices.own_hosts) for address in addresses]
    wanted = {_key(address): address for address in checked}
    known = {_key(one.address): one for one in recipients_of(session, schedule.id)}
    team = team_of(session, schedule.site_id)
    for key, recipient in known.items():
        if key not in wanted and recipient.left_at is None:
            session.delete(recipient)
    for key in sorted(wanted.keys() - known.keys()):
        _add_recipient(session, schedule, wanted[key], of_team=key in team)


def _key(address: str) -> str:
    """Return what two ways of writing one address have in common."""
    return address if is_hook(address) else address.casefold()


def _add_recipient(session: Session, schedule: Schedule, address: str, *, of_team: bool) -> None:
    now = utc_now()
    recipient = Recipient(
        schedule_id=schedule.id,
        address=address,
        token=secrets.token_urlsafe(32),
        of_team=of_team,
        confirmed_at=now if of_team or is_hook(address) else None,
    )
    session.add(recipient)
    session.flush()
    if recipient.confirmed_at is None and _may_ask(session, address, now):
        session.add(new_message(schedule.id, address, now, recipient_id=recipient.id))


def new_message(
    schedule_id: int, address: str, now: datetime, *, recipient_id: int | None = None, delivery_id: int | None = None
) -> Message:
    """Return a message for the outbox."""
    return Message(
        key=secrets.token_hex(12),
        delivery_id=delivery_id,
        recipient_id=recipient_id,
        schedule_id=schedule_id,
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
