"""Takes an export page by page as lines of text, or whole as a file of Parquet."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, FromClause, Select, String, cast, func, select

from reports.bulk.cursors import Cursors, days_of
from reports.bulk.exports import EXPORTS, Export, Wanted, kind_of
from reports.bulk.lines import csv_head, csv_line, json_line
from reports.bulk.room import room
from reports.query.ranges import Range
from tracker.sites import SiteInfo
from tracker.store.base import EXPORT_S, EventStore
from tracker.store.functions import utc_moment

ROWS_A_PAGE = 16_000
ROWS_A_CHUNK = 2000
MOST_WIDE = 1 << 40
LINE_FORMS = ("ndjson", "csv")
FORMS = (*LINE_FORMS, "parquet")
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Taking:
    """An export that was asked for: up to where it goes is fixed, so that what is loaded meanwhile comes next time.

    `cursor` asks for what comes after it.
    """

    export: Export
    wanted: Wanted
    cursors: Cursors

    @property
    def cursor(self) -> str:
        """Return the cursor that goes on after all of it."""
        return self.cursors.write(self.wanted.upto)


def taking(
    store: EventStore,
    site: SiteInfo,
    what: str,
    *,
    span: Range | None = None,
    since: str | None = None,
    limit: int | None = None,
) -> Taking:
    """Ask for a site's `what`, of some days or all, after the cursor `since`, at most `limit` rows.

    Raises InvalidInputError at once when the cursor is none of this export's, NoRoomError where rows that are summed
    up must be counted and others leave no room for that.
    """
    export, cursors = EXPORTS[what], Cursors(site, what, days_of(span))
    after = cursors.read(since)
    # what is summed up has the newest position of its parts, and need be summed up only to be counted
    rows = (export.rows if limit is not None or export.parts is None else export.parts)(site, span)
    positions = select(rows.c.position).where(rows.c.position > after)
    if limit is not None:
        positions = positions.order_by(rows.c.position).limit(limit)
    found = positions.subquery("positions")
    last = _last(store, select(func.max(found.c.position)), at_once=limit is not None and export.summed)
    return Taking(export, Wanted(site, span, after, max(after, 0) if last is None else int(last)), cursors)


def _last(store: EventStore, statement: Select[Any], *, at_once: bool) -> Any:
    if not at_once:
        return store.query(statement).rows[0][0]
    with room():
        return store.query(statement, EXPORT_S).rows[0][0]


def lines(store: EventStore, asked: Taking, form: str = "ndjson", folder: Path | None = None) -> Iterator[bytes]:
    """Yield chunks of NDJSON or CSV; memory stays flat, and nothing of the store is held open between chunks.

    What is summed up waits in a file without a name in the folder, or where such files usually are; it is
    written before anything is yielded. NoRoomError when others leave no room for that.
    """
    rows, columns = asked.export.rows(asked.wanted.site, asked.wanted.range), asked.export.columns
    if form == "csv":
        head, line, end = [csv_head(columns)], csv_line(rows, columns), "\r\n"
    else:
        head, line, end = [], json_line(asked.cursors.written(rows.c.position), rows, columns), "\n"
    statement = select(line).order_by(rows.c.position)
    if not asked.export.summed:
        pages = _pages(store, asked, rows, statement)
        return chain(head, (chunk for page in pages for chunk in _joined(page, end)))
    with ExitStack() as stack:
        waiting = stack.enter_context(TemporaryFile(dir=folder))
        with room():
            for page in store.stream(_between(statement, rows, asked.wanted.after, asked.wanted.upto), ROWS_A_CHUNK):
                waiting.writelines(_joined(page, end))
        waiting.seek(0)
        stack.pop_all()
    return chain(head, _chunks(waiting))


def parquet(store: EventStore, asked: Taking, folder: Path, *, in_order: bool = False) -> Iterator[bytes]:
    """Yield an export as chunks of a Parquet file, which the engine writes into the folder for this alone.

    Rows are in the order of loading only where that is asked for, since it takes memory. NoRoomError when others
    leave no room for it.
    """
    rows = asked.export.rows(asked.wanted.site, asked.wanted.range)
    values = [
        _parquet_value(rows.c[str(column.name)], kind_of(column)).label(str(column.name))
        for column in asked.export.columns
    ]
    statement = _between(select(*values), rows, asked.wanted.after, asked.wanted.upto)
    file = folder / f"{uuid4().hex}.parquet"
    try:
        with room():
            store.write_parquet(statement.order_by(rows.c.position) if in_order else statement, file, in_order=in_order)
        opened = file.open("rb")
    finally:
        with suppress(FileNotFoundError):
            file.unlink()
    return _chunks(opened)


def _chunks(opened: Any) -> Iterator[bytes]:
    with opened:
        while chunk := opened.read(_CHUNK):
            yield chunk


def _pages(
    store: EventStore, asked: Taking, rows: FromClause, statement: Select[Any]
) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Ask for one window of positions after the other, wider where a site has few rows in it.

    Within a window little is to be put in order; to ask for the next rows would order all that are left. A wide
    one is counted first, as many rows may follow few.
    """
    begin, wide = asked.wanted.after, ROWS_A_PAGE
    many = select(func.count()).select_from(rows)
    while begin < asked.wanted.upto:
        end = min(begin + wide, asked.wanted.upto)
        count = store.query(_between(many, rows, begin, end)).rows[0][0] if wide > ROWS_A_PAGE else ROWS_A_PAGE
        if count > ROWS_A_PAGE:
            wide //= 2
            continue
        page = store.query(_between(statement, rows, begin, end)).rows if count else []
        yield page
        if len(page) < ROWS_A_PAGE // 2:
            wide = min(wide * 2, MOST_WIDE)
        begin = end


def _between(statement: Select[Any], rows: FromClause, after: int, upto: int) -> Select[Any]:
    return statement.where(rows.c.position > after, rows.c.position <= upto)


def _joined(page: Sequence[tuple[Any, ...]], end: str) -> Iterator[bytes]:
    """Put lines together to chunks, a few at once, as each chunk is another copy of them."""
    for begin in range(0, len(page), ROWS_A_CHUNK):
        yield "".join([line + end for (line,) in page[begin : begin + ROWS_A_CHUNK]]).encode()


def _parquet_value(value: ColumnElement[Any], kind: str) -> ColumnElement[Any]:
    if kind == "time":
        return utc_moment(value)
    return cast(value, String) if kind == "id" else value
