"""Questions that developers put together, as a body or as an address, and what can be asked."""

import csv
import io
from collections.abc import Callable

import msgspec
from flask import Response, abort, request

from reports.api.bodies import read_body
from reports.api.caching import cached, tag_of
from reports.api.parameters import SCOPE, Parameter
from reports.query.words import nearest
from reports.question import reading, trees
from reports.question.answering import Answered, answer
from reports.question.asked import Question
from reports.question.dates import RANGES
from reports.question.reading import Body, read_question, read_words
from reports.question.schema import schema
from reports.question.shapes import columns, records, shape
from reports.question.times import is_in_hours
from reports.render import parquet
from reports.render.csv import cell
from reports.scope import MOST_ROWS
from tracker.access import authorize, readable
from tracker.errors import InvalidInputError
from tracker.gate import current_principal
from tracker.house import current_house
from tracker.sites import SiteInfo

LONGEST_QUESTION = 1 << 20
_TEXTS: dict[str, object] = {"type": "array", "items": {"type": "string"}}
_DATES = f"{', '.join(RANGES)}, or two days or times"
QUESTION: dict[str, object] = {
    "type": "object",
    "properties": {
        "site_id": {"type": "string", "description": "The site's key, or one of its hosts."},
        "metrics": {**_TEXTS, "minItems": 1, "maxItems": reading.MOST_METRICS},
        "date_range": {"anyOf": [{"type": "string"}, {**_TEXTS, "minItems": 2, "maxItems": 2}], "description": _DATES},
        "dimensions": {**_TEXTS, "maxItems": reading.MOST_DIMENSIONS},
        "filters": {"type": "array", "items": {"type": "array"}, "maxItems": trees.MOST_CONDITIONS},
        "order_by": {"type": "array", "items": {**_TEXTS, "minItems": 2, "maxItems": 2}},
        "include": {
            "type": "object",
            "properties": {name: {"type": "boolean"} for name in reading.INCLUDES},
            "additionalProperties": False,
        },
        "pagination": {
            "type": "object",
            "properties": {
                "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
                "offset": {"type": "integer", "minimum": 0, "maximum": reading.MOST_OFFSET},
            },
            "additionalProperties": False,
        },
        "segment": {"type": "string"},
        "compare": {"type": "string"},
        "bots": {"type": "string"},
        "shape": {"type": "string", "enum": list(reading.SHAPES)},
    },
    "required": ["site_id", "metrics"],
    "additionalProperties": False,
    "examples": [{"site_id": "shop.example", "metrics": ["visitors", "dead_clicks"], "date_range": "7d"}],
}
ASKED = (
    Parameter("site_id", "The site's key, or one of its hosts.", {"type": "string"}, required=True),
    Parameter("metrics", "Measures, with commas between.", {"type": "string"}, required=True),
    Parameter("date_range", f"{_DATES} with a comma between.", {"type": "string"}),
    Parameter("dimensions", "Dimensions, with commas between.", {"type": "string"}),
    *(one for one in SCOPE if one.name in ("filter", "segment", "compare", "bots")),
    Parameter("order_by", "As in visitors:desc, with commas between.", {"type": "string"}),
    Parameter("include", f"Some of {', '.join(reading.INCLUDES)}, with commas between.", {"type": "string"}),
    Parameter("limit", "Most rows.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}),
    Parameter("offset", "How many rows to pass over.", {"type": "integer", "minimum": 0}),
    Parameter("shape", "Of JSON: lists, or records.", {"type": "string", "enum": list(reading.SHAPES)}),
)


def query() -> Response:
    """Answer a question: measures by dimensions, filtered, compared, in order, page by page."""
    body = read_body(Body, longest=LONGEST_QUESTION)
    question = read_question(_site(body.site_id), body)
    response = _json(answer(question, current_house().store))
    response.headers["Cache-Control"] = "no-store"
    return response


def query_as(form: str) -> Response:
    """Answer a question from the words of an address, as JSON, CSV, NDJSON or Parquet."""
    if form not in WRITERS:
        abort(404, f"No form has this name; {nearest(form, WRITERS)}.")
    words = read_words(request.args.to_dict(flat=False))
    question = read_question(_site(words.body.site_id), words.body, words.filters)
    if form == "parquet":
        _refuse_alike(question)
    tag = tag_of(f"query.{form}", question.scope)
    if request.if_none_match.contains_weak(tag):
        return cached(Response(status=304), tag)
    response = WRITERS[form](answer(question, current_house().store))
    if form in ("csv", "parquet"):
        response.headers.set("Content-Disposition", "attachment", filename=_file_name(question, form))
    return cached(response, tag)


def query_schema() -> Response:
    """Tell what can be asked: measures with their units, dimensions, what fits together, limits."""
    return Response(msgspec.json.encode(schema()), mimetype="application/json")


def _site(text: str) -> SiteInfo:
    """Return the site that a question is about; 404 when there is none, ForbiddenError when it is somebody else's."""
    book, principal = current_house().sites, current_principal()
    if found := book.by_key(text):
        authorize(principal, found.id, "read-site")
        return found
    mine = readable(principal, [site.id for site in book.all() if text.lower() in site.hosts])
    site = book.by_id(mine[0]) if len(mine) == 1 else None
    return site or abort(404, f"site_id: no site has the key or host {text[:64]!r}; GET /api/v1/sites lists yours.")


def _refuse_alike(question: Question) -> None:
    """Raise InvalidInputError for columns alike but for case, which a file of Parquet cannot keep apart."""
    given = [*(one.given for one in question.groups), *(one.given for one in question.numbers)]
    seen: dict[str, str] = {}
    for name in given:
        if other := seen.get(name.lower()):
            raise InvalidInputError(
                "dimensions", f"{other} and {name} differ in case alone, which Parquet cannot tell; ask for JSON or CSV"
            )
        seen[name.lower()] = name


def _json(answered: Answered) -> Response:
    return Response(msgspec.json.encode(shape(answered)), mimetype="application/json")


def _csv(answered: Answered) -> Response:
    text, of = io.StringIO(newline=""), columns(answered)
    writer = csv.writer(text)
    writer.writerow([cell(one.name) for one in of])
    writer.writerows([cell(row[one.name], one.kind) for one in of] for row in records(answered))
    return Response(text.getvalue(), mimetype="text/csv")


def _ndjson(answered: Answered) -> Response:
    return Response(msgspec.json.Encoder().encode_lines(records(answered)), mimetype="application/x-ndjson")


def _parquet(answered: Answered) -> Response:
    asked = answered.question
    hours = [one.given for one in asked.groups if is_in_hours(one.name, asked.scope.range)]
    return Response(parquet.render(columns(answered), records(answered), hours), mimetype=PARQUET)


def _file_name(question: Question, form: str) -> str:
    return f"{question.scope.site.key}-{question.scope.range.start.date()}.{form}"


PARQUET = "application/vnd.apache.parquet"
WRITERS: dict[str, Callable[[Answered], Response]] = {
    "json": _json,
    "csv": _csv,
    "ndjson": _ndjson,
    "parquet": _parquet,
}
