"""Matomo's tracking API: `matomo.php`, a query or form a hit, or many of them as JSON."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from msgspec import Meta, Struct
from msgspec.json import Decoder

from collectors import loose
from collectors.answer import Answer, Outcome, RefusedError
from collectors.collector import Reading
from collectors.decoding import decode, pairs
from collectors.foreign import common
from collectors.incoming import Incoming
from collectors.pixel import GIF
from tracker.event import Event

PATHS = ("/matomo.php", "/piwik.php")
METHODS = ("GET", "POST")
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type"
WITH_COOKIES = True

# What is understood and not kept, by the parameter that shows it.
_NOT_TAKEN = {
    "ping": "ping",
    "c_n": "content",
    "c_i": "content",
    "ma_id": "media",
    "cra": "crash",
    "fa_vid": "form",
    "hsr_vid": "recording",
}
# What a hit is about where it is no view. Newer clients mark all of these with `ca`, and their own additions.
_NO_VIEW = ("download", "link", "search", "e_c", "e_a", "idgoal")
# Its own names of campaign parameters, for those that everybody else uses.
_CAMPAIGN = re.compile(r"(?<=[?&])(?:mtm|matomo|pk|piwik)_(campaign|cpn|source|medium|content|keyword|kwd)=")
_AS_UTM = {"cpn": "campaign", "keyword": "term", "kwd": "term"}
Hit = Mapping[str, str]


class _Bulk(Struct):
    requests: Annotated[list[str | dict[str, Any]], Meta(min_length=1, max_length=common.MAX_EVENTS)]


_bulk = Decoder(_Bulk)


def read(incoming: Incoming) -> Reading:
    """Read one hit or many; each visitor and each site of those is a reading of its own."""
    if not _is_bulk(incoming):
        return _read_hit(incoming, {**pairs(incoming.query), **_form(incoming)})
    readings: list[Reading] = []
    faults: list[RefusedError] = []
    for request in decode(incoming.body, _bulk).requests:
        try:
            hit = pairs(request.lstrip("?") if isinstance(request, str) else urlencode(request))
            readings.append(_read_hit(incoming, hit))
        except RefusedError as fault:
            faults.append(fault)
    if not readings:
        raise faults[0]
    first = common.as_one(readings)
    first.rejected = [fault.outcome.field or fault.outcome.reason or "" for fault in faults]
    return first


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer with a picture, with nothing where none is wanted, and of many hits with how many were taken."""
    status = 200 if common.is_quiet(outcome) else outcome.status
    if outcome.reason == "unknown_id" or common.is_fault(outcome):
        status = 400
    if _is_bulk(incoming):
        said = b"success" if status == 200 else b"error"
        body = b'{"status":"%s","tracked":%d,"invalid":%d}' % (said, outcome.accepted, outcome.rejected)
        return Answer(status, body, common.headers_of(outcome, incoming, b"application/json"))
    if status == 200 and (b"send_image=0" in incoming.body or "send_image=0" in incoming.query):
        return Answer(204, b"", common.headers_of(outcome, incoming, b"image/gif"))
    return Answer(status, GIF, common.headers_of(outcome, incoming, b"image/gif"))


def _is_bulk(incoming: Incoming) -> bool:
    return incoming.body.lstrip()[:1] == b"{"


def _form(incoming: Incoming) -> dict[str, str]:
    try:
        return pairs(incoming.body.decode()) if incoming.body else {}
    except UnicodeDecodeError:
        raise RefusedError(400, "malformed") from None


def _read_hit(incoming: Incoming, hit: Hit) -> Reading:
    if hit.get("rec") != "1":
        raise RefusedError(422, "schema", field="rec", problem="must be 1")
    url = _CAMPAIGN.sub(_as_utm, hit.get("url") or incoming.referer or "/")
    not_taken = _not_taken(hit)
    events = [_event(hit, url)] if not_taken is None else []
    footprint = common.make_footprint(incoming, events, user_agent=hit.get("ua"), language=hit.get("lang"))
    return common.make_reading(
        "matomo",
        ("idsite", hit.get("idsite")),
        common.whence(incoming, url),
        footprint,
        not_taken=not_taken,
        device=hit.get("_id"),
        login=hit.get("uid"),
    )


def _not_taken(hit: Hit) -> str | None:
    """Return what a hit is that is understood and not kept, None where it is kept."""
    shown = [name for name in (*_NOT_TAKEN, "ca") if hit.get(name) not in (None, "", "0")]
    if shown == ["ca"]:
        return None if any(name in hit for name in _NO_VIEW) else "other"
    return _NOT_TAKEN[shown[0]] if shown else None


def _event(hit: Hit, url: str) -> Event:
    at, title = loose.moment(hit.get("cdt")), hit.get("action_name")
    if "download" in hit:
        return common.make_event("link", url, at=at, properties={"href": hit["download"], "download": 1})
    if "link" in hit:
        return common.make_event("link", url, at=at, properties={"href": hit["link"]})
    if "search" in hit:
        results = loose.number(hit.get("search_count"))
        told: dict[str, Any] = {"query": hit["search"]} | ({"results": int(results)} if results is not None else {})
        return common.make_event("search", url, at=at, properties=told)
    if "e_c" in hit or "e_a" in hit:
        name = " / ".join(hit[part] for part in ("e_c", "e_a") if hit.get(part)) or "event"
        told = _properties(hit, name="e_n", value="e_v")
        return common.make_event("custom", url, at=at, name=name, properties=told)
    if "idgoal" in hit:
        ordered = "order" if hit.get("ec_id") else "cart"
        name = ordered if hit["idgoal"] == "0" else f"goal {hit['idgoal']}"
        told = _properties(hit, id="ec_id", value="revenue")
        return common.make_event("custom", url, at=at, name=name, properties=told)
    return common.make_event("view", url, at=at, title=title, referrer=hit.get("urlref"))


def _properties(hit: Hit, **names: str) -> dict[str, Any]:
    """Return what an event tells beside its name: `value` is a number, the rest are texts."""
    told: dict[str, Any] = {ours: hit[theirs] for ours, theirs in names.items() if hit.get(theirs)}
    return told | {"value": loose.number(told["value"])} if "value" in told else told


def _as_utm(found: "re.Match[str]") -> str:
    return f"utm_{_AS_UTM.get(found[1], found[1])}="
