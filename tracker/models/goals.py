"""What a site's owner hopes that visitors do, and the ways that lead there."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.models.base import Base


class Goal(Base):
    """Something that visitors are to do, by name.

    `condition` is a `tracker.conditions.Condition`. `revenue` names the property of its event that says what
    one was worth, in `currency` (ISO 4217); both or neither.
    """

    __tablename__ = "goal"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    condition: Mapped[dict[str, Any]] = mapped_column(JSON)
    revenue: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str | None] = mapped_column(String(3))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))


class Funnel(Base):
    """Steps that are to be taken one after the other within a visit; each a name and a condition."""

    __tablename__ = "funnel"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(64))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(320))
