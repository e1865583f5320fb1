"""The random salts of daily visitor hashes; in no backup, destroyed when their day is over."""

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Salt(Base):
    """32 random bytes for one site on one of its days."""

    __tablename__ = "salt"

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary(32))
