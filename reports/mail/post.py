"""Sends what is due: one process among many, each letter once."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog

from reports.mail.asking import ALERTS, REPORTS, ask_to_confirm
from reports.mail.compose import Contents, draft
from reports.mail.draft import Draft, Foot
from reports.mail.payload import payload
from reports.mail.warning import foot_of as warning_foot
from reports.mail.warning import payload as warning_payload
from reports.mail.warning import warning
from tracker.alerts.incidents import said_in
from tracker.clock import utc_now
from tracker.errors import InvalidInputError, RefusedError, UnreachableError
from tracker.house import House
from tracker.languages import language_of, speaking
from tracker.mail import Letter, Mailer
from tracker.models import Alert, Recipient, Schedule
from tracker.outgoing import posting
from tracker.outgoing.posting import is_webhook
from tracker.schedules.outbox import note_due
from tracker.schedules.rhythm import Due
from tracker.schedules.sending import Parcel, Post, send_waiting
from tracker.sites import SiteInfo

DRAFTS_KEPT = 16
FAILED_KEPT_FOR = timedelta(seconds=30)
"""For so long nobody asks again for a report that could not be made: less than until a letter's next try."""
_log = structlog.get_logger("footfall.schedules")


def deliver(house: House, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Note what is due and send what waits, if this process leads; returns how many letters were tried.

    Without a mail server nothing is noted either: once there is one, the latest periods are owed.
    """
    if not house.settings.mail_url or not house.leadership.hold():
        return 0
    zones = {site.id: site.tzinfo for site in house.sites.all()}
    if made := note_due(house.database, zones, utc_now()):
        _log.info("reports are due", deliveries=made)
    with Mailer(house.settings) as mailer:
        desk = Desk(house, mailer)
        return send_waiting(house.database, desk.send, lambda: may_go_on() and house.leadership.hold())


class _Failed(NamedTuple):
    """Why a report could not be made, and when."""

    error: UnreachableError
    at: datetime


class Desk:
    """Writes letters and hands them to the mailer; for those that say the same the reports are asked once.

    Each is in the language of its schedule or alert; what goes wrong is said in that which is spoken at the call.
    """

    def __init__(self, house: House, mailer: Mailer) -> None:
        self._house = house
        self._mailer = mailer
        self._drafts: OrderedDict[tuple[int, str, Contents, Due], Draft | _Failed] = OrderedDict()

    def send(self, parcel: Parcel) -> Post | None:
        """Write a parcel's letter and hand it in, or return how to post it; raises as `Mailer.send` does."""
        site = self._house.sites.by_id(parcel.mailing.site_id)
        if site is None:
            raise RefusedError("The site is there no more.")
        try:
            return self._hand_in(parcel, site)
        except InvalidInputError as error:
            raise RefusedError(f"This report can be asked no more: {error}.") from error

    def _hand_in(self, parcel: Parcel, site: SiteInfo) -> Post | None:
        settings, schedule, recipient = self._house.settings, parcel.mailing, parcel.recipient
        to, message_id = parcel.message.address, f"{parcel.message.key}.{site.key}"
        if parcel.alert is not None:
            return self._warn(parcel, parcel.alert, site, message_id)
        if parcel.delivery is None or not isinstance(schedule, Schedule):
            if recipient is None:
                raise RefusedError("The address is on the list no more.")
            doors = (f"{settings.address}/{what}/{recipient.token}" for what in ("confirm", "unsubscribe"))
            asking = REPORTS if isinstance(schedule, Schedule) else ALERTS
            with speaking(language_of(schedule.language)):
                letter = ask_to_confirm(site, schedule.name, asking, *doors)
            self._mailer.send(letter, to, message_id)
            return None
        due = Due(parcel.delivery.due_at, parcel.delivery.first_day, parcel.delivery.last_day)
        written, foot = self._draft(site, schedule, due), foot_of(settings.address, site, schedule, recipient)
        with speaking(language_of(schedule.language)):
            sent = payload(written, foot, to) if is_webhook(to) else written.letter(foot)
        return self._send(parcel, sent, message_id)

    def _warn(self, parcel: Parcel, alert: Alert, site: SiteInfo, message_id: str) -> Post | None:
        """Hand in what a watch noticed; all of it was written down when it did."""
        address, to = self._house.settings.address, parcel.message.address
        with speaking(said_in(alert)):
            noticed = warning(site, address, alert, parcel.mailing.name)
            foot = warning_foot(address, site, alert, parcel.recipient)
            sent = warning_payload(noticed, foot, to) if is_webhook(to) else noticed.letter(foot)
        return self._send(parcel, sent, message_id)

    def _send(self, parcel: Parcel, sent: Letter | bytes, message_id: str) -> Post | None:
        """Send a letter; of what goes to a webhook return how to post it."""
        if not isinstance(sent, Letter):
            return partial(self._post, parcel, sent, message_id)
        if parcel.hold():  # else asking took so long that another process has it
            self._mailer.send(sent, parcel.message.address, message_id)
        return None

    def _post(self, parcel: Parcel, body: bytes, message_id: str) -> None:
        """Post a body to a parcel's webhook."""
        assert parcel.recipient is not None
        if parcel.hold():
            to, secret = parcel.message.address, parcel.recipient.token
            posting.post(to, body, message_id, secret, self._house.settings.hosts_of_ours)

    def _draft(self, site: SiteInfo, schedule: Schedule, due: Due) -> Draft:
        key = site.id, schedule.language, contents_of(schedule), due
        found = self._drafts.get(key)
        if found is None or (isinstance(found, _Failed) and utc_now() - found.at >= FAILED_KEPT_FOR):
            found = self._drafts[key] = self._written(site, schedule, due)
            if len(self._drafts) > DRAFTS_KEPT:
                self._drafts.popitem(last=False)
        if isinstance(found, _Failed):
            raise found.error
        return found

    def _written(self, site: SiteInfo, schedule: Schedule, due: Due) -> Draft | _Failed:
        address, language = self._house.settings.address, language_of(schedule.language)
        try:
            return draft(self._house.store, site, address, contents_of(schedule), due, language)
        except UnreachableError as error:
            return _Failed(error, utc_now())


def contents_of(schedule: Schedule) -> Contents:
    """Return what a schedule wants in its letters."""
    return Contents(tuple(schedule.sections), tuple(schedule.attached), schedule.segment, schedule.compare)


def foot_of(address: str, site: SiteInfo, schedule: Schedule, recipient: Recipient | None = None) -> Foot:
    """Return the foot of a letter, with the way out for those on the list."""
    unsubscribe = f"{address}/unsubscribe/{recipient.token}" if recipient else None
    return Foot(schedule.name, unsubscribe, f"{address}/sites/{site.key}/schedules/{schedule.id}")
