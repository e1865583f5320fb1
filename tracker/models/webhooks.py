"""Webhooks: where happenings of a site are posted, what is on its way there, and up to where was looked for more."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base
from tracker.models.outgoing import Outgoing


class Webhook(Base):
    """An address that gets a site's happenings of some `kinds`, signed with a secret of its own.

    The secret before the present one signs too until `old_until`. What happened before `owed_from` is owed to
    nobody: it was not there yet, or was off; `kinds_from` says since when (ISO 8601) kinds that it was given later
    are. `stopped` says why it was switched off by itself: `gone` or `failing`. Nothing has arrived since
    `failing_since`; `left_out` is what was not even queued, for too much waited.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(String(320))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(String(64))
    old_secret: Mapped[str | None] = mapped_column(String(64))
    old_until: Mapped[datetime | None]
    on: Mapped[bool]
    stopped: Mapped[str | None] = mapped_column(String(8))
    owed_from: Mapped[datetime]
    kinds_from: Mapped[dict[str, str]] = mapped_column(JSON)
    failing_since: Mapped[datetime | None]
    left_out: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))

    __table_args__ = (UniqueConstraint("site_id", "address"),)


class WebhookMessage(Outgoing, Base):
    """One message to a webhook, its body as it is signed.

    `happening` tells it from the others of its webhook, so that each is told once. `status` and `answered` are
    what the last try was answered with, None where there was no answer.
    """

    __tablename__ = "webhook_message"

    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    happening: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]
    answered: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        UniqueConstraint("webhook_id", "happening"),
        Index("ix_webhook_message_state_next_try_at", "state", "next_try_at"),
    )


class WebhookMark(Base):
    """Up to which event of a site conversions were told, and which was the newest when they were looked for."""

    __tablename__ = "webhook_mark"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    told: Mapped[int] = mapped_column(BigInteger)
    seen: Mapped[int] = mapped_column(BigInteger)


class ToldStruggle(Base):
    """A struggle that a site's webhooks were told of as new, by the hash of its signal, page and element."""

    __tablename__ = "told_struggle"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    told_at: Mapped[datetime]
