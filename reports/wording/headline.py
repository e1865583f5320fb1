"""The overview's headline: each number with its change, and the chart of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from reports.query.buckets import is_hourly
from reports.render.svg import BROAD, SLIM, Point, Size, line_chart
from reports.report import Cell, Column, Row
from reports.run import ReportAnswer
from reports.wording import words
from reports.wording.cells import is_told_beside, told_in_words
from reports.wording.links import Address

# The numbers of the headline, the title of each, and whether more of it is good (None: neither).
HEADLINE: dict[str, tuple[str, bool | None]] = {
    "visitors": ("Visitors", True),
    "visits": ("Visits", True),
    "views": ("Views", True),
    "bounce_rate": ("Bounce rate", False),
    "engaged_ms_per_visit": ("Engaged time", True),
    "dead_visit_rate": ("Dead-click visits", False),
}


@dataclass(frozen=True)
class Delta:
    """A change in words, with the arrow that goes before it and whether it is for the better."""

    arrow: str
    text: str
    mood: str


@dataclass(frozen=True)
class Total:
    """A report's total in words."""

    title: str
    figure: str
    delta: Delta | None


@dataclass(frozen=True)
class Number:
    """One number of the headline; `link` draws it in the chart, `signal` is the one that it counts, if any."""

    title: str
    help: str
    figure: str
    delta: Delta | None
    link: Address
    chosen: bool
    hurts: bool
    signal: str | None = None


def numbers(answer: ReportAnswer, address: Address, measure: str) -> list[Number]:
    """Return the headline of an overview's answer."""
    totals, before = answer.totals or {}, (answer.comparison.totals if answer.comparison else None) or {}
    compares = any(before.values())  # "none before" six times would tell nothing
    found = []
    for name, (title, more_is_good) in HEADLINE.items():
        column = column_of(answer, name)
        now = totals.get(name)
        write = words.short_count if column.kind == "count" else words.WRITERS[column.kind]
        found.append(
            Number(
                title=title,
                help=column.help,
                figure=write(now) if isinstance(now, int | float) else words.NONE,
                delta=delta(now, before.get(name), column.kind, more_is_good) if compares else None,
                link=address.having(measure=name),
                chosen=name == measure,
                hurts=name == "dead_visit_rate" and bool(now),
                signal=column.signal,
            )
        )
    return found


def delta(now: Cell, before: Cell, kind: str, more_is_good: bool | None) -> Delta:
    """Say how a number changed; shares change by points, the others by a share of what they were."""
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return Delta("", "none before", "")
    if kind == "share":
        change, text = now - before, f"{abs(100 * (now - before)):.1f}".removesuffix(".0") + " points"
    elif before == 0:
        return Delta("", "none before" if now else "none, as before", "")
    else:
        change = now / before - 1
        text = f"{abs(100 * change):.0f}%" if abs(change) < 10 else f"{now / before:.0f} times"
    if text in ("0%", "0 points"):
        return Delta("", "as before", "")
    up = change > 0
    more, less = (
        ("longer", "shorter") if kind == "ms" else ("higher", "lower") if kind == "share" else ("more", "fewer")
    )
    text = f"{text} as many" if text.endswith("times") else f"{text} {more if up else less}"
    mood = "" if more_is_good is None else "better" if up == more_is_good else "worse"
    return Delta("▲" if up else "▼", text, mood)


def totals(answer: ReportAnswer) -> list[Total]:
    """Return the totals of a report that has any, each with its change."""
    before = (answer.comparison.totals if answer.comparison else None) or {}
    found = answer.totals or {}
    return [
        Total(
            column.title,
            told_in_words(column, found),
            delta(found[column.name], before.get(column.name), column.kind, None)
            if answer.comparison and column.kind != "text"
            else None,
        )
        for column in answer.report.columns
        if column.name in found and not is_told_beside(column, answer.report.columns)
    ]


def charts(answer: ReportAnswer, measure: str, sizes: Sequence[Size] = (BROAD, SLIM)) -> list[Markup]:
    """Draw one measure over the range, for a broad and for a slim place unless told otherwise."""
    column = column_of(answer, measure)
    points = _points(answer, column)
    write = words.short_count if column.kind == "count" else words.WRITERS[column.kind]
    title = f"{HEADLINE[measure][0]}, {words.range_name(answer.scope.range)}; the table below has every value"
    unfinished = answer.scope.range.end > answer.scope.now
    return [
        line_chart(points, size, title=title, kind=column.kind, write=write, unfinished=unfinished) for size in sizes
    ]


def column_of(answer: ReportAnswer, name: str) -> Column:
    """Return a column of the answer's report."""
    return next(column for column in answer.report.columns if column.name == name)


def before_series(answer: ReportAnswer, name: str) -> Sequence[Row]:
    """Return the series to compare a measure with; none when there was nothing at all, which would be a flat line."""
    before = (answer.comparison.series if answer.comparison else None) or ()
    return before if any(row[name] for row in before) else ()


def _points(answer: ReportAnswer, column: Column) -> list[Point]:
    before = before_series(answer, column.name)
    hourly = is_hourly(answer.scope.range)
    points = []
    for number, row in enumerate(answer.series or ()):
        time = datetime.fromisoformat(str(row["time"]))
        earlier = before[number] if number < len(before) else None
        hover = f"{words.moment(time)}: {words.cell(column.kind, row[column.name])}"
        if earlier is not None:
            then = words.moment(datetime.fromisoformat(str(earlier["time"])))
            hover += f" ({then}: {words.cell(column.kind, earlier[column.name])})"
        points.append(
            Point(
                label=f"{time:%H:%M}" if hourly else words.day(time),
                hover=hover,
                value=_value(row[column.name]),
                before=_value(earlier[column.name]) if earlier is not None else None,
            )
        )
    return points


def _value(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
