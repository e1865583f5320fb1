"""All that is stored, for programs: streams to follow by cursor, and files of days."""

from collections.abc import Iterator

import msgspec
import structlog
from flask import Response, abort, request

from reports.api.bodies import answer
from reports.api.caching import cached
from reports.api.parameters import RANGE, Parameter
from reports.api.queries import PARQUET
from reports.bulk.days import Day, day_file, find_days, read_day, state_of
from reports.bulk.taking import FORMS, lines, parquet, taking
from reports.query.ranges import NAMES, parse_range
from reports.query.words import check_words, nearest
from tracker.checking import check_number
from tracker.clock import utc_now
from tracker.gate import current_site
from tracker.house import current_house

MOST_LINES = 10_000_000
CURSOR = "Footfall-Cursor"
MEDIA = {"ndjson": "application/x-ndjson", "csv": "text/csv", "parquet": PARQUET}
TAKEN = (
    Parameter(
        "cursor",
        f"The cursor of the last line that you have, or the header {CURSOR} of the last answer; "
        "only what was loaded after it follows. Without it: all.",
        {"type": "string"},
    ),
    Parameter("limit", "Most lines; without it all.", {"type": "integer", "minimum": 1, "maximum": MOST_LINES}),
    Parameter(
        "range",
        f"Days of the site's zone: {', '.join(NAMES)}, or two days such as 2026-01-01..2026-01-31. Without it: all.",
        RANGE,
    ),
)
SENT = (
    Parameter(
        CURSOR,
        "The cursor after which the next answer begins, so that nothing is missed and nothing comes twice.",
        {"type": "string"},
    ),
)
_WORDS = tuple(one.name for one in TAKEN)
_log = structlog.get_logger("footfall.exports")


class Days(msgspec.Struct, frozen=True):
    """The days on which a site has events, the oldest first; each is a file under days/DAY.parquet."""

    days: list[Day]


def events(site_key: str, form: str = "ndjson") -> Response:
    """Take a site's events, in the order in which they were loaded."""
    return _taken("events", form)


def visits(site_key: str, form: str = "ndjson") -> Response:
    """Take a site's visits, in the order of their last change."""
    return _taken("visits", form)


def profiles(site_key: str, form: str) -> Response:
    """Take a site's profiles with what their visits sum up to, in the order of their newest event."""
    return _taken("profiles", form)


def days(site_key: str) -> Response:
    """List the days on which a site has events."""
    found = Days(find_days(current_house().store, current_site(), utc_now()))
    return answer(found)


def day(site_key: str, day: str) -> Response:
    """Take the events of one day as a file of Parquet, which settles once the day is closed."""
    found = read_day(day) or abort(404, "This is no day; write it as 2026-03-01.")
    house, site = current_house(), current_site()
    tag = state_of(house.store, site, found)
    if request.if_none_match.contains_weak(tag):
        return cached(Response(status=304), tag)
    response = Response(day_file(house.store, site, found, house.settings.export_folder), mimetype=MEDIA["parquet"])
    response.headers.set("Content-Disposition", "attachment", filename=f"{site.key}-{found}.parquet")
    return cached(response, tag)


def _taken(what: str, form: str) -> Response:
    if form not in FORMS:
        abort(404, f"No form has this name; {nearest(form, FORMS)}.")
    check_words(request.args.to_dict(flat=False), _WORDS)
    house, site, range_ = current_house(), current_site(), request.args.get("range")
    span = parse_range(range_, site.tzinfo, utc_now()) if range_ is not None else None
    asked = taking(house.store, site, what, span=span, since=request.args.get("cursor"), limit=_limit())
    if form == "parquet":
        chunks = parquet(house.store, asked, house.settings.export_folder)
    else:
        chunks = lines(house.store, asked, form, house.settings.export_folder)
    told = _telling(chunks, site.key, what)
    response = Response(told, mimetype=MEDIA[form], headers={"Cache-Control": "no-store", CURSOR: asked.cursor})
    if form != "ndjson":
        response.headers.set("Content-Disposition", "attachment", filename=f"{site.key}-{what}.{form}")
    return response


def _telling(chunks: Iterator[bytes], site_key: str, what: str) -> Iterator[bytes]:
    """Pass chunks on, and log why they end too early: the answer has begun, and can only be cut."""
    try:
        yield from chunks
    except Exception:
        _log.exception("an export broke off", site=site_key, what=what)
        raise


def _limit() -> int | None:
    text = request.args.get("limit")
    return None if text is None else check_number("limit", text, 1, MOST_LINES)
