"""Keeps the copy of memberships in DuckDB."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import duckdb

from tracker.store.base import Membership
from tracker.store.members import with_mark

_CHANGED = """
DELETE FROM member USING (SELECT unnest($1::INTEGER[]) AS site_id, unnest($2::BIGINT[]) AS identifier_id) changed
WHERE member.site_id = changed.site_id AND member.identifier_id = changed.identifier_id
"""
_INSERT = """
INSERT INTO member (site_id, identifier_id, since, until, profile_id)
SELECT unnest($1::INTEGER[]), unnest($2::BIGINT[]), unnest($3::TIMESTAMP[]), unnest($4::TIMESTAMP[]),
       unnest($5::BIGINT[])
"""


def replace_members(
    cursor: duckdb.DuckDBPyConnection,
    changed: Collection[tuple[int, int]] | None,
    memberships: Sequence[Membership],
    mark: int,
) -> None:
    """Put memberships in the place of those of the changed identifiers (None: of all), inside a transaction."""
    if changed is None:
        cursor.execute("DELETE FROM member")
    else:
        gone = [*changed, (0, 0)]
        cursor.execute(_CHANGED, [[site_id for site_id, _ in gone], [identifier for _, identifier in gone]])
    rows = with_mark(memberships, mark)
    columns = [
        [row.site_id for row in rows],
        [row.identifier_id for row in rows],
        [_plain(row.since) for row in rows],
        [_plain(row.until) for row in rows],
        [row.profile_id for row in rows],
    ]
    cursor.execute(_INSERT, columns)


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
