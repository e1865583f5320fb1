"""How the copy of memberships looks on its way into either engine; see `schema.member`."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from tracker.store.base import Membership

_MARK_AT = datetime(1970, 1, 1, tzinfo=UTC)


def with_mark(memberships: Sequence[Membership], mark: int) -> list[Membership]:
    """Return the rows to write: the memberships, and the row of site 0, which says how far they have come."""
    return [*memberships, Membership(0, 0, _MARK_AT, _MARK_AT, mark)]


def of_site(identifiers: Collection[tuple[int, int]]) -> dict[int, list[int]]:
    """Return the identifiers by site."""
    by_site: dict[int, list[int]] = {}
    for site_id, identifier in identifiers:
        by_site.setdefault(site_id, []).append(identifier)
    return by_site
