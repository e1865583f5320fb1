"""Reports on paper: one report with all of its columns, or the overview as its letter has it."""

from dataclasses import replace

from flask import request

from reports import overview
from reports.mail.compose import Contents, draft_within
from reports.mail.papers import AUTHOR, LONGEST_IN_FOOT, broad, paper_of, table_of
from reports.mail.sections import section
from reports.pdf.sheet import Figure, Sheet
from reports.pdf.text import fitting
from reports.report import Report
from reports.run import ReportAnswer, run_report
from reports.scope import Scope
from reports.wording import words
from reports.wording.about import about, made_at
from reports.wording.headline import totals
from reports.wording.links import link_to
from reports.wording.places import isolated
from tracker.house import current_house

MOST_ROWS = 1000
"""Rows of one report's table, some thirty pages."""
_MOST_COLUMNS = 20
_COLUMNS_UPRIGHT = 6
_SECTIONS = ("struggles", "pages", "bounce-paths")


def paper(report: Report, scope: Scope) -> Sheet:
    """Ask a report and return it for the printer; one that fails says so in its place.

    UnreachableError where it is the overview that fails.
    """
    house = current_house()
    asked = [(word, value) for word, value in request.args.items(multi=True) if word != "language"]
    if report is overview.report:
        contents = Contents(_SECTIONS, (), None, scope.compare)
        return paper_of(draft_within(house.store, scope, house.settings.address, contents, asked))
    scope = replace(scope, limit=min(scope.limit, MOST_ROWS))
    link = link_to(house.settings.address, scope.site.key, report.name, asked)
    return _of_answer(run_report(report, scope, house.store), link)


def _of_answer(answer: ReportAnswer, link: str) -> Sheet:
    scope, report = answer.scope, answer.report
    table = table_of(section(answer, "", MOST_ROWS, _MOST_COLUMNS))
    return Sheet(
        title=report.title,
        author=AUTHOR,
        about=[broad(line) for line in (isolated(scope.site.name), *about(scope))],
        foot=broad(f"{isolated(scope.site.name[:LONGEST_IN_FOOT])} · {report.title} · {words.days_of(scope.range)}"),
        page=link,
        figures=[
            Figure(one.title, fitting(one.figure), f"{one.delta.arrow} {one.delta.text}".strip() if one.delta else "")
            for one in totals(answer)
        ],
        tables=[replace(table, title=report.question, more="")],
        notes=[*map(broad, answer.notes), made_at(scope)],
        broad=len(table.columns) > _COLUMNS_UPRIGHT,
    )
