"""Keeps the copy of memberships in ClickHouse: newer versions of rows, or versions that say they are gone."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import func, select

from tracker.store.base import Membership
from tracker.store.clickhouse_client import FINAL, ClickHouseClient
from tracker.store.clickhouse_derived import VERSION, versioned
from tracker.store.members import of_site, with_mark
from tracker.store.schema import member

_AT_ONCE = 1000


def read_mark(client: ClickHouseClient) -> int:
    """Return up to which change the copy has come."""
    mark = select(func.coalesce(func.max(member.c.profile_id), 0)).where(member.c.site_id == 0)
    return int(client.rows(mark, settings=FINAL).rows[0][0])


def replace_members(
    client: ClickHouseClient,
    changed: Collection[tuple[int, int]] | None,
    memberships: Sequence[Membership],
    mark: int,
) -> None:
    """Put memberships in the place of those of the changed identifiers (None: of all) in one insert."""
    gone: set[Membership] = set()
    if changed is None:
        client.execute("TRUNCATE TABLE member")
    else:
        for site_id, identifiers in of_site(changed).items():
            for first in range(0, len(identifiers), _AT_ONCE):
                some = identifiers[first : first + _AT_ONCE]
                here = select(*member.c).where(member.c.site_id == site_id, member.c.identifier_id.in_(some))
                gone |= {Membership(*row) for row in client.rows(here, settings=FINAL).rows}
    newest = client.rows(select(func.coalesce(func.max(versioned(member).c.version), 0))).rows[0][0]
    version = int(newest) + 1
    fresh = with_mark(memberships, mark)
    kept = {(row.site_id, row.identifier_id, _text(row.since)) for row in fresh}
    over = [row for row in gone if (row.site_id, row.identifier_id, _text(row.since)) not in kept]
    lines = [_line(row, version, is_deleted=0) for row in fresh] + [_line(row, version, is_deleted=1) for row in over]
    client.insert_lines(member.name, lines)


def _line(row: Membership, version: int, is_deleted: int) -> bytes:
    told = {
        "site_id": row.site_id,
        "identifier_id": row.identifier_id,
        "since": _text(row.since),
        "until": _text(row.until),
        "profile_id": row.profile_id,
        VERSION: version,
        "is_deleted": is_deleted,
    }
    return msgspec.json.encode(told) + b"\n"


def _text(moment: datetime) -> str:
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return utc.strftime("%Y-%m-%d %H:%M:%S.") + f"{utc.microsecond // 1000:03}"
