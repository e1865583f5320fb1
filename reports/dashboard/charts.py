"""The pictures on top of reports that have one, each beside its table."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from reports.render.funnel import WIDTHS, Bar, funnel_chart
from reports.report import Row
from reports.run import ReportAnswer
from reports.wording import words
from tracker.languages import counted


def charts_of(answer: ReportAnswer) -> Sequence[Markup]:
    """Return a report's picture, for a broad and for a slim place; none where it has none or nothing is known."""
    draw = _DRAWN.get(answer.report.name)
    return draw(answer) if draw and answer.rows else ()


def _funnel(answer: ReportAnswer) -> Sequence[Markup]:
    first = answer.rows[0]
    if not first["visits"]:
        return ()
    title = counted(
        "How many visits reached the one step; the table below has every value",
        "How many visits reached each of %(n)s steps; the table below has every value",
        len(answer.rows),
    )
    return [funnel_chart([_bar(row) for row in answer.rows], place, title=title) for place in WIDTHS]


def _bar(row: Row) -> Bar:
    share = row["share_of_first"]
    return Bar(
        name=str(row["step"]),
        figure=f"{words.cell('count', row['visits'])} · {words.cell('share', share)}",
        share=float(share) if isinstance(share, int | float) else 0.0,
        said=counted("%(n)s left here", "%(n)s left here", int(str(row["left"]))) if row["left"] else "",
    )


_DRAWN: dict[str, Callable[[ReportAnswer], Sequence[Markup]]] = {"funnels": _funnel}
