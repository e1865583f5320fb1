"""Schedules told in a line, and a sender that only notes: `run(database, Sender())`."""

from zoneinfo import ZoneInfo

from sqlalchemy import select

from tracker.clock import utc_now
from tracker.database import Database
from tracker.models import Message, Site
from tracker.schedules import book
from tracker.schedules.outbox import note_due
from tracker.schedules.sending import Parcel, send_waiting

HELSINKI = ZoneInfo("Europe/Helsinki")
ANN, BEN = "ann@example.org", "ben@example.com"
CHOICES = book.Choices(["pages", "struggles"], ["Phones"])
MADE, MONDAY = "2026-03-04 12:00", "2026-03-09 08:00"  # 09:00 in Helsinki is 07:00 here


def wanted(*recipients: str, name: str = "Weekly", **changes: object) -> book.Wanted:
    told = {"every": "week", "weekday": 0, "hour": 9, "zone": "Europe/Helsinki", "sections": ["pages"], **changes}
    return book.Wanted(name=name, recipients=recipients or (ANN,), **told)  # type: ignore[arg-type]


class Sender:
    """Notes what it was given; what is put into `problems` goes wrong instead, in that order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str | None]] = []
        self.problems: list[Exception] = []

    def __call__(self, parcel: Parcel) -> None:
        if self.problems:
            raise self.problems.pop(0)
        if not parcel.hold():
            return
        period = str(parcel.delivery.first_day) if parcel.delivery else None
        self.sent.append((parcel.message.address, period))


def run(database: Database, sender: Sender) -> None:
    note(database)
    send_waiting(database, sender, lambda: True)


def note(database: Database) -> int:
    with database.session() as session:
        return note_due(database, dict.fromkeys(session.scalars(select(Site.id)), HELSINKI), utc_now())


def messages(database: Database) -> list[Message]:
    with database.session() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))
