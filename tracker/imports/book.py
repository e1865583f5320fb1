"""Keeps what other products have counted, lists it, and lets it go again."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import ColumnElement, and_, delete, func, insert, not_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker import audit
from tracker.checking import id_of
from tracker.clock import utc_now
from tracker.database import Database
from tracker.errors import FootfallError, InvalidInputError
from tracker.imports.counts import Count, Numbers
from tracker.imports.titles import TITLES
from tracker.languages import gettext
from tracker.models import Import, ImportedCount, Site

_log = structlog.get_logger("footfall.imports")
_KEYS_AT_ONCE = 5000  # sums that are held before they are written; each write is a transaction, which others wait for
_GONE_AT_ONCE = 5000
_LONGEST_FILES = 200
_SURELY_OVER = timedelta(days=1)  # an import that has not finished by then was stopped


class ImportInfo(NamedTuple):
    """A finished import: its number, whose counts or events of which days, how many, from which files, since when."""

    number: int
    product: str
    first_day: date
    last_day: date
    rows: int
    files: str
    at: datetime
    by: str


class WantedImport(NamedTuple):
    """What is taken in, by whom: the product's name and the names of its files."""

    product: str
    files: str
    who: str

    @property
    def stored_files(self) -> str:
        """The names as they are kept: what is no text in them replaced, and cut."""
        return self.files.encode("utf-8", "replace").decode()[:_LONGEST_FILES]


def keep(database: Database, site_id: int, wanted: WantedImport, counts: Iterable[Count]) -> ImportInfo:
    """Keep counts as one import, in the place of those that the product had of the same kinds of thing in these days.

    They are written little by little, so that nobody waits for long, and take that place at one moment when all are
    there. FootfallError when there is none; nothing is changed then, nor by any error on the way. What they have
    replaced is seen by nobody from then on; what of it cannot be removed at once goes with a later import.
    """
    _clear(database, Import.finished_at.is_(None), Import.created_at < utc_now() - _SURELY_OVER)
    with database.session() as session:
        row = Import(
            site_id=site_id,
            product=wanted.product,
            files=wanted.stored_files,
            created_at=utc_now(),
            created_by=wanted.who[:320],
        )
        session.add(row)
        session.flush()
        number = row.id
    try:
        spans = _write(database, site_id, number, counts)
        if not spans:
            raise FootfallError(gettext("nothing in it was counted by day; nothing was changed"))
        with database.session() as session:
            _tell_again(session, session.get_one(Import, number))
        made, replaced = _take_place(database, site_id, number, spans)
    except BaseException:
        _clear(database, Import.id == number, Import.finished_at.is_(None))
        raise
    try:
        _clear(database, Import.id.in_(replaced))
    except SQLAlchemyError:
        _log.warning("counts that were replaced are removed later", site_id=site_id, exc_info=True)
    return made


def imports_by_site(session: Session) -> dict[int, tuple[ImportInfo, ...]]:
    """Return the finished imports of counts of each site that has any, oldest first."""
    found: dict[int, tuple[ImportInfo, ...]] = {}
    of_counts = Import.product.in_(TITLES), Import.finished_at.is_not(None), Import.rows > 0
    for one in session.scalars(select(Import).where(*of_counts).order_by(Import.id)):
        found[one.site_id] = (*found.get(one.site_id, ()), info_of(one))
    return found


def remove(database: Database, site_id: int, given: str, who: str) -> ImportInfo:
    """Let go of an import of counts by its number, with all of them; InvalidInputError when the site has none of it."""
    with database.session() as session:
        row = session.get(Import, id_of(given))
        if row is None or row.site_id != site_id or row.finished_at is None or row.product not in TITLES:
            raise InvalidInputError("number", gettext("no import has the number %(given)s", given=repr(given[:32])))
        gone = info_of(row)
        row.finished_at = None  # from now on nobody sees it, however long the rest takes
        audit.note(session, site_id, who, "remove-import", row.product, {"counts": row.rows})
    _clear(database, Import.id == gone.number)
    return gone


def _write(database: Database, site_id: int, number: int, counts: Iterable[Count]) -> dict[str, tuple[date, date]]:
    """Write counts, those of one thing and day together; gives the first and last day of each kind."""
    spans: dict[str, tuple[date, date]] = {}
    for sums in _summed(counts):
        rows = [
            {"import_id": number, "site_id": site_id, "kind": kind, "day": day, "name": name, **asdict(numbers)}
            for (kind, day, name), numbers in sums.items()
        ]
        with database.session() as session:
            session.execute(insert(ImportedCount), rows)
        for kind, day, _ in sums:
            first, last = spans.get(kind, (day, day))
            spans[kind] = min(first, day), max(last, day)
    return spans


def _take_place(
    database: Database, site_id: int, number: int, spans: dict[str, tuple[date, date]]
) -> tuple[ImportInfo, list[int]]:
    """Let an import count instead of what it replaces, in one transaction; gives it, and the imports to be removed."""
    of_both = or_(
        *(
            and_(ImportedCount.kind == kind, ImportedCount.day.between(first, last))
            for kind, (first, last) in spans.items()
        )
    )
    with database.session() as session:
        # two that end at once must see each other; SQLite has one writer at a time from the first write on
        session.get_one(Site, site_id, with_for_update={"key_share": True})
        found = session.get_one(Import, number)
        found.finished_at = utc_now()
        session.flush()
        replaced = [
            gone.id
            for one in session.scalars(
                select(Import).where(
                    Import.site_id == site_id,
                    Import.product == found.product,
                    Import.id != number,
                    Import.finished_at.is_not(None),
                )
            ).all()
            if (gone := _replaced(session, one, of_both))
        ]
        made = info_of(found)
        told: dict[str, object] = {"counts": made.rows, "days": (made.last_day - made.first_day).days + 1}
        audit.note(session, site_id, made.by, "import-counts", made.product, told)
        return made, replaced


def _replaced(session: Session, row: Import, of_both: ColumnElement[bool]) -> Import | None:
    """Take out of an import what another has as well: all of it, or a part that becomes one which never finishes."""
    its = ImportedCount.import_id == row.id
    if session.scalar(select(ImportedCount.id).where(its, of_both).limit(1)) is None:
        return None
    if session.scalar(select(ImportedCount.id).where(its, not_(of_both)).limit(1)) is None:
        row.finished_at = None
        return row
    part = Import(
        site_id=row.site_id,
        product=row.product,
        files=row.files,
        created_at=row.created_at,
        created_by=row.created_by,
    )
    session.add(part)
    session.flush()
    session.execute(
        update(ImportedCount).where(its, of_both).values(import_id=part.id).execution_options(synchronize_session=False)
    )
    _tell_again(session, row)
    return part


def _summed(counts: Iterable[Count]) -> Iterator[dict[tuple[str, date, str], Numbers]]:
    """Put counts of one thing and day together, as far as memory allows: what is read sums up the rest."""
    sums: dict[tuple[str, date, str], Numbers] = {}
    for one in counts:
        key = one.kind, one.day, one.name
        sums[key] = sums[key] + one.numbers if key in sums else one.numbers
        if len(sums) >= _KEYS_AT_ONCE:
            yield sums
            sums = {}
    if sums:
        yield sums


def _clear(database: Database, *which: ColumnElement[bool]) -> None:
    """Remove imports with all that they counted."""
    with database.session() as session:
        numbers = session.scalars(select(Import.id).where(*which)).all()
    for number in numbers:
        _empty(database, ImportedCount.import_id == number)
        with database.session() as session:
            session.execute(delete(Import).where(Import.id == number))


def _empty(database: Database, *which: ColumnElement[bool]) -> None:
    """Remove counts little by little."""
    gone = _GONE_AT_ONCE
    while gone == _GONE_AT_ONCE:
        with database.session() as session:
            some = session.scalars(select(ImportedCount.id).where(*which).limit(_GONE_AT_ONCE)).all()
            session.execute(delete(ImportedCount).where(ImportedCount.id.in_(some)))
            gone = len(some)


def _tell_again(session: Session, row: Import) -> None:
    """Note how many counts an import has, and of which days."""
    chosen = select(func.count(), func.min(ImportedCount.day), func.max(ImportedCount.day))
    row.rows, row.first_day, row.last_day = session.execute(chosen.where(ImportedCount.import_id == row.id)).one()


def info_of(row: Import) -> ImportInfo:
    """Return what is told of a finished import."""
    assert row.first_day is not None
    assert row.last_day is not None
    return ImportInfo(
        row.id, row.product, row.first_day, row.last_day, row.rows, row.files, row.created_at, row.created_by
    )
