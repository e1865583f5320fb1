"""Makes our event of what a site's server tells, and says what is wrong where that cannot be."""

import secrets
from datetime import UTC, datetime
from urllib.parse import urljoin

from collectors.loose import iso_ms
from collectors.origin import host_of
from tracker.addresses import packed
from tracker.event import MAX_PROPERTIES, Event, Kind, PropertyValue
from tracker.identity.identifiers import hash_value
from tracker.ingest.consent import DENIED, read_mark
from tracker.retention import kept_from_ms
from tracker.sent_event import SentEvent
from tracker.sites import SiteInfo

_AHEAD_MS = 60_000  # a server's clock may be so far before ours
_EARLIEST_MS = 946_684_800_000  # 2000: what is earlier was meant as seconds, or nobody set the clock
_HAS_PROPERTIES = ("custom", "search")


class FaultyError(Exception):
    """What is wrong with a field of an event."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def make_event(sent: SentEvent, site: SiteInfo, now_ms: int) -> Event:
    """Return the event; FaultyError when one of its fields cannot be, `identify` where the site's mode forbids it.

    Who signed in is an `engagement` of no time: it belongs to a visit, and starts none.
    """
    at = _moment(sent.at, site, now_ms)
    if sent.ip is not None and not packed(sent.ip):
        raise FaultyError("ip", "is no address")
    if sent.kind == "custom" and sent.name is None:
        raise FaultyError("name", "missing: a custom event has one")
    if sent.kind != "custom":
        for field in ("name", "revenue", "currency"):
            if getattr(sent, field) is not None:
                raise FaultyError(field, "only events of the kind custom have one")
    if sent.kind == "identify":
        _check_identity(sent, site, at)
    kind: Kind = "engagement" if sent.kind == "identify" else sent.kind
    return Event(
        id=_identify(sent.id, site),
        kind=kind,
        at=at,
        url=_address(sent.url, site),
        title=sent.title,
        referrer=sent.referrer,
        name=sent.name,
        properties=_properties(sent),
    )


def _identify(given: str | None, site: SiteInfo) -> str:
    """Return an event's id, for a name of the sender's always the same; the name itself is not kept."""
    return f"{hash_value(site.identity_key, 'event', given) if given else secrets.token_hex(8)}-0"


def _moment(given: int | str | None, site: SiteInfo, now_ms: int) -> int:
    """Return when something happened, in ms since 1970."""
    at = _read_moment(given) if isinstance(given, str) else now_ms if given is None else given
    if at > now_ms + _AHEAD_MS:
        raise FaultyError("at", "lies in the future")
    if at < _EARLIEST_MS:
        raise FaultyError("at", "lies before 2000; numbers are milliseconds since 1970")
    kept_ms = kept_from_ms(site, datetime.fromtimestamp(now_ms / 1000, UTC))
    if kept_ms is not None and at < kept_ms:
        raise FaultyError("at", f"is longer ago than the {site.retention_days} days for which the site keeps events")
    return min(at, now_ms)


def _read_moment(text: str) -> int:
    try:
        return iso_ms(text)
    except (ValueError, OverflowError):
        raise FaultyError("at", "is no time; write it as 2026-03-01T12:00:00Z or in ms since 1970") from None


def _address(given: str | None, site: SiteInfo) -> str:
    """Return the page's address: on the site, by default its first page."""
    try:
        url = urljoin(f"https://{site.default_host}/", given or "")
    except ValueError:
        raise FaultyError("url", "is no address") from None
    found = host_of(url)
    if site.hosts and (found is None or not site.owns(found)):
        raise FaultyError("url", f"is no page of the site, which is {', '.join(site.hosts)}")
    return url


def _properties(sent: SentEvent) -> dict[str, PropertyValue] | None:
    """Return an event's properties, with what it was worth."""
    if sent.properties and sent.kind not in _HAS_PROPERTIES:
        raise FaultyError("properties", f"only events of the kinds {' and '.join(_HAS_PROPERTIES)} have some")
    if sent.currency is not None and sent.revenue is None:
        raise FaultyError("revenue", "missing beside a currency")
    worth = {"revenue": sent.revenue, "currency": sent.currency}
    told = {**(sent.properties or {}), **{name: value for name, value in worth.items() if value is not None}}
    if len(told) > MAX_PROPERTIES:
        raise FaultyError("properties", f"must be at most {MAX_PROPERTIES}, revenue and currency among them")
    return told or None


def _check_identity(sent: SentEvent, site: SiteInfo, at: int) -> None:
    """Refuse what could not be kept, by the rules that hold for the snippet's `identify`."""
    if not (sent.login or "").strip():
        raise FaultyError("login", "missing: identify says who is signed in")
    if site.privacy_mode != "stitched":
        problem = f"the site's privacy mode is {site.privacy_mode}; who is signed in is kept in the mode stitched alone"
        raise FaultyError("kind", problem)
    if sent.gpc:
        raise FaultyError("gpc", "who sends Global Privacy Control is tied to no login")
    if sent.consent is None or sent.consent == DENIED:
        raise FaultyError("consent", "who did not agree is tied to no login; send the mark that the browser keeps")
    if read_mark(sent.consent, datetime.fromtimestamp(at / 1000, UTC)) is None:
        raise FaultyError("consent", "is no mark that was good at that time, <16 hex digits>.<day of issue>")
