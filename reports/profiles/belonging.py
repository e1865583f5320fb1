"""Which rows of the event store are of which profile, by its copy of who is of which profile and when."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select

from tracker.store.schema import member


def profile_id(visitor_id: ColumnElement[Any]) -> ColumnElement[int]:
    """Return the profile of what is joined by `membership`: a visitor who is tied to nothing is one of their own."""
    return func.coalesce(member.c.profile_id, visitor_id)


def membership(table: FromClause, time: ColumnElement[Any]) -> ColumnElement[bool]:
    """Say which row of `member` holds for a row of a table, at its time: there is one or none."""
    return and_(
        member.c.site_id == table.c.site_id,
        member.c.identifier_id == table.c.visitor_id,
        member.c.since <= time,
        member.c.until > time,
    )


def of_profile(table: FromClause, time: ColumnElement[Any], site_id: int, profile: int, *columns: Any) -> Select[Any]:
    """Select from the rows of a table that are of a profile."""
    tied = select(*columns).select_from(table.join(member, membership(table, time)))
    return tied.where(table.c.site_id == site_id, member.c.site_id == site_id, member.c.profile_id == profile)


def of_one(table: FromClause, site_id: int, visitor: int, *columns: Any) -> Select[Any]:
    """Select from the rows of a table that are of a visitor who is tied to nothing."""
    return select(*columns).select_from(table).where(table.c.site_id == site_id, table.c.visitor_id == visitor)
