"""What a site has of one kind, such as goals: how many there are, and the one with a name."""

from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.models import Base

Kind = TypeVar("Kind", bound=Base)


def how_many(session: Session, kind: type[Base], site_id: int) -> int:
    """Count the rows of a model that a site has."""
    column = kind.__table__.c.site_id
    return session.scalar(select(func.count()).where(column == site_id)) or 0


def named(session: Session, kind: type[Kind], site_id: int, name: str) -> Kind | None:
    """Return the row of a model that bears a name on a site, where there is one."""
    columns = kind.__table__.c
    return session.scalar(select(kind).where(columns.site_id == site_id, columns.name == name))
