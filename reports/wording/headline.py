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
from reports.wording.cells import told_in_words
from reports.wording.columns import is_told_beside
from reports.wording.deltas import Delta, delta
from reports.wording.links import Address
from reports.wording.marks import Mark, between
from reports.wording.past import lines as past_lines
from reports.wording.places import isolated
from tracker.imports.titles import title_of
from tracker.languages import dates, gettext, marked
from tracker.languages.lists import listed

# The numbers of the headline, and the title of each.
HEADLINE = {
    "visitors": marked("Visitors"),
    "visits": marked("Visits"),
    "views": marked("Views"),
    "bounce_rate": marked("Bounce rate"),
    "engaged_ms_per_visit": marked("Engaged time"),
    "dead_visit_rate": marked("Dead-click visits"),
}


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
    for name, title in HEADLINE.items():
        column = column_of(answer, name)
        now = totals.get(name)
        write = words.short_count if column.kind == "count" else words.WRITERS[column.kind]
        found.append(
            Number(
                title=gettext(title),
                help=column.help,
                figure=write(now) if isinstance(now, int | float) else words.NONE,
                delta=delta(name, now, before.get(name), column.kind) if compares else None,
                link=address.having(measure=name),
                chosen=name == measure,
                hurts=name == "dead_visit_rate" and bool(now),
                signal=column.signal,
            )
        )
    return found


def totals(answer: ReportAnswer) -> list[Total]:
    """Return the totals of a report that has any, each with its change."""
    before = (answer.comparison.totals if answer.comparison else None) or {}
    found = answer.totals or {}
    return [
        Total(
            column.title,
            told_in_words(column, found),
            delta(column.name, found[column.name], before.get(column.name), column.kind)
            if answer.comparison and column.kind != "text"
            else None,
        )
        for column in answer.report.columns
        if column.name in found and not is_told_beside(column, answer.report.columns)
    ]


def charts(
    answer: ReportAnswer, measure: str, sizes: Sequence[Size] = (BROAD, SLIM), marks: Sequence[Mark] = ()
) -> list[Markup]:
    """Draw one measure over the range, for a broad and for a slim place unless told otherwise."""
    column = column_of(answer, measure)
    points = _points(answer, column, marks)
    write = words.short_count if column.kind == "count" else words.WRITERS[column.kind]
    title = gettext(
        "%(number)s, %(range)s; the table below has every value",
        number=gettext(HEADLINE[measure]),
        range=words.range_name(answer.scope.range),
    )
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


def _points(answer: ReportAnswer, column: Column, marks: Sequence[Mark]) -> list[Point]:
    before = before_series(answer, column.name)
    lines = past_lines(answer, column.name)
    hourly = is_hourly(answer.scope.range)
    series = answer.series or ()
    times = [datetime.fromisoformat(str(row["time"])) for row in series]
    points = []
    for number, (row, time, after) in enumerate(zip(series, times, [*times[1:], None], strict=True)):
        happened = between(marks, time, after)
        earlier = before[number] if number < len(before) else None
        now = words.cell(column.kind, row[column.name])
        hover = gettext("%(time)s: %(value)s", time=words.moment(time), value=now)
        if earlier is not None:
            hover = gettext(
                "%(time)s: %(value)s (%(other_time)s: %(other_value)s)",
                time=words.moment(time),
                value=now,
                other_time=words.moment(datetime.fromisoformat(str(earlier["time"]))),
                other_value=words.cell(column.kind, earlier[column.name]),
            )
        day = time.date().isoformat()
        others = {product: line[day] for product, line in lines.items() if day in line}
        if others:
            told = [
                gettext("%(value)s by %(product)s", value=words.cell(column.kind, value), product=title_of(product))
                for product, value in others.items()
            ]
            hover = gettext("%(time)s: %(value)s", time=words.moment(time), value=listed(told))
        hover = ". ".join((hover, *happened))
        points.append(
            Point(
                label=isolated(dates.clock(time) if hourly else dates.day(time)),
                hover=hover,
                value=None if others else _value(row[column.name]),
                before=_value(earlier[column.name]) if earlier is not None else None,
                day=day,
                marks=happened,
                imported=[line.get(day) for line in lines.values()],
            )
        )
    return points


def _value(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
