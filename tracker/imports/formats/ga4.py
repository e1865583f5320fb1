"""Google Analytics 4: tables by day, as the Data API answers (JSON) or as its pages let them be downloaded (CSV)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

import msgspec

from tracker.errors import FootfallError
from tracker.imports.counts import Count, Numbers
from tracker.imports.files import ExportFile
from tracker.imports.formats.answers import answer_of, rows_of
from tracker.imports.formats.format import Format, Left
from tracker.imports.formats.reading import (
    MS_A_SECOND,
    BadValueError,
    checked_day,
    day_of,
    name_of,
    number_of,
    whole,
    whole_of,
)
from tracker.imports.sheets import read_cells
from tracker.languages import gettext, marked

# The names of the API, and what each is called on the pages.
KINDS = {
    "pagePath": "pages",
    "pagePathPlusQueryString": "pages",
    "unifiedPagePathScreen": "pages",
    "landingPage": "entry-pages",
    "landingPagePlusQueryString": "entry-pages",
    "sessionSource": "sources",
    "sessionCampaignName": "campaigns",
    "country": "countries",
    "countryId": "countries",
    "region": "regions",
    "deviceCategory": "devices",
    "browser": "browsers",
    "operatingSystem": "systems",
    "eventName": "events",
}
_TITLES = {
    "Date": "date",
    "Nth day": "nthDay",
    "Page path": "pagePath",
    "Page path + query string": "pagePathPlusQueryString",
    "Page path and screen class": "unifiedPagePathScreen",
    "Landing page": "landingPage",
    "Landing page + query string": "landingPagePlusQueryString",
    "Session source": "sessionSource",
    "Session campaign": "sessionCampaignName",
    "Country": "country",
    "Country ID": "countryId",
    "Region": "region",
    "Device category": "deviceCategory",
    "Browser": "browser",
    "Operating system": "operatingSystem",
    "Event name": "eventName",
    "Active users": "activeUsers",
    "Total users": "totalUsers",
    "Users": "activeUsers",
    "Sessions": "sessions",
    "Engaged sessions": "engagedSessions",
    "Views": "screenPageViews",
    "Event count": "eventCount",
    "Average session duration": "averageSessionDuration",
}
_DAYS = ("date", "nthDay")
_NO_DAYS = marked(
    "%(file)s: no table in it has the column Date; add it as a dimension, for sums of many days cannot be told by day"
)
_NO_ANSWER = marked("%(file)s: this is no answer of the Data API (%(why)s)")
_NO_ROWS = msgspec.Raw(b"[]")


class _Header(msgspec.Struct):
    name: str


class _Value(msgspec.Struct):
    value: str = ""


class _Row(msgspec.Struct, rename="camel"):
    dimension_values: list[_Value] = []
    metric_values: list[_Value] = []


class _Answer(msgspec.Struct, rename="camel"):
    dimension_headers: tuple[_Header, ...] = ()
    metric_headers: tuple[_Header, ...] = ()
    rows: msgspec.Raw = _NO_ROWS
    reports: tuple["_Answer", ...] = ()


def read(export: ExportFile, kind: str, left: Left) -> Iterator[Count]:
    """Yield the counts of every table that tells them by day; FootfallError when there is none."""
    for part in export.parts:
        if export.begins(part) in {"{", "["}:
            yield from _read_json(export, part, left)
        else:
            yield from _read_csv(export, part, left)


def _read_json(export: ExportFile, part: str, left: Left) -> Iterator[Count]:
    file = export.said(part)
    try:
        decoded = msgspec.json.decode(answer_of(export, part), type=_Answer | list[_Answer])
    except (msgspec.DecodeError, RecursionError) as error:
        raise FootfallError(gettext(_NO_ANSWER, file=file, why=str(error))) from error
    answers = decoded if isinstance(decoded, list) else [decoded]
    for one in chain.from_iterable(answer.reports or [answer] for answer in answers):
        names = [header.name for header in (*one.dimension_headers, *one.metric_headers)]
        if "date" not in names:
            raise FootfallError(gettext(_NO_DAYS, file=file))
        found = _kind_of(file, [header.name for header in one.dimension_headers])
        yield from _counts(found, names, _cells(file, one.rows), left, None)


def _cells(file: str, rows: msgspec.Raw) -> Iterator[list[str]]:
    for one in rows_of(file, rows):
        try:
            row = msgspec.convert(one, _Row)
        except msgspec.ValidationError as error:
            raise FootfallError(gettext(_NO_ANSWER, file=file, why=str(error))) from error
        yield [cell.value for cell in (*row.dimension_values, *row.metric_values)]


def _read_csv(export: ExportFile, part: str, left: Left) -> Iterator[Count]:
    """Read each table of a file: a head of comments, the names of the columns, and rows up to an empty line."""
    names: list[str] = []
    first_day: date | None = None
    kind, dated = "", 0
    for cells in read_cells(export.lines(part, left.bad), left.bad):
        if cells and cells[0].startswith("#"):
            first_day = _first_day(",".join(cells)) or first_day
            names = []
        elif not any(cells):
            names = []
        elif not names:
            names = [_TITLES.get(cell.strip(), cell.strip()) for cell in cells]
            kind = (
                _kind_of(export.said(part), [name for name in names if name in KINDS])
                if set(_DAYS) & set(names)
                else ""
            )
            dated += bool(kind)
        elif not kind:
            left.skipped["not by day"] += 1
        else:
            yield from _counts(kind, names, [cells], left, first_day)
    if not dated:
        raise FootfallError(gettext(_NO_DAYS, file=export.said(part)))


def _first_day(comment: str) -> date | None:
    text = comment.partition("Start date:")[2].strip().rstrip(",")
    try:
        return day_of(text) if text else None
    except BadValueError:
        return None


def _kind_of(file: str, dimensions: Sequence[str]) -> str:
    others = [name for name in dimensions if name not in _DAYS]
    if len(others) > 1 or any(name not in KINDS for name in others):
        raise FootfallError(
            gettext(
                "%(file)s: by %(dimensions)s; ask by day and one dimension more, of %(known)s",
                file=file,
                dimensions=", ".join(others),
                known=", ".join(sorted(KINDS)),
            )
        )
    return KINDS[others[0]] if others else "days"


def _counts(
    kind: str, names: Sequence[str], rows: Iterable[Sequence[str]], left: Left, first_day: date | None
) -> Iterator[Count]:
    for cells in rows:
        if cells and not cells[0] and "total" in str(cells[-1]).lower():
            left.skipped["total"] += 1
            continue
        if len(cells) != len(names):
            left.bad["fields"] += 1
            continue
        row = dict(zip(names, cells, strict=True))
        try:
            name = next((row[one] for one in KINDS if one in row), "")
            yield Count(kind, _day(row, first_day), name_of(kind, name) if kind != "days" else "", _numbers(kind, row))
        except BadValueError as error:
            left.bad[str(error)] += 1


def _day(row: Mapping[str, str], first_day: date | None) -> date:
    if "date" in row:
        return day_of(row["date"])
    nth = whole_of(row["nthDay"])
    if first_day is None or nth is None or nth > 40_000:
        raise BadValueError("day")
    return checked_day(first_day + timedelta(days=nth))


def _numbers(kind: str, row: Mapping[str, str]) -> Numbers:
    """Return what a row counts; events are told of events alone, for all else they are those that it sends itself."""
    visits, engaged = whole_of(row.get("sessions")), whole_of(row.get("engagedSessions"))
    average_s = number_of(row.get("averageSessionDuration"))
    return Numbers(
        visitors=whole_of(row.get("activeUsers", row.get("totalUsers"))),
        visits=visits,
        views=whole_of(row.get("screenPageViews")),
        bounces=None if visits is None or engaged is None else max(visits - engaged, 0),
        duration_ms=None if visits is None or average_s is None else whole(visits * average_s * MS_A_SECOND),
        events=whole_of(row.get("eventCount")) if kind == "events" else None,
    )


FORMAT = Format("ga4", read)
