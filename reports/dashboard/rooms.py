"""Where one can go on a site's pages: rooms by what they are about, each with its own shelf of pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from reports import GROUPS
from reports.dashboard import heatmaps, profiles
from reports.dashboard.asked import Asked, Choice, page_of
from reports.wording.links import Address
from tracker.access import may
from tracker.gate import current_principal
from tracker.sites import SiteInfo

_HEATMAP_ROOM = "Pages"
_STRUGGLES_ROOM = "Struggles"
_PEOPLE_ROOM = "People"
# Pages in a room that no shelf has.
_INSIDE = {
    _STRUGGLES_ROOM: ("dashboard.examples", "dashboard.story"),
    _PEOPLE_ROOM: ("dashboard.profile", "dashboard.find_profile", "dashboard.merge_profile"),
    "Schedules": ("dashboard.new_schedule", "dashboard.schedule"),
}


@dataclass(frozen=True)
class Room:
    """A heading that leads to its first page; `pages` are all of them, none of them for a room of one."""

    title: str
    link: Address
    chosen: bool
    pages: Sequence[Choice]


def rooms_of(site: SiteInfo, asked: Asked | None) -> list[Room]:
    """Return a site's rooms: one a group of reports, then the setup. Reports keep the scope that is looked at."""
    left_behind = dict.fromkeys(("measure", "limit", *heatmaps.OWN_WORDS, *profiles.OWN_WORDS))
    address = asked.address.having(**left_behind) if asked else Address("")
    rooms = []
    for group in GROUPS:
        pages = [(one.title, address.at(page_of(site, one))) for one in group.reports]
        if group.title == _HEATMAP_ROOM:
            heatmap = address.having(compare=None).at(url_for("dashboard.heatmap", site_key=site.key))
            pages.insert(1, ("Heatmap", heatmap))
        if group.title == _STRUGGLES_ROOM:
            pages.append(("Definitions", Address(url_for("dashboard.signals", site_key=site.key))))
        if group.title == _PEOPLE_ROOM:
            listed = address.having(compare=None).at(url_for("dashboard.profiles", site_key=site.key))
            conflicts = Address(url_for("dashboard.conflicts", site_key=site.key))
            pages = [("Profiles", listed), *pages, ("Conflicts", conflicts)]
        rooms.append(_room(group.title, pages, inside=request.endpoint in _INSIDE.get(group.title, ())))
    setup = [("Tag", Address(url_for("dashboard.tag", site_key=site.key)))]
    if may_here("change-site", site):
        setup.append(("Schedules", Address(url_for("dashboard.schedules", site_key=site.key))))
        setup.append(("Settings", Address(url_for("dashboard.settings", site_key=site.key))))
    return [
        *rooms,
        *(_room(title, [(title, link)], inside=request.endpoint in _INSIDE.get(title, ())) for title, link in setup),
    ]


def may_here(action: str, site: SiteInfo | None = None) -> bool:
    """Tell whether who asks may do something, to a site or at all."""
    return may(current_principal(), site.id if site else None, action)


def _room(title: str, pages: Sequence[tuple[str, Address]], *, inside: bool = False) -> Room:
    choices = [Choice(name, link, chosen=link.path == request.path) for name, link in pages]
    chosen = inside or any(choice.chosen for choice in choices)
    return Room(title, pages[0][1], chosen, choices if len(choices) > 1 else ())
