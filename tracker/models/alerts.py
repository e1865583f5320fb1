"""What is watched on a site, what was noticed, what is muted, and when this installation was at work."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base

_IS_OPEN = text("ended_at IS NULL")
_IS_UNPOSTED = text("posted_at IS NULL")


class Watch(Base):
    """What is watched on a site, and how: an alert goes to the watch's recipients.

    `kinds` are names of what is watched for, `least` the volume below which nothing is told. From hour
    `quiet_from` until hour `quiet_until` of the site's zone nothing is sent; both None is never.
    `days_off` are days (2026-04-06, or 12-25 of every year) that are not like others. `language` is a tag of
    tracker.languages, for all that its alerts say.
    """

    __tablename__ = "watch"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    sensitivity: Mapped[str] = mapped_column(String(8))
    least: Mapped[int]
    cool_down_hours: Mapped[int]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    days_off: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(35), default="en")
    paused: Mapped[bool]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))

    __table_args__ = (UniqueConstraint("site_id", "name"),)

    @property
    def ownership(self) -> dict[str, int]:
        """How its recipients and messages say whose they are."""
        return {"watch_id": self.id}


class Alert(Base):
    """Something that a watch noticed; while it has not ended there is one of its kind and `subject` alone.

    It is about what went on from `began_at`; `seen_at` is when it was last found to go on, `told_at` when it was
    put into the outbox, None while quiet hours hold it back, and for good where it ended before they did. `posted_at`
    is when it was looked at for webhooks. Its words and figures are those of the moment at which it was noticed.
    """

    __tablename__ = "alert"

    id: Mapped[int] = mapped_column(primary_key=True)
    watch_id: Mapped[int] = mapped_column(ForeignKey("watch.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    began_at: Mapped[datetime]
    noticed_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]
    headline: Mapped[str] = mapped_column(String(200))
    told: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        Index(
            "uq_alert_open", "watch_id", "kind", "subject", unique=True,
            sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN,
        ),
        Index(
            "ix_alert_unposted", "watch_id", "noticed_at",
            sqlite_where=_IS_UNPOSTED, postgresql_where=_IS_UNPOSTED,
        ),
    )  # fmt: skip


class Mute(Base):
    """What a recipient does not want to hear of until a time, None for good."""

    __tablename__ = "mute"

    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    until: Mapped[datetime | None]


class Uptime(Base):
    """From when until when a process was at work; what was acknowledged before `loaded_until` is in the event store."""

    __tablename__ = "uptime"

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(64), index=True)
    began_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    loaded_until: Mapped[datetime]
