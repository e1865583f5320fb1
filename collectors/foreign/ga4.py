"""Google Analytics 4: the Measurement Protocol (`/mp/collect`, JSON) and what its tag sends (`/g/collect`, queries)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.json import Decoder

from collectors import loose
from collectors.answer import Answer, Outcome, RefusedError
from collectors.collector import Reading
from collectors.decoding import decode, needed, pairs
from collectors.foreign import common
from collectors.incoming import Incoming
from tracker.event import Event

_OF_SERVERS, _OF_TAGS = "/mp/collect", "/g/collect"
PATHS = (_OF_SERVERS, _OF_TAGS)
METHODS = ("GET", "POST")
BODY_BYTES = common.BODY_BYTES
ALLOWS = b"content-type"
WITH_COOKIES = True

_MOST_OF_TAG = 50  # each line of a tag's body is an event that has all of the query beside its own
_NOT_TAKEN = ("session_start", "first_visit", "user_engagement")
_OF_PERSON = "user_data"  # so begin the parameters of what somebody typed to be known by: mail, phone, street
_DENIED = ("G100", "G110")  # the tag's word on consent: the last digit is of what analytics may store
# What a tag says of a page, by our names; the rest of its parameters are the event's own.
_OF_TAG = {"page_location": "dl", "page_referrer": "dr", "page_title": "dt", "engagement_time_msec": "_et"}
_OF_PAGE = ("page_location", "page_referrer", "page_title", "engagement_time_msec", "session_id", "language")


class _Event(Struct):
    name: str
    params: dict[str, Any] | None = None
    timestamp_micros: Any = None


class _Sent(Struct):
    events: Annotated[list[_Event], Meta(min_length=1, max_length=common.MAX_EVENTS)]
    client_id: Any = None
    user_id: Any = None
    timestamp_micros: Any = None


_sent = Decoder(_Sent)


def read(incoming: Incoming) -> Reading:
    """Read the events of a request, which are one visitor's; those of each host are a reading of their own."""
    query = pairs(incoming.query)
    if incoming.path == _OF_TAGS:
        return _read_tag(incoming, query)
    sent = decode(incoming.body, _sent)
    of_all = loose.number(sent.timestamp_micros)
    events = []
    for one in sent.events:
        micros = loose.number(one.timestamp_micros)
        at = micros if micros is not None else of_all
        events += _events(incoming, one.name, one.params or {}, int(at / 1000) if at is not None else None)
    id_and_secret = query.get("measurement_id"), query.get("api_secret", "")
    return _reading(incoming, id_and_secret, events, device=sent.client_id, login=sent.user_id)


def word(outcome: Outcome, incoming: Incoming) -> Answer:
    """Answer with nothing and 204, whatever came, as Google does."""
    is_well = common.is_quiet(outcome) or common.is_fault(outcome) or outcome.reason == "unknown_id"
    return Answer(204 if is_well else outcome.status, b"", common.headers_of(outcome, incoming, b"text/plain"))


def _read_tag(incoming: Incoming, query: Mapping[str, str]) -> Reading:
    """Read what a tag sends: what is common in the query, and a query for each event in the lines of the body."""
    try:
        lines = [line for line in incoming.body.decode().splitlines() if line.strip()] or [""]
    except UnicodeDecodeError:
        raise RefusedError(400, "malformed") from None
    if len(lines) > _MOST_OF_TAG:
        raise RefusedError(413, "too_large")
    events = []
    for line in lines:
        hit = {**query, **pairs(line)}
        told: dict[str, Any] = {ours: hit[theirs] for ours, theirs in _OF_TAG.items() if theirs in hit}
        told |= {name[3:]: value for name, value in hit.items() if name.startswith("ep.")}
        told |= {name[4:]: loose.number(value) for name, value in hit.items() if name.startswith("epn.")}
        events += _events(incoming, needed(hit.get("en"), "en"), told, None)
    return _reading(
        incoming,
        (query.get("tid"), None),
        events,
        language=query.get("ul"),
        denied=query.get("gcs") in _DENIED,
        device=query.get("cid"),
        login=query.get("uid"),
    )


def _reading(
    incoming: Incoming,
    id_and_secret: tuple[str | None, str | None],
    events: list[Event],
    *,
    language: str | None = None,
    denied: bool = False,
    device: object = None,
    login: object = None,
) -> Reading:
    their_id, secret = id_and_secret
    by_host: dict[str | None, list[Event]] = defaultdict(list)
    for event in events:
        by_host[common.whence(incoming, event.url)].append(event)
    return common.as_one(
        common.make_reading(
            "ga4",
            ("measurement_id", their_id),
            host,
            common.make_footprint(incoming, of_host, language=language),
            not_taken=None if of_host else "session",
            denied=denied,
            device=device,
            login=login,
            secret=secret,
        )
        for host, of_host in (by_host or {common.whence(incoming, "/"): []}).items()
    )


def _events(incoming: Incoming, name: str, told: Mapping[str, Any], at: int | None) -> list[Event]:
    """Return our events of one of theirs: what happened, and for how long the page was in use before."""
    url = common.place(incoming, loose.text(told.get("page_location")) or incoming.referer or "/")
    events = []
    spent_ms = loose.spent_ms(told.get("engagement_time_msec"))
    if spent_ms:
        events.append(common.make_event("engagement", url, at=at, engaged_ms=spent_ms))
    if name == "page_view":
        title, referrer = loose.text(told.get("page_title")), loose.text(told.get("page_referrer"))
        return [*events, common.make_event("view", url, at=at, title=title, referrer=referrer)]
    if name in _NOT_TAKEN:
        return events
    if name in ("click", "file_download") and loose.text(told.get("link_url")):
        link: dict[str, Any] = {"href": told["link_url"]}
        link |= {"download": 1} if name == "file_download" else {}
        return [*events, common.make_event("link", url, at=at, properties=link)]
    if name == "view_search_results" and loose.text(told.get("search_term")):
        return [*events, common.make_event("search", url, at=at, properties={"query": told["search_term"]})]
    own = {key: value for key, value in told.items() if key not in _OF_PAGE and not key.startswith(_OF_PERSON)}
    return [*events, common.make_event("custom", url, at=at, name=needed(name, "name"), properties=own)]
