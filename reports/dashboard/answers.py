"""The pages with numbers: the overview, and one page for every report."""

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from reports import REPORTS
from reports.dashboard.asked import Asked, page_of, read_request
from reports.dashboard.breakdown import TITLES, breakdown
from reports.dashboard.cards import Card, card
from reports.dashboard.developers import ways_to_get
from reports.report import Report, by_name
from reports.wording import cells, headline

TEASER_ROWS, CARD_ROWS, PAGE_ROWS = 6, 8, 50
REPORTS_BY_NAME = by_name(REPORTS)


def overview(site_key: str) -> str:
    """Show how a site does, and where it hurts."""
    asked = read_request(compare="previous", also=("measure",))
    measure = request.args.get("measure", "")
    measure = measure if measure in headline.HEADLINE else "visitors"
    answer = asked.answer(REPORTS_BY_NAME["overview"])
    return render_template(
        "overview.html",
        site=asked.site,
        asked=asked,
        answer=answer,
        numbers=headline.numbers(answer, asked.address, measure),
        charts=headline.charts(answer, measure) if answer.seen.events else [],
        compared=bool(headline.before_series(answer, measure)),
        measure=headline.column_of(answer, measure),
        measure_title=headline.HEADLINE[measure][0],
        struggles=_reported(asked, "dead-clicks", "element", "visitors", TEASER_ROWS),
        pages=_reported(asked, "pages", "path", "views", CARD_ROWS),
        cards=[_broken_down(asked, dimension) for dimension in TITLES],
        ways=ways_to_get(asked, answer.report),
    )


def report(site_key: str, name: str) -> str | Response:
    """Show one report as a table."""
    found: Report = REPORTS_BY_NAME.get(name) or abort(404)
    asked = read_request(compare="none", also=("measure",))
    if name == "overview":
        return redirect(str(asked.address.at(page_of(asked.site, found))))
    answer = asked.answer(found, None if "limit" in request.args else PAGE_ROWS)
    columns = cells.columns_shown(found.columns, answer.rows)
    return render_template(
        "report.html",
        site=asked.site,
        asked=asked,
        answer=answer,
        columns=columns,
        totals=headline.totals(answer),
        rows=cells.rows_shown(columns, answer.rows, asked.address),
        ways=ways_to_get(asked, found),
    )


def _reported(asked: Asked, report_name: str, name: str, number: str, rows: int) -> Card:
    """Return the first rows of a report, with the way to all of them."""
    found = REPORTS_BY_NAME[report_name]
    more = asked.address.having(measure=None).at(page_of(asked.site, found))
    return card(asked.first_rows(found, rows), name, number, asked.address, more)


def _broken_down(asked: Asked, dimension: str) -> Card:
    """Return the visitors by one dimension."""
    return card(asked.first_rows(breakdown(dimension), CARD_ROWS), dimension, "visitors", asked.address)
