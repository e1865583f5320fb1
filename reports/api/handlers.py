"""What the API answers: parse, ask, write."""

from flask import Response, abort, request

from reports import REPORTS
from reports.api.bodies import answer
from reports.api.caching import cached, tag_of
from reports.api.papers import paper
from reports.api.parameters import Parameter
from reports.api.problems import problem, store_away
from reports.api.shapes import ReportLine, Reports, SiteLine, Sites
from reports.pdf.typeset import BusyError, TypesetError, can_typeset, typeset
from reports.query.words import nearest
from reports.render import csv, json
from reports.report import Report, by_name
from reports.run import run_report, status_of
from reports.scope import Scope, parse_scope
from tracker.access import readable
from tracker.errors import UnreachableError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import ENGLISH, language_of, speaking
from tracker.languages.checking import check_language
from tracker.languages.known import LANGUAGES

FORMS = {"json": "application/json", "csv": "text/csv", "pdf": "application/pdf"}
LANGUAGE = Parameter(
    "language",
    "The language of the paper, as a BCP 47 tag.",
    {"type": "string", "enum": [one.tag for one in LANGUAGES], "default": ENGLISH.tag},
)


def sites() -> Response:
    """List the sites that the asker may read."""
    book = current_house().sites
    mine = [book.by_id(number) for number in readable(current_principal(), [site.id for site in book.all()])]
    lines = [SiteLine(site.key, site.name, site.zone, list(site.hosts), site.sample) for site in mine if site]
    return answer(Sites(lines), caching=None)


def reports(site_key: str) -> Response:
    """List the reports, what they answer and what their columns mean."""
    return answer(
        Reports(
            [ReportLine(one.name, one.title, one.question, one.reading, json.columns(one.columns)) for one in REPORTS]
        ),
        caching=None,
    )


def report(site_key: str, name: str) -> Response:
    """Answer a report as JSON, with what its columns mean."""
    return _rows(_known(name.removesuffix(".json")), "json")


def report_csv(site_key: str, name: str) -> Response:
    """Answer a report's rows as CSV."""
    return _rows(_known(name), "csv")


def report_pdf(site_key: str, name: str) -> Response:
    """Answer a report on paper, as a tagged PDF file."""
    words = request.args.to_dict(flat=False)
    language = words.pop("language", [ENGLISH.tag])[-1]
    found, scope = _known(name), parse_scope(current_site(), words)
    tag = tag_of(f"{name}.pdf", scope)
    if request.if_none_match.contains_weak(tag):
        return cached(Response(status=304), tag)
    with speaking(language_of(check_language(language))):
        return cached(_paper(found, scope), tag)


def _known(name: str) -> Report:
    known = by_name(REPORTS)
    return known.get(name) or abort(404, f"No report has this name; {nearest(name, known)}.")


def _rows(found: Report, form: str) -> Response:
    scope = parse_scope(current_site(), request.args.to_dict(flat=False))
    tag = tag_of(f"{found.name}.{form}", scope)
    if request.if_none_match.contains_weak(tag):
        return cached(Response(status=304), tag)
    answer = run_report(found, scope, current_house().store)
    if answer.away:
        return store_away()
    if answer.error:
        return problem(status_of(answer), answer.error)
    text = csv.render(answer) if form == "csv" else json.render(answer)
    response = Response(text, mimetype=FORMS[form])
    if form == "csv":
        response.headers.set("Content-Disposition", "attachment", filename=_file_name(found.name, form, scope))
    return cached(response, tag)


def _paper(report: Report, scope: Scope) -> Response:
    try:
        response = Response(typeset(paper(report, scope)), mimetype=FORMS["pdf"])
    except UnreachableError as error:
        return problem(500, str(error))
    except BusyError as error:
        return problem(503, str(error))
    except TypesetError as error:
        return problem(500 if can_typeset() else 501, str(error))
    response.headers.set("Content-Disposition", "attachment", filename=_file_name(report.name, "pdf", scope))
    return response


def _file_name(report: str, form: str, scope: Scope) -> str:
    return f"{scope.site.key}-{report}-{scope.range.first}.{form}"
