"""Sends what is due: one process among many, each letter once."""

from collections import OrderedDict
from collections.abc import Callable

import structlog

from reports.mail.compose import Contents, Draft, Foot, ask_to_confirm, draft
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.house import House
from tracker.mail import Letter, Mailer
from tracker.models import Recipient, Schedule
from tracker.schedules.outbox import Parcel, RefusedError, note_due, send_waiting
from tracker.schedules.rhythm import Due
from tracker.sites import SiteInfo

DRAFTS_KEPT = 16
_log = structlog.get_logger("footfall.schedules")


def deliver(house: House, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Note what is due and send what waits, if this process leads; returns how many letters were tried.

    Without a mail server nothing is noted either: once there is one, the latest periods are owed.
    """
    if not house.settings.mail_url or not house.leadership.hold():
        return 0
    if made := note_due(house.database, utc_now()):
        _log.info("reports are due", deliveries=made)
    with Mailer(house.settings) as mailer:
        desk = Desk(house, mailer)
        return send_waiting(house.database, desk.send, lambda: may_go_on() and house.leadership.hold())


class Desk:
    """Writes letters and hands them to the mailer; for those that say the same the reports are asked once."""

    def __init__(self, house: House, mailer: Mailer) -> None:
        self._house = house
        self._mailer = mailer
        self._drafts: OrderedDict[tuple[int, Contents, Due], Draft] = OrderedDict()

    def send(self, parcel: Parcel) -> None:
        """Write a parcel's letter and hand it in; raises as `Mailer.send` does."""
        site = self._house.sites.by_id(parcel.schedule.site_id)
        if site is None:
            raise RefusedError("The site is there no more.")
        try:
            letter = self._letter(parcel, site)
        except InvalidInputError as error:
            raise RefusedError(f"This report can be asked no more: {error}.") from error
        self._mailer.send(letter, parcel.message.address, f"message-{parcel.message.id}.{site.key}")

    def _letter(self, parcel: Parcel, site: SiteInfo) -> Letter:
        address, schedule = self._house.settings.address, parcel.schedule
        if parcel.delivery is None:
            assert parcel.recipient is not None
            return ask_to_confirm(site, schedule.name, f"{address}/confirm/{parcel.recipient.token}")
        due = Due(parcel.delivery.due_at, parcel.delivery.first_day, parcel.delivery.last_day)
        key = site.id, contents_of(schedule), due
        if key not in self._drafts:
            self._drafts[key] = draft(self._house.store, site, address, key[1], due)
            if len(self._drafts) > DRAFTS_KEPT:
                self._drafts.popitem(last=False)
        return self._drafts[key].letter(foot_of(address, site, schedule, parcel.recipient))


def contents_of(schedule: Schedule) -> Contents:
    """Return what a schedule wants in its letters."""
    return Contents(tuple(schedule.sections), tuple(schedule.attached), schedule.segment, schedule.compare)


def foot_of(address: str, site: SiteInfo, schedule: Schedule, recipient: Recipient | None = None) -> Foot:
    """Return the foot of a letter, with the way out for those on the list."""
    unsubscribe = f"{address}/unsubscribe/{recipient.token}" if recipient else None
    return Foot(schedule.name, unsubscribe, f"{address}/sites/{site.key}/schedules/{schedule.id}")
