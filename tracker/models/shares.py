"""Links by which people without an account see some of a site's reports."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class ShareLink(Base):
    """A link to some reports of a site; of its token only a hash is kept.

    `sections` are names of reports; `filters` as they stand in an address, and those of the
    `segment` by that name, hold on every page of it. `hosts` may show it in a frame of theirs.
    """

    __tablename__ = "share_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    sections: Mapped[list[str]] = mapped_column(JSON)
    filters: Mapped[list[str]] = mapped_column(JSON)
    segment: Mapped[str | None] = mapped_column(String(64))
    hosts: Mapped[list[str]] = mapped_column(JSON)
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("site_id", "name"),)
