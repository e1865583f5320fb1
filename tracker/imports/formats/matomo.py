"""Matomo's reports by day, as its API answers (JSON or CSV) to `period=day` and a range of days.

`API.get` or `VisitsSummary.get` tell of whole days, `Actions.getPageUrls` with `flat=1` of pages, `Referrers.getAll`
of sources, `UserCountry.getCountry` of countries; of what any other tells, the file does not say.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec

from tracker.errors import FootfallError
from tracker.imports.counts import KIND_NAMES, Count, Numbers
from tracker.imports.files import ExportFile
from tracker.imports.formats.answers import answer_of, rows_of
from tracker.imports.formats.format import Format, Left
from tracker.imports.formats.reading import MS_A_SECOND, BadValueError, day_of, name_of, whole_of
from tracker.imports.sheets import read_sheet
from tracker.languages import gettext

_DAYS = "period=day&date=2025-01-01,2025-12-31"  # how it is asked for days
# What only one kind of report has.
_TELLING = {"nb_hits": "pages", "referer_type": "sources", "metadata_referer_type": "sources", "code": "countries"}
_TELLING |= {"metadata_code": "countries"}
_FOLDER = ("idsubdatatable", "metadata_idsubdatatable")
_DIRECT = ("1", "direct")
Row = Mapping[str, str]
_Day = Annotated[str, msgspec.Meta(pattern=r"^(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]$")]


class _Refusal(msgspec.Struct):
    result: str = ""
    message: str = ""


def read(export: ExportFile, kind: str, left: Left) -> Iterator[Count]:
    """Yield the counts of a file; FootfallError when it is not by day, or does not say what it counts."""
    for part in export.parts:
        rows = _rows_of_json if export.begins(part) in {"{", "["} else _rows_of_csv
        found = ""
        for day, row in rows(export, part, left):
            found = found or _kind_of(export.said(part), row, kind)
            try:
                yield from _counts(found, day, row, left)
            except BadValueError as error:
                left.bad[str(error)] += 1


def _rows_of_json(export: ExportFile, part: str, left: Left) -> Iterator[tuple[str, Row]]:
    file, text = export.said(part), answer_of(export, part)
    try:
        answer = msgspec.json.decode(text, type=dict[_Day, msgspec.Raw])
    except msgspec.ValidationError as error:
        raise _not_by_day(file, text) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise FootfallError(
            gettext("%(file)s: this is no answer of Matomo (%(why)s)", file=file, why=str(error))
        ) from error
    for day, told in answer.items():
        for row in rows_of(file, told):
            if isinstance(row, dict):
                yield day, {name: str(value) for name, value in row.items() if isinstance(value, (str, int, float))}
            else:
                left.bad["row"] += 1


def _rows_of_csv(export: ExportFile, part: str, left: Left) -> Iterator[tuple[str, Row]]:
    sheet = read_sheet(export.lines(part, left.bad), left.bad)
    if "date" not in sheet.header or "nb_visits" not in sheet.header:
        raise FootfallError(
            gettext(
                "%(file)s: it lacks the columns date and nb_visits; ask with %(asked)s",
                file=export.said(part),
                asked=f"{_DAYS}&translateColumnNames=0",
            )
        )
    for row in sheet.rows:
        yield row["date"], row


def _not_by_day(file: str, text: bytes) -> FootfallError:
    try:
        refusal = msgspec.json.decode(text, type=_Refusal)
    except (msgspec.DecodeError, RecursionError):
        refusal = _Refusal()
    if refusal.result == "error":
        return FootfallError(
            gettext("%(file)s: Matomo answered with an error: %(error)s", file=file, error=refusal.message[:200])
        )
    return FootfallError(gettext("%(file)s: this is not by day; ask with %(asked)s", file=file, asked=_DAYS))


def _kind_of(file: str, row: Row, asked: str) -> str:
    told = "days" if "label" not in row else next((kind for name, kind in _TELLING.items() if name in row), "")
    if asked or told:
        return asked or told
    raise FootfallError(
        gettext(
            "%(file)s: what it counts does not stand in it; say it (in the command line by --kind), one of %(kinds)s",
            file=file,
            kinds=", ".join(KIND_NAMES),
        )
    )


def _counts(kind: str, day: str, row: Row, left: Left) -> Iterator[Count]:
    if kind == "pages" and any(row.get(name) for name in _FOLDER):
        left.skipped["folder (ask with flat=1)"] += 1
        return
    when = day_of(day)
    yield Count(kind, when, _name(kind, row), _numbers(row))
    if kind == "pages":  # each row of a page also tells of the visits that begin and end there
        for of, prefix in (("entry-pages", "entry"), ("exit-pages", "exit")):
            if visits := whole_of(row.get(f"{prefix}_nb_visits")):
                bounces = whole_of(row.get(f"{prefix}_bounce_count"))
                yield Count(of, when, _name(kind, row), Numbers(visits=visits, bounces=bounces))


def _name(kind: str, row: Row) -> str:
    if kind == "days":
        return ""
    if kind == "sources" and row.get("referer_type", row.get("metadata_referer_type")) in _DIRECT:
        return ""
    text = row.get("code") or row.get("metadata_code") or "" if kind == "countries" else ""
    return name_of(kind, text or row.get("label", ""))


def _numbers(row: Row) -> Numbers:
    return Numbers(
        visitors=whole_of(row.get("nb_uniq_visitors")),
        visits=whole_of(row.get("nb_visits")),
        views=whole_of(row.get("nb_pageviews", row.get("nb_hits"))),
        bounces=whole_of(row.get("bounce_count")),
        duration_ms=whole_of(row.get("sum_visit_length"), MS_A_SECOND),
        events=whole_of(row.get("nb_events")),
    )


FORMAT = Format("matomo", read)
