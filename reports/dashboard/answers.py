"""The pages with numbers: the overview, and one page for every report."""

from dataclasses import replace
from http import HTTPStatus

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from reports import REPORTS
from reports.dashboard.asked import page_of, read_request
from reports.dashboard.cards import OWN_WORDS, cards, struggles_card
from reports.dashboard.developers import ways_to_get
from reports.dashboard.live import visitors_at
from reports.query.buckets import is_hourly
from reports.query.ranges import Range
from reports.report import Report, by_name
from reports.run import status_of
from reports.wording import headline, past
from reports.wording.cells import rows_shown
from reports.wording.columns import columns_shown
from reports.wording.marks import marks_in
from tracker.annotations import AnnotationInfo, annotations_of
from tracker.gate import current_share
from tracker.house import current_house
from tracker.languages import gettext
from tracker.sites import SiteInfo

PAGE_ROWS = 50
REPORTS_BY_NAME = by_name(REPORTS)


def overview(site_key: str) -> tuple[str, HTTPStatus]:
    """Show how a site does, and where it hurts."""
    asked = read_request(compare="previous", also=OWN_WORDS)
    measure = request.args.get("measure", "")
    measure = measure if measure in headline.HEADLINE else "visitors"
    answer = asked.answer(REPORTS_BY_NAME["overview"])
    span = answer.scope.range
    # the first day of all is known now, and need not be asked for by each card
    within = replace(asked, scope=replace(asked.scope, range=span))
    anything = answer.error is None and bool(answer.seen.events or answer.imported)
    marks = marks_in(span, asked.site, () if current_share() else _annotations(asked.site, span))
    page = render_template(
        "overview.html",
        site=asked.site,
        asked=asked,
        answer=answer,
        numbers=headline.numbers(answer, asked.address, measure),
        charts=headline.charts(answer, measure, marks=marks) if anything else [],
        anything=anything,
        imported=past.drawn(answer, measure),
        past_days=past.table(answer),
        marks=marks,
        visitors_now=None if current_share() else visitors_at(asked.site),
        zoom=None if is_hourly(span) else asked.address.having(range=None),
        compared=bool(headline.before_series(answer, measure)),
        measure=headline.column_of(answer, measure),
        measure_title=gettext(headline.HEADLINE[measure]),
        struggles=struggles_card(within, answer.seen) if anything else None,
        cards=cards(within, answer.seen) if anything else [],
        ways=ways_to_get(asked, answer.report),
    )
    return page, status_of(answer)


def _annotations(site: SiteInfo, span: Range) -> tuple[AnnotationInfo, ...]:
    with current_house().database.session() as session:
        return annotations_of(session, site.id, span.first, span.end_day)


def report(site_key: str, name: str) -> tuple[str, HTTPStatus] | Response:
    """Show one report as a table."""
    found: Report = REPORTS_BY_NAME.get(name) or abort(404)
    asked = read_request(compare="none", also=OWN_WORDS)
    if name == "overview":
        return redirect(str(asked.address.at(page_of(asked.site, found))))
    answer = asked.answer(found, None if "limit" in request.args else PAGE_ROWS)
    columns = columns_shown(answer.report.columns, answer.rows)
    if current_share():
        columns = [one for one in columns if one.kind != "examples"]  # their stories are not shared
    page = render_template(
        "report.html",
        site=asked.site,
        asked=asked,
        answer=answer,
        columns=columns,
        totals=headline.totals(answer),
        rows=rows_shown(columns, answer.rows, asked.address, [answer.before(row) for row in answer.rows]),
        ways=ways_to_get(asked, found),
    )
    return page, status_of(answer)
