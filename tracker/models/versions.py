"""How a site decides its signals, and what became of its pages."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class SignalVersion(Base):
    """The limits by which a site's signals are decided from a moment on; the newest is in force.

    `limits` holds only what differs from `tracker.signals.THRESHOLDS`. `number` counts from
    2 within the site, for 1 is what everyone begins with. `decided_at` is when all events
    stored before had been decided by it; null while that goes on.
    """

    __tablename__ = "signal_version"
    __table_args__ = (UniqueConstraint("site_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    number: Mapped[int]
    limits: Mapped[dict[str, int]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))
    decided_at: Mapped[datetime | None]


class Release(Base):
    """A moment at which a site changed, such as v2.3: what came before is compared with what came after."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    released_at: Mapped[datetime]


class Annotation(Base):
    """What happened on a day of a site's own calendar, for its charts to tell."""

    __tablename__ = "annotation"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    text: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))


class OverlayToken(Base):
    """Lets one browser tab show a page's heatmap over the page itself: made once, traded in once, short-lived."""

    __tablename__ = "overlay_token"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    scope: Mapped[str] = mapped_column(String(4096))  # the query of the page that it was opened from
    language: Mapped[str] = mapped_column(String(35))  # that page's (BCP 47)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
