"""What the API answers: parse, ask, write."""

import hashlib
from datetime import datetime

import msgspec
from flask import Response, abort, request

from reports import REPORTS
from reports.api.problems import problem
from reports.api.shapes import ReportLine, Reports, SiteLine, Sites
from reports.export import export_lines
from reports.query.filters import nearest
from reports.render import csv, json
from reports.report import by_name
from reports.run import newest, run_report
from reports.scope import Scope, parse_scope
from tracker import __version__
from tracker.access import readable
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house

MOST_LINES = 10_000_000
_FORMS = {"json": "application/json", "csv": "text/csv"}


def sites() -> Response:
    """List the sites that the asker may read."""
    book = current_house().sites
    mine = [book.by_id(number) for number in readable(current_principal(), [site.id for site in book.all()])]
    lines = [SiteLine(site.key, site.name, site.zone, list(site.hosts), site.sample) for site in mine if site]
    return _json(Sites(lines))


def reports(site_key: str) -> Response:
    """List the reports, what they answer and what their columns mean."""
    return _json(
        Reports(
            [ReportLine(one.name, one.title, one.question, one.reading, json.columns(one.columns)) for one in REPORTS]
        )
    )


def report(site_key: str, name: str) -> Response:
    """Answer a report; a name that ends in .csv gives CSV, else it is JSON."""
    name, _, form = name.partition(".")
    known = by_name(REPORTS)
    if name not in known or (form or "json") not in _FORMS:
        abort(404, f"No report has this name; {nearest(name, known)}.")
    scope = parse_scope(current_site(), request.args.to_dict(flat=False))
    tag = _tag(f"{name}.{form}", scope)
    if request.if_none_match.contains_weak(tag):
        return _cached(Response(status=304), tag)
    answer = run_report(known[name], scope, current_house().store)
    if answer.error:
        return problem(504 if answer.timed_out else 500, answer.error)
    text = csv.render(answer) if form == "csv" else json.render(answer)
    response = Response(text, mimetype=_FORMS[form or "json"])
    if form == "csv":
        file_name = f"{scope.site.key}-{name}-{scope.range.first}.csv"
        response.headers.set("Content-Disposition", "attachment", filename=file_name)
    return _cached(response, tag)


def events(site_key: str) -> Response:
    """Stream a site's events as they were loaded."""
    return _stream("events")


def visits(site_key: str) -> Response:
    """Stream a site's visits as they last changed."""
    return _stream("visits")


def unknown(rest: str) -> Response:
    """Answer where there is nothing."""
    return problem(404, "There is nothing at this address; /api/openapi.json tells what there is.")


def _stream(what: str) -> Response:
    words = request.args.to_dict(flat=False)
    for word in words:
        if word not in ("cursor", "limit"):
            raise InvalidInputError(word[:64], f"unknown; {nearest(word, ('cursor', 'limit'))}")
    limit = request.args.get("limit")
    if limit is not None and not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MOST_LINES):
        raise InvalidInputError("limit", f"must be a whole number from 1 to {MOST_LINES}")
    cursor = request.args.get("cursor")
    lines = export_lines(current_house().store, current_site(), what, cursor, int(limit) if limit else None)
    return Response(lines, mimetype="application/x-ndjson", headers={"Cache-Control": "no-store"})


def _json(shape: msgspec.Struct) -> Response:
    return Response(msgspec.json.encode(shape), mimetype="application/json")


def _cached(response: Response, tag: str) -> Response:
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _tag(name: str, scope: Scope) -> str:
    """Name a state of the answer: the question, what is loaded, and, while the range runs, the minute."""
    site, now = scope.site, scope.now.replace(second=0, microsecond=0)
    running: datetime | None = now if scope.range.end > scope.now else None
    loaded = newest(scope, current_house().store)
    asked = (name, request.query_string, site.key, site.name, site.zone, site.releases, scope.range.start)
    whose = (site.segments, current_house().store.member_mark())
    state = (__version__, *asked, *whose, loaded, running)
    return hashlib.sha256(repr(state).encode()).hexdigest()[:32]
