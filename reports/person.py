"""Everything that is kept of one person as a page to read and to print: no scripts, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader

from reports.wording.deeds import deed
from reports.wording.words import steps
from tracker.identity.linker.fields import WORDS
from tracker.languages import ENGLISH, Language, dates, gettext, marked, speaking
from tracker.languages.lists import listed
from tracker.languages.templates import speak
from tracker.rights.export import Held, Item
from tracker.signal_book import BY_NAME

_TEMPLATES = Path(__file__).parent / "dashboard" / "templates"

KINDS = {
    "daily_hash": marked("Number of one day"),
    "first_party": marked("Id that the browser keeps"),
    "fingerprint": marked("Looks of a browser"),
    "login": marked("Login"),
    "link_token": marked("Link that was made for the person"),  # of no password  # nosec B105
}
EVENT_KINDS = {
    "view": marked("view"),
    "click": marked("click"),
    "engagement": marked("engagement"),
    "custom": marked("event of the site"),
    "error": marked("error"),
    "form": marked("form"),
    "field": marked("field of a form"),
    "scroll": marked("scrolling"),
    "swipe": marked("swipe"),
    "link": marked("link"),
    "search": marked("search"),
    "vitals": marked("speed of the page"),
}
TIES = {
    "first_party": marked("one message of one browser"),
    "login": marked("login"),
    "link_token": marked("personal link"),  # of no password  # nosec B105
    "fingerprint": marked("looks"),
    "hand": marked("hand"),
}
# What else an edge says; the names of what an event, a visit or a struggle has are those of the store's columns.
EDGE_NAMES = (
    marked("rule"),
    marked("confidence"),
    marked("bits"),
    marked("consent"),
    marked("evidence"),
    marked("observations"),
    marked("taken back by"),
    marked("taken back why"),
)
_AT_ONCE = 500  # parts of the template that are sent together
_OF_A_MOMENT = ("occurred_at", "kind", "host", "path", "title")


def write_page(held: Held, language: Language = ENGLISH) -> Iterator[str]:
    """Yield the page in pieces, in a language; times are in the site's zone."""
    zone = held.site.tzinfo

    def when(moment: datetime | str | None) -> str:
        at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return dates.second(at.astimezone(zone)) if at else ""

    # not every item has every field
    engine = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, extensions=["jinja2.ext.i18n"]
    )
    speak(engine)
    engine.filters.update(when=when, steps=steps)
    page = engine.get_template("person.html").stream(
        held=held,
        small=held.small,
        language=language,
        name_of_event=name_of_event,
        name_of_kind=name_of_kind,
        name_of_signal=name_of_signal,
        name_of_tie=name_of_tie,
        shared=partial(_shared, zone),
        written=partial(written, zone),
        deed=deed,
        address=address,
        visits=held.visits(),
        struggles=held.struggles(),
        events=held.events(),
    )
    page.enable_buffering(_AT_ONCE)
    # Each piece is asked for by whoever sends it, when the request that began the page is over.
    while True:
        with speaking(language):
            piece = next(page, None)
        if piece is None:
            return
        yield piece


def name_of_kind(kind: str | None) -> str:
    """Say what an identifier is; of one that is kept no longer, that it was of a day."""
    return gettext(KINDS.get(kind or "", KINDS["daily_hash"]))


def name_of_tie(kind: str) -> str:
    """Say by what two identifiers are tied."""
    return gettext(TIES[kind]) if kind in TIES else kind.replace("_", " ")


def name_of_event(kind: str) -> str:
    """Say what an event is."""
    return gettext(EVENT_KINDS[kind]) if kind in EVENT_KINDS else kind


def name_of_signal(signal: str) -> str:
    """Say what went wrong."""
    return gettext(BY_NAME[signal].title) if signal in BY_NAME else signal.replace("_", " ")


def _shared(zone: ZoneInfo, since: datetime | None, until: datetime | None) -> str:
    """Say in which time an identifier that others have too is the person's."""
    begin = dates.second(since.astimezone(zone)) if since else ""
    end = dates.second(until.astimezone(zone)) if until else ""
    if begin and end:
        return gettext("(shared with others; theirs from %(since)s to %(until)s)", since=begin, until=end)
    if begin:
        return gettext("(shared with others; theirs from %(since)s)", since=begin)
    if end:
        return gettext("(shared with others; theirs from the beginning to %(until)s)", until=end)
    return gettext("(shared with others; theirs from the beginning)")


def address(item: Item) -> str:
    """Return where something happened."""
    return f"{item.get('host', '')}{item.get('path', '')}"


def written(zone: ZoneInfo, item: Mapping[str, Any], *but: str) -> list[tuple[str, str]]:
    """Return what else is known of an item, names and values in words, but for those given and those of a moment."""
    return [
        (_name(name), _text(value, zone))
        for name, value in item.items()
        if name not in but and name not in _OF_A_MOMENT
    ]


def _name(name: str) -> str:
    return gettext(WORDS.get(name) or name.replace("_", " "))


def _text(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return steps([_text(one, zone) for one in value])
    if isinstance(value, dict):
        return listed(f"{name}: {_text(one, zone)}" for name, one in value.items())
    if isinstance(value, datetime):
        return dates.second(value.astimezone(zone))
    text = str(value) if isinstance(value, (str, int, float)) else bytes(value).decode()  # type: ignore[call-overload]
    if text.startswith("{"):
        found = json.loads(text)
        return _text(found, zone) if isinstance(found, dict) else text
    return text
