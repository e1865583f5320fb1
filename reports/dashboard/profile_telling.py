"""Profiles in a person's words and pictures."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from reports.profiles.ids import short as short_id
from reports.profiles.shapes import EdgeShape, IdentifierShape, ProfileShape, Seen, VisitShape
from reports.profiles.words import IDENTIFIERS
from reports.render.strip import WIDTHS, Mark, strip
from reports.render.ties import MOST_ROWS, Node, Tie, draw
from reports.wording import words
from tracker.privacy import MODE
from tracker.signal_book import BY_NAME
from tracker.sites import SiteInfo

WHO = {
    "signed in": ("Signed in", "good", "Somebody who signed in"),
    "known": ("Known", "", "A browser whose visitor agreed to be known again"),
    "one day": ("One day", "", "A visitor who is told apart for a day only"),
}
"""By what is known of who it is: a badge, its mood, and a sentence."""

STANDINGS = {
    "counts": ("Counts", "good"),
    "set aside": ("Set aside: it would make two logins one", "hurts"),
    "hub": ("Does not count: shared by too many", "hurts"),
    "taken back": ("Taken back", ""),
}
_COLUMNS = {"login": 0, "link_token": 0, "first_party": 1, "daily_hash": 1, "fingerprint": 2}  # of no password  # nosec B105
_MOODS = {"counts": "counts", "taken back": "gone"}
_FEWEST_MARKS, _MOST_MARKS = 3, 30


def mode_note(site: SiteInfo) -> str:
    """Say whom the site's privacy mode lets one see here."""
    title = MODE[site.privacy_mode].title
    return {
        "count": f"The privacy mode of this site is “{title}”: nobody is told apart, so there are no profiles.",
        "cookieless": f"The privacy mode of this site is “{title}”: each profile is a visitor of one day. Who comes "
        "back tomorrow is another.",
        "consented": "Who agreed is one profile for each browser. Everybody else is a profile of one day.",
        "stitched": "Who agreed is one profile across browsers, as far as there is reason to believe so. Everybody "
        "else is a profile of one day.",
    }[site.privacy_mode]


def more_modes(site: SiteInfo) -> Sequence[tuple[str, str]]:
    """Return what the modes that tell more would show here, by their titles."""
    return [(MODE[name].title, gives) for name, gives in _WOULD.items() if _rank(name) > _rank(site.privacy_mode)]


_WOULD = {
    "cookieless": "visitors of one day, each with trail and struggles",
    "consented": "who agreed, on every visit of their browser, for 13 months",
    "stitched": "who agreed, across all of their browsers, with the reason for every tie, and a button to take it back",
}


def _rank(mode: str) -> int:
    return list(MODE).index(mode)


def short(text: str) -> str:
    """Write an id short."""
    return short_id(int(text))


def about(kind: str) -> str:
    """Say what an identifier of a kind is."""
    return IDENTIFIERS.get(kind, ("", ""))[1]


def when(time: datetime | None) -> str:
    """Write a time with its year: 3 Mar 2026, 10:00."""
    return f"{time.day} {time:%b %Y, %H:%M}" if time else words.NONE


def kinds_in_words(identifiers: dict[str, int]) -> str:
    """Count identifiers in words, those of single days last."""
    names = (("login", "login"), ("first_party", "browser id"), ("fingerprint", "known browser"))
    more = (("link_token", "personal link"), ("daily_hash", "day"))
    told = [
        f"{identifiers[kind]} {name}{'s' if identifiers[kind] > 1 else ''}"
        for kind, name in (*names, *more)
        if identifiers.get(kind)
    ]
    return ", ".join(told)


def whence(one: VisitShape) -> str:
    """Say from where and with what a visit came."""
    source = f"from {one.source}" if one.source else "came directly"
    thing = " with ".join(part for part in (one.device, one.browser) if part)
    place = one.city or (words.name_of("country", one.country) if one.country else "")
    return ", ".join(part for part in (source, thing, place) if part)


def seen_in_words(dimension: str, one: Seen) -> str:
    """Name a source, device or place."""
    first = words.name_of(dimension, one.name[0])
    return ", ".join([first, *(str(part) for part in one.name[1:] if part)])


def visit_strips(one: VisitShape) -> Sequence[Markup]:
    """Draw a visit's pages and struggles; nothing where words alone tell it as quickly."""
    marks = [Mark(at, path, "step") for path, at in zip(one.trail, one.trail_offset_ms, strict=False)]
    marks += [Mark(struggled.offset_ms, BY_NAME[struggled.signal].title, "struggle") for struggled in one.struggles]
    if len(marks) < _FEWEST_MARKS:
        return ()
    until = round((one.ended_at - one.started_at).total_seconds() * 1000)
    title = "The visit: its pages, and where the visitor struggled; told in words above"
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
    title = "Identifiers as points, and a line for each tie; the list below says the same in words"
    crowded = any(sum(node.column == column for node in nodes) > MOST_ROWS for column in range(3))
    note = "More is known than fits the picture; the list has all." if crowded else ""
    return [draw(nodes, ties, place, title=title) for place in WIDTHS], note


def _node(one: IdentifierShape, own: dict[str, IdentifierShape], days: int) -> Node:
    small = one.short + (f" · {days} day{'s' if days > 1 else ''}" if days else "")
    moods = [one.kind, "" if one.id in own else "elsewhere", "hub" if one.hub else ""]
    return Node(one.id, _COLUMNS.get(one.kind, 1), one.named, small, " ".join(mood for mood in moods if mood))


def is_of_a_day(edge: EdgeShape) -> bool:
    """Tell whether an edge ties the number of a single day, of which there are many."""
    return "daily_hash" in (edge.a.kind, edge.b.kind)


def _browser_of(edge: EdgeShape) -> str:
    return edge.b.id if edge.a.kind == "daily_hash" else edge.a.id
