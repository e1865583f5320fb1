"""Plausible's export: an archive with a table a kind, `imported_pages_20250101_20260301.csv` and so on, a row a day."""

from collections.abc import Iterator
from typing import NamedTuple

from tracker.errors import FootfallError
from tracker.imports.counts import Count, Numbers
from tracker.imports.files import ExportFile
from tracker.imports.formats.format import Format, Left
from tracker.imports.formats.reading import MS_A_SECOND, BadValueError, day_of, name_of, whole_of
from tracker.imports.sheets import read_sheet
from tracker.languages import gettext


class _Of(NamedTuple):
    """A kind in a table: the column with the name, and whether rows without one are left out."""

    kind: str
    column: str
    named_only: bool = False


# What the name of a table begins with, and what is taken from it; the longer ones come before what they begin with.
TABLES: dict[str, tuple[_Of, ...]] = {
    "imported_visitors": (_Of("days", ""),),
    "imported_pages": (_Of("pages", "page"),),
    "imported_entry_pages": (_Of("entry-pages", "entry_page"),),
    "imported_exit_pages": (_Of("exit-pages", "exit_page"),),
    "imported_sources": (_Of("sources", "source"), _Of("campaigns", "utm_campaign", named_only=True)),
    "imported_locations": (_Of("countries", "country"), _Of("regions", "region", named_only=True)),
    "imported_devices": (_Of("devices", "device"),),
    "imported_browsers": (_Of("browsers", "browser"),),
    "imported_operating_systems": (_Of("systems", "operating_system"),),
    "imported_custom_events": (_Of("events", "name"),),
}
_VISITS = ("visits", "entrances", "exits")  # one of them, by what is counted


def read(export: ExportFile, kind: str, left: Left) -> Iterator[Count]:
    """Yield the counts of all tables; FootfallError when there is none."""
    known = [(part, table) for part in export.parts if (table := _table_of(part))]
    if not known:
        raise FootfallError(
            gettext(
                "%(file)s: this is no export of Plausible; its tables are %(tables)s, …",
                file=export.name,
                tables="imported_visitors_….csv",
            )
        )
    for part, table in known:
        sheet = read_sheet(export.lines(part, left.bad), left.bad)
        taken = [one for one in TABLES[table] if {"date", one.column} - {""} <= set(sheet.header)]
        if not taken:
            raise FootfallError(
                gettext(
                    "%(file)s: the columns are not those of Plausible's %(table)s", file=export.said(part), table=table
                )
            )
        for row in sheet.rows:
            try:
                yield from _counts(row, taken)
            except BadValueError as error:
                left.bad[str(error)] += 1


def _table_of(part: str) -> str | None:
    name = part.rpartition("/")[2]
    return next((table for table in TABLES if name == f"{table}.csv" or name.startswith(f"{table}_")), None)


def _counts(row: dict[str, str], taken: list[_Of]) -> Iterator[Count]:
    day = day_of(row["date"])
    numbers = Numbers(
        visitors=whole_of(row.get("visitors")),
        visits=whole_of(next((row[name] for name in _VISITS if name in row), None)),
        views=whole_of(row.get("pageviews")),
        bounces=whole_of(row.get("bounces")),
        duration_ms=whole_of(row.get("visit_duration"), MS_A_SECOND),
        events=whole_of(row.get("events")),
    )
    for one in taken:
        name = name_of(one.kind, row[one.column]) if one.column else ""
        if name or not one.named_only:
            yield Count(one.kind, day, name, numbers)


FORMAT = Format("plausible", read)
