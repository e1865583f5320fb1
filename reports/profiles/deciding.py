"""Changes by hand: each is made, told to the event store's copy, and answered with what it came to."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from tracker.house import House
from tracker.models import IdentityConflict, IdentityEdge
from tracker.sites import SiteInfo

T = TypeVar("T")
_TOO_MANY = 2**31  # more than PostgreSQL would look for


def change(house: House, make: Callable[[Session], T]) -> T:
    """Make a change in a transaction of its own, and let the event store follow it."""
    with house.database.session() as session:
        made = make(session)
    house.identity.copy()
    return made


def has_edge(session: Session, site: SiteInfo, edge_id: int) -> bool:
    """Tell whether a site has an edge of this number."""
    edge = session.get(IdentityEdge, edge_id)
    return edge is not None and edge.site_id == site.id


def logins_in(session: Session, site: SiteInfo, conflict_id: int) -> tuple[int, int] | None:
    """Return the two logins of a site's conflict; None when it has none of this number."""
    conflict = session.get(IdentityConflict, conflict_id) if 0 < conflict_id < _TOO_MANY else None
    return None if conflict is None or conflict.site_id != site.id else (conflict.a, conflict.b)
