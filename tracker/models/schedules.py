"""Reports that are sent by the clock: what is due to whom, and what became of it."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base
from tracker.models.outgoing import Outgoing

_IS_UNPOSTED = text("posted_at IS NULL")


class Schedule(Base):
    """A report letter of a site, sent again and again.

    `every`, `weekday` (0 is Monday, for weekly ones), `hour` and `zone` say when. `sections` are
    names of reports, `attached` forms (csv, json, pdf) in which they come along; `segment` is a segment's
    name, for all visitors None. `language` is a tag of tracker.languages, for all that its letters
    say. What came due before `owed_from` is owed to nobody: it was not there yet, or was paused.
    """

    __tablename__ = "schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    every: Mapped[str] = mapped_column(String(8))
    weekday: Mapped[int | None]
    hour: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    sections: Mapped[list[str]] = mapped_column(JSON)
    attached: Mapped[list[str]] = mapped_column(JSON)
    segment: Mapped[str | None] = mapped_column(String(64))
    compare: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(35), default="en")
    paused: Mapped[bool]
    owed_from: Mapped[datetime]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))

    __table_args__ = (UniqueConstraint("site_id", "name"),)

    @property
    def ownership(self) -> dict[str, int]:
        """How its recipients and messages say whose they are."""
        return {"schedule_id": self.id}


class Recipient(Base):
    """An address to which a schedule, or what a watch notices, goes; who has left stays listed.

    Who was `of_team` need not confirm, and gets nothing more once they are of the team no longer; others confirm first.
    """

    __tablename__ = "recipient"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"))
    watch_id: Mapped[int | None] = mapped_column(ForeignKey("watch.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(320))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    of_team: Mapped[bool]
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("schedule_id", "address"),
        UniqueConstraint("watch_id", "address"),
        CheckConstraint("(schedule_id IS NULL) <> (watch_id IS NULL)", name="ck_recipient_owner"),
    )


class Delivery(Base):
    """A schedule's report of one period, made due once whoever finds it; `again` counts those sent by hand.

    `posted_at` is when it was looked at for webhooks, once nothing of it waited any more.
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    again: Mapped[int]
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    posted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("schedule_id", "first_day", "last_day", "again"),
        Index(
            "ix_delivery_unposted", "schedule_id", "made_at",
            sqlite_where=_IS_UNPOSTED, postgresql_where=_IS_UNPOSTED,
        ),
    )  # fmt: skip


class Message(Outgoing, Base):
    """One letter to one address.

    It is of a schedule's delivery or of a watch's alert; without either it asks the recipient to confirm.
    Without a recipient somebody of the team sent it to themselves.
    """

    __tablename__ = "message"

    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id", ondelete="CASCADE"))
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("recipient.id", ondelete="CASCADE"), index=True)
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"), index=True)
    watch_id: Mapped[int | None] = mapped_column(ForeignKey("watch.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320))

    __table_args__ = (
        UniqueConstraint("delivery_id", "address"),
        UniqueConstraint("alert_id", "address"),
        CheckConstraint("(schedule_id IS NULL) <> (watch_id IS NULL)", name="ck_message_owner"),
        Index("ix_message_state_next_try_at", "state", "next_try_at"),
    )


class AskedAddress(Base):
    """When an address outside was last asked whether it wants letters, by its hash, and whether it said never."""

    __tablename__ = "asked_address"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[datetime]
    refused: Mapped[bool]


class Lease(Base):
    """Which process does something that one must do alone, and until when unless it says so again."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]
