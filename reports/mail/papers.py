"""A letter on paper: the same words and figures, with room for more rows, and each day in a table of its own."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from reports.mail.draft import Draft
from reports.mail.sections import Section, section
from reports.pdf.sheet import Cell, Figure, Heading, Picture, Sheet, Table
from reports.pdf.text import fitting
from reports.query.buckets import is_hourly
from reports.render.svg import Size
from reports.run import ReportAnswer
from reports.wording import words
from reports.wording.about import about, made_at
from reports.wording.columns import NUMBERS
from reports.wording.headline import Number, before_series, charts
from reports.wording.places import isolated
from tracker.languages import gettext

AUTHOR = "Footfall"
MOST_ROWS, MOST_COLUMNS, MOST_OF_DAYS = 50, 5, 7
LONGEST_RUN = 40
"""Characters that stand together where a text has a page's whole breadth."""
LONGEST_IN_FOOT = 60
"""Characters of a site's name at the foot of each page, which has a line or two."""
_WIDE = ("element", "path", "trail", "words")
_PAINT = Path(__file__).with_name("templates") / "paper.css"
_SIZE = Size("paper", 680, 190)


def paper_of(draft: Draft) -> Sheet:
    """Return a draft as it goes to the printer; what visitors sent is text in it, whatever it says."""
    first = draft.answers[0]
    sections = [
        section(one, link.link, MOST_ROWS, MOST_COLUMNS)
        for one, link in zip(draft.answers[1:], draft.sections, strict=True)
    ]
    scope = first.scope
    return Sheet(
        title=fitting(draft.site.name),
        author=AUTHOR,
        about=[broad(line) for line in about(scope)],
        foot=broad(f"{isolated(draft.site.name[:LONGEST_IN_FOOT])} · {words.days_of(scope.range)}"),
        page=draft.page,
        news=[broad(one) for one in (draft.found.changed, draft.found.mend) if one],
        lead=draft.found.lead,
        figures=[_figure(one) for one in draft.numbers],
        picture=_picture(first, draft.days),
        tables=[*map(table_of, sections), *_days(first)],
        notes=[*map(broad, draft.notes), made_at(scope)],
    )


def table_of(one: Section) -> Table:
    """Return a section as a table on paper."""
    named = [(title, is_number, kind) for (title, is_number), kind in zip(one.columns, one.kinds, strict=True)]
    return Table(
        title=one.title,
        columns=[Heading(title, is_number, kind in _WIDE) for title, is_number, kind in named],
        rows=[[Cell(fitting(cell.text), fitting(cell.small)) for cell in row] for row in one.rows],
        error=one.error,
        more=gettext("%(report)s on the web, with every row", report=one.title),
        link=one.link,
    )


def broad(text: str) -> str:
    """Return a text that has the whole breadth of a page."""
    return fitting(text, LONGEST_RUN)


def _figure(one: Number) -> Figure:
    change = f"{one.delta.arrow} {one.delta.text}".strip() if one.delta else ""
    return Figure(one.title, one.figure, change, one.delta.mood if one.delta else "")


def _picture(answer: ReportAnswer, days: str) -> Picture | None:
    """Draw the visitors over the days; None where there is no line to draw."""
    if len(answer.series or ()) < 2:
        return None
    [chart] = charts(answer, "visitors", [_SIZE])
    compared = answer.scope.compared if before_series(answer, "visitors") else None
    return Picture(
        title=gettext("Visitors"),
        svg=_painted(chart),
        alt=gettext(
            "Visitors, %(days)s. %(values)s.",
            days=words.days_of(answer.scope.range),
            values=days or gettext("The table of days has every value"),
        ),
        caption=gettext("The dashed line: %(days)s.", days=words.days_of(compared)) if compared else "",
    )


def _painted(chart: Markup) -> str:
    """Give a chart the colours of paper; a page's style sheet does not reach it there."""
    style = f'<svg xmlns="http://www.w3.org/2000/svg" $1<style>{_PAINT.read_text()}</style>'
    head, end, rest = str(chart).partition(">")
    return style.replace("$1", head.removeprefix("<svg ") + end) + rest


def _days(answer: ReportAnswer) -> Sequence[Table]:
    """Return the figures behind the chart, a row a day, or an hour: as the chart has them."""
    if len(answer.series or ()) < 2:
        return []
    shown = answer.report.columns[:MOST_OF_DAYS]
    rows = [[Cell(words.cell(column.kind, row.get(column.name))) for column in shown] for row in answer.series or ()]
    title = gettext("Hour by hour") if is_hourly(answer.scope.range) else gettext("Day by day")
    return [Table(title, [Heading(one.title, one.kind in NUMBERS) for one in shown], rows)]
