"""Tells which rows are of somebody who was erased: on their way to the store, in files, in letters."""

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

import msgspec

from tracker.database import Database
from tracker.dead_letters import DeadLetter
from tracker.identity.graph import to_ms
from tracker.ingest.rows import Row
from tracker.rights import tombstones

REFRESH_S = 2.0  # an erasure by another process is obeyed from then on; one by this, at once
Spans: TypeAlias = Mapping[int, Sequence[tuple[int, int]]]
"""By identifier, the times in which it was an erased person's: ms since 1970, ends not included."""


def is_erased(spans: Spans, visitor_id: object, login_id: object, at_ms: int) -> bool:
    """Tell whether an event is of an erased person; the rule of `store.erasing.of_traces`."""
    if _names(spans, login_id, at_ms):
        return True
    return (login_id is None or login_id in spans) and _names(spans, visitor_id, at_ms)


def row_is_erased(spans: Spans, row: Mapping[str, object]) -> bool:
    """Tell whether a row on its way to the store is of an erased person."""
    visitor, login = row.get("visitor_id"), row.get("login_id")
    if visitor not in spans and login not in spans:
        return False
    return is_erased(spans, visitor, login, _ms_of(row.get("occurred_at")))


def line_is_erased(spans: Spans, site_id: int, line: bytes) -> bool:
    """Tell the same of a line of a batch."""
    told = _lines.decode(line)
    return told.site_id == site_id and is_erased(spans, told.visitor_id, told.login_id, _ms_of(told.occurred_at))


def letter_is_erased(spans: Spans, site_id: int, letter: DeadLetter) -> bool:
    """Tell the same of a dead letter, whose body is a footprint or a row."""
    if letter.site_id != site_id or not letter.body:
        return False
    try:
        told = msgspec.json.decode(letter.body, type=_Body)
    except msgspec.DecodeError:
        return False
    at = told.received_at if isinstance(told.received_at, int) else _ms_of(told.occurred_at)
    names = (told.visitor_id, told.earlier_visitor_id, told.daily_id, told.link_login_id)
    return any(is_erased(spans, name, told.login_id, at) for name in names)


class _Line(msgspec.Struct):
    site_id: int
    occurred_at: str
    visitor_id: int | None = None
    login_id: int | None = None


class _Body(msgspec.Struct):
    received_at: int | str
    occurred_at: str | None = None
    visitor_id: int | None = None
    earlier_visitor_id: int | None = None
    daily_id: int | None = None
    login_id: int | None = None
    link_login_id: int | None = None


_lines = msgspec.json.Decoder(_Line)


class ErasedBook:
    """The tombstones in memory, read again after a change; a site without any costs a look into a dict."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._looked_at = -REFRESH_S
        self._state: tuple[object, ...] = ()
        self._by_site: dict[int, Spans] = {}

    def of(self, site_id: int) -> Spans | None:
        """Return the erased identifiers of a site; None when there are none."""
        if time.monotonic() - self._looked_at >= REFRESH_S:
            self._read()
        return self._by_site.get(site_id)

    def left(self, site_id: int, rows: list[Row]) -> list[Row]:
        """Return the rows without those of erased persons."""
        spans = self.of(site_id)
        return rows if spans is None else [row for row in rows if not row_is_erased(spans, row)]

    def forget(self) -> None:
        """Read again at the next question, after an erasure in this process."""
        self._looked_at = -REFRESH_S

    def _read(self) -> None:
        with self._lock, self._database.session() as session:
            state = tombstones.state(session)
            if state != self._state:
                self._by_site = {
                    site_id: tombstones.spans_by_id(tombstones.traces(session, site_id))
                    for site_id in tombstones.sites_with(session)
                }
                self._state = state
            self._looked_at = time.monotonic()


def _names(spans: Spans, name: object, at_ms: int) -> bool:
    return isinstance(name, int) and any(since <= at_ms < until for since, until in spans.get(name, ()))


def _ms_of(moment: object) -> int:
    return to_ms(datetime.fromisoformat(str(moment)).replace(tzinfo=UTC))
