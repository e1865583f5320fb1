"""Profiles in a person's words and pictures."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from markupsafe import Markup

from reports.profiles.came import DEVICES, PLACES, SOURCES
from reports.profiles.ids import short as short_id
from reports.profiles.shapes import EdgeShape, IdentifierShape, ProfileShape, Seen, VisitShape
from reports.profiles.words import IDENTIFIERS
from reports.render.strip import WIDTHS, Mark, strip
from reports.render.ties import MOST_ROWS, Node, Tie, draw
from reports.wording import words
from tracker.identity.browsers import BOTH_AT_ONCE, TOO_LITTLE
from tracker.identity.hand import NOTHING_SAID
from tracker.languages import counted, dates, gettext, marked
from tracker.languages.lists import listed
from tracker.privacy import MODE
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo

WHO = {
    "signed in": (marked("Signed in"), "good", marked("Somebody who signed in.")),
    "known": (marked("Known"), "", marked("A browser whose visitor agreed to be known again.")),
    "one day": (marked("One day"), "", marked("A visitor who is told apart for a day only.")),
}
"""By what is known of who it is: a badge, its mood, and a sentence."""

STANDINGS = {
    "counts": (marked("Counts"), "good"),
    "set aside": (marked("Set aside: it would make two logins one"), "hurts"),
    "hub": (marked("Does not count: shared by too many"), "hurts"),
    "taken back": (marked("Taken back"), ""),
}
_COLUMNS = {"login": 0, "link_token": 0, "first_party": 1, "daily_hash": 1, "fingerprint": 2}  # of no password  # nosec B105
_MOODS = {"counts": "counts", "taken back": "gone"}
_FEWEST_MARKS, _MOST_MARKS = 3, 30


def mode_note(site: SiteInfo) -> str:
    """Say whom the site's privacy mode lets one see here."""
    return gettext(_SHOWN[site.privacy_mode], mode=gettext(MODE[site.privacy_mode].title))


def more_modes(site: SiteInfo) -> Sequence[tuple[str, str]]:
    """Return what the modes that tell more would show here, by their titles."""
    rank = _rank(site.privacy_mode)
    return [(gettext(MODE[name].title), gettext(gives)) for name, gives in _WOULD.items() if _rank(name) > rank]


_SHOWN = {
    "count": marked("The privacy mode of this site is “%(mode)s”: nobody is told apart, so there are no profiles."),
    "cookieless": marked(
        "The privacy mode of this site is “%(mode)s”: each profile is a visitor of one day. Who comes back tomorrow "
        "is another."
    ),
    "consented": marked("Who agreed is one profile for each browser. Everybody else is a profile of one day."),
    "stitched": marked(
        "Who agreed is one profile across browsers, as far as there is reason to believe so. Everybody else is a "
        "profile of one day."
    ),
}
_WOULD = {
    "cookieless": marked("visitors of one day, each with trail and struggles"),
    "consented": marked("who agreed, on every visit of their browser, for 13 months"),
    "stitched": marked(
        "who agreed, across all of their browsers, with the reason for every tie, and a button to take it back"
    ),
}


def _rank(mode: str) -> int:
    return list(MODE).index(mode)


def short(text: str) -> str:
    """Write an id short."""
    return short_id(int(text))


def about(kind: str) -> str:
    """Say what an identifier of a kind is."""
    return gettext(IDENTIFIERS[kind][1]) if kind in IDENTIFIERS else ""


def when(time: datetime | None) -> str:
    """Write a time with its year: 3 Mar 2026, 10:00."""
    return dates.moment(time) if time else words.NONE


def stretch(since: datetime | None, until: datetime | None) -> str:
    """Say from when to when an identifier is of the profile; None is the beginning, or no end."""
    if since and until:
        return gettext("of this profile from %(since)s to %(until)s", since=when(since), until=when(until))
    if since:
        return gettext("of this profile from %(since)s", since=when(since))
    if until:
        return gettext("of this profile from the beginning to %(until)s", until=when(until))
    return gettext("of this profile from the beginning")


def kinds_in_words(identifiers: dict[str, int]) -> str:
    """Count identifiers in words, those of single days last."""
    return listed([say(identifiers[kind]) for kind, say in _COUNTED.items() if identifiers.get(kind)])


_COUNTED: Mapping[str, Callable[[int], str]] = {
    "login": lambda n: counted("%(n)s login", "%(n)s logins", n),
    "first_party": lambda n: counted("%(n)s browser id", "%(n)s browser ids", n),
    "fingerprint": lambda n: counted("%(n)s known browser", "%(n)s known browsers", n),
    "link_token": lambda n: counted("%(n)s personal link", "%(n)s personal links", n),
    "daily_hash": lambda n: counted("%(n)s day", "%(n)s days", n),
}


def reason_of(edge: EdgeShape) -> str:
    """Say why an edge was taken back: in the words of who did it, unless it was Footfall itself."""
    reason = edge.reason or ""
    return gettext(reason) if reason in (NOTHING_SAID, TOO_LITTLE, BOTH_AT_ONCE) else reason


def whence(one: VisitShape) -> str:
    """Say from where and with what a visit came."""
    source = gettext("from %(source)s", source=one.source) if one.source else gettext("came directly")
    thing = (gettext(_DEVICES.get(one.device, one.device)) if one.device else "") or one.browser
    if one.device and one.browser:
        thing = gettext("%(device)s with %(browser)s", device=thing, browser=one.browser)
    place = one.city or (words.name_of("country", one.country) if one.country else "")
    return listed([part for part in (source, thing, place) if part])


_DEVICES = {
    "desktop": marked("desktop"),
    "mobile": marked("mobile"),
    "tablet": marked("tablet"),
    "other": marked("other device"),
}


def seen_in_words(dimension: str, one: Seen) -> str:
    """Name a source, device or place."""
    first = words.name_of(dimension, one.name[0])
    beside = zip(_BESIDE[dimension], one.name[1:], strict=True)
    return listed([first, *(words.name_of(name, part) for name, part in beside if part)])


_BESIDE = {"source": SOURCES[1:], "device": DEVICES[1:], "country": PLACES[1:]}


def visit_strips(visit: VisitShape) -> Sequence[Markup]:
    """Draw a visit's pages and struggles; nothing where words alone tell it as quickly."""
    marks = [Mark(at, path, "step") for path, at in zip(visit.trail, visit.trail_offset_ms, strict=False)]
    marks += [Mark(one.offset_ms, gettext(BY_NAME[one.signal].title), "struggle") for one in visit.struggles]
    if len(marks) < _FEWEST_MARKS:
        return ()
    until = round((visit.ended_at - visit.started_at).total_seconds() * 1000)
    title = gettext("The visit: its pages, and where the visitor struggled; told in words above")
    return [strip(marks[:_MOST_MARKS], until, place, title=title, write=words.duration) for place in WIDTHS]


def ties_of(found: ProfileShape) -> tuple[Sequence[Markup], str]:
    """Draw what ties a profile together, with a note on what the picture leaves out; nothing of a single identifier.

    The numbers of single days stand at the browser that had them, unless nothing else is known.
    """
    days = Counter(_browser_of(edge) for edge in found.edges if is_of_a_day(edge) and edge.standing == "counts")
    own = {one.id: one for one in found.identifiers if one.kind != "daily_hash"} or {
        one.id: one for one in found.identifiers
    }
    edges = [edge for edge in found.edges if not is_of_a_day(edge) or edge.standing != "counts"]
    ends = own | {end.id: end for edge in edges for end in (edge.a, edge.b)}
    if len(ends) < 2:
        return (), ""
    nodes = [_node(one, own, days[one.id]) for one in ends.values()]
    ties = [Tie(edge.a.id, edge.b.id, _MOODS.get(edge.standing, "aside")) for edge in edges]
    title = gettext("Identifiers as points, and a line for each tie; the list below says the same in words")
    crowded = any(sum(node.column == column for node in nodes) > MOST_ROWS for column in range(3))
    note = gettext("More is known than fits the picture; the list has all.") if crowded else ""
    return [draw(nodes, ties, place, title=title) for place in WIDTHS], note


def _node(one: IdentifierShape, own: dict[str, IdentifierShape], days: int) -> Node:
    small = f"{one.short} · {_COUNTED['daily_hash'](days)}" if days else one.short
    moods = [one.kind, "" if one.id in own else "elsewhere", "hub" if one.hub else ""]
    return Node(one.id, _COLUMNS.get(one.kind, 1), one.named, small, " ".join(mood for mood in moods if mood))


def is_of_a_day(edge: EdgeShape) -> bool:
    """Tell whether an edge ties the number of a single day, of which there are many."""
    return "daily_hash" in (edge.a.kind, edge.b.kind)


def _browser_of(edge: EdgeShape) -> str:
    return edge.b.id if edge.a.kind == "daily_hash" else edge.a.id
