"""The files that come along with a letter: each of its tables for a spreadsheet or a program, all of it on paper."""

from collections.abc import Sequence

from reports.mail import papers
from reports.mail.draft import Draft
from reports.pdf.typeset import TIMEOUT_S, TypesetError, typeset
from reports.render import csv, json
from reports.run import ReportAnswer
from tracker.languages import ENGLISH, gettext, speaking
from tracker.mail import Attached

MOST_ROWS_OF = {"csv": 1000, "json": 1000, "pdf": papers.MOST_ROWS}
"""How many rows of each table the forms have room for."""


def attach(draft: Draft, forms: Sequence[str]) -> tuple[list[Attached], list[str]]:
    """Return the files, and sentences about those that could not be made: no letter waits for them."""
    for_programs = [form for form in forms if form != "pdf"]
    answers = draft.tables.in_english if for_programs else ()
    with speaking(ENGLISH):
        files = [_table(one, form) for one in answers for form in for_programs]
    if "pdf" not in forms:
        return files, []
    try:
        content = typeset(papers.paper_of(draft), patience_s=4 * TIMEOUT_S)
    except TypesetError as error:
        return files, [gettext("The PDF is missing here. %(error)s", error=error)]
    return [Attached(f"report_{_days(draft.answers[0])}.pdf", "application/pdf", content), *files], []


def _table(answer: ReportAnswer, form: str) -> Attached:
    name = f"{answer.report.name}_{_days(answer)}.{form}"
    if form == "csv":
        return Attached(name, "text/csv", csv.render(answer).encode())
    return Attached(name, "application/json", json.render(answer))


def _days(answer: ReportAnswer) -> str:
    return answer.scope.range.name.replace("..", "_")
