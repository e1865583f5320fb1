"""By what other trackers' names the sites here are known."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class ForeignId(Base):
    """What another tracker, `product`, calls a site: what it sends under `their_id` is the site's.

    `secret_hash` is of what its senders must prove themselves by, where the product has such.
    `consented` says that whoever it knows by an id on their device agreed to that beforehand.
    """

    __tablename__ = "foreign_id"
    __table_args__ = (UniqueConstraint("product", "their_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    product: Mapped[str] = mapped_column(String(32))
    their_id: Mapped[str] = mapped_column(String(255))
    secret_hash: Mapped[str | None] = mapped_column(String(64))
    consented: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))
