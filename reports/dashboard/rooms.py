"""Where one can go on a site's pages: rooms by what they are about, each with its own shelf of pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from reports import GROUPS
from reports.dashboard.asked import Asked, Choice, page_of, shared_page
from reports.wording.links import Address
from tracker.access import may
from tracker.gate import current_principal, current_share
from tracker.languages import gettext, marked
from tracker.shares import Share
from tracker.sites import SiteInfo

_HEATMAP_ROOM = "Pages"
_STRUGGLES_ROOM = "Struggles"
_WAYS_ROOM = "Ways"
_PEOPLE_ROOM = "People"
_SETUP_ROOM = marked("Setup")
_IMPORTED = "imported"  # a report that has its place once something was imported
# Title, endpoint and action of the pages of the setup.
_SETUP = (
    (marked("Tag"), "tag", "read-site"),
    (marked("Other trackers"), "other_trackers", "change-site"),
    (marked("Imports"), "imports", "change-site"),
    (marked("Goals and funnels"), "goals", "change-site"),
    (marked("Schedules"), "schedules", "change-site"),
    (marked("Alerts"), "alerts", "change-site"),
    (marked("Webhooks"), "webhooks", "change-site"),
    (marked("Sharing"), "shares", "change-site"),
    (marked("Members"), "members", "manage-members"),
    (marked("Settings"), "settings", "change-site"),
)
# Pages in a room that no shelf has.
_INSIDE = {
    "Overview": ("dashboard.live",),
    _STRUGGLES_ROOM: ("dashboard.examples", "dashboard.story"),
    _WAYS_ROOM: ("dashboard.visits",),
    _PEOPLE_ROOM: ("dashboard.profile", "dashboard.find_profile", "dashboard.merge_profile", "dashboard.erase_person"),
    _SETUP_ROOM: (
        "dashboard.funnel",
        "dashboard.change_funnel",
        "dashboard.new_watch",
        "dashboard.watch",
        "dashboard.new_schedule",
        "dashboard.schedule",
        "dashboard.webhook",
        "dashboard.act_on_webhook",
        "dashboard.act_on_share",
        "dashboard.change_member",
        "dashboard.upload_export",
        "dashboard.audit",
    ),
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
    if share := current_share():
        return _shared_rooms(share, asked)
    address = asked.scoped.having(limit=None) if asked else Address("")
    rooms = []
    for group in GROUPS:
        told = [one for one in group.reports if site.imports or one.name != _IMPORTED]
        pages = [(gettext(one.title), address.at(page_of(site, one))) for one in told]
        if group.title == _HEATMAP_ROOM:
            heatmap = address.having(compare=None).at(url_for("dashboard.heatmap", site_key=site.key))
            pages.insert(1, (gettext("Heatmap"), heatmap))
        if group.title == _WAYS_ROOM:
            flow = address.having(compare=None).at(url_for("dashboard.flow", site_key=site.key))
            pages.insert(2, (gettext("Flow"), flow))
        if group.title == _STRUGGLES_ROOM:
            pages.append((gettext("Definitions"), Address(url_for("dashboard.signals", site_key=site.key))))
        if group.title == _PEOPLE_ROOM:
            listed = address.having(compare=None).at(url_for("dashboard.profiles", site_key=site.key))
            conflicts = Address(url_for("dashboard.conflicts", site_key=site.key))
            pages = [(gettext("Profiles"), listed), *pages, (gettext("Conflicts"), conflicts)]
        rooms.append(_room(group.title, pages, inside=request.endpoint in _INSIDE.get(group.title, ())))
    inside = request.endpoint in _INSIDE[_SETUP_ROOM]
    return [*rooms, _room(_SETUP_ROOM, _setup(site), inside=inside)]


def _setup(site: SiteInfo) -> list[tuple[str, Address]]:
    """Return the pages on which a site is set up, of those that who asks may see."""
    reachable = [(gettext(title), endpoint) for title, endpoint, action in _SETUP if may_here(action, site)]
    return [(title, Address(url_for(f"dashboard.{endpoint}", site_key=site.key))) for title, endpoint in reachable]


def _shared_rooms(share: Share, asked: Asked | None) -> list[Room]:
    """Return the rooms of those who come by a share link: the chosen reports; none where there is but one."""
    address = asked.scoped.having(limit=None) if asked else Address("")
    rooms = []
    for group in GROUPS if len(share.sections) > 1 else ():
        chosen = [one for one in group.reports if one.name in share.sections]
        if chosen:
            pages = [(gettext(one.title), address.at(shared_page(share, one.name))) for one in chosen]
            rooms.append(_room(group.title, pages))
    return rooms


def may_here(action: str, site: SiteInfo | None = None) -> bool:
    """Tell whether who asks may do something, to a site or at all."""
    return may(current_principal(), site.id if site else None, action)


def _room(title: str, pages: Sequence[tuple[str, Address]], *, inside: bool = False) -> Room:
    choices = [Choice(name, link, chosen=link.path == request.path) for name, link in pages]
    chosen = inside or any(choice.chosen for choice in choices)
    return Room(gettext(title), pages[0][1], chosen, choices if len(choices) > 1 else ())
