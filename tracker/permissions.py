"""The permission matrix: what each route does, for `tracker.access` to judge. A route without a row is refused."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Permission:
    """A route's row: its action, and the kind of door, which says how asking and refusing look.

    `page`: a person's browser, with cookie and form token. `api`: a key, or a signed-in
    browser. `machine`: beacons, health and the like, which nobody signs in for. `public`: pages
    for visitors of sites, who are nobody here; the handler says no more than it should. `letter`:
    what the readers of letters do by the token in a link of theirs, from wherever they are.
    """

    action: str
    door: Literal["page", "api", "machine", "public", "letter"]


_PAGES = {
    "dashboard.welcome": "come-in",
    "dashboard.sign_in": "come-in",
    "dashboard.sign_out": "come-in",
    "dashboard.home": "list-sites",
    "dashboard.site_list": "list-sites",
    "dashboard.new_site": "add-site",
    "dashboard.add_sample": "add-site",
    "dashboard.remove_sample": "delete-site",
    "dashboard.tag": "read-site",
    "dashboard.first_event": "read-site",
    "dashboard.overview": "read-site",
    "dashboard.report": "read-site",
    "dashboard.examples": "read-site",
    "dashboard.story": "read-site",
    "dashboard.signals": "read-site",
    "dashboard.signals_progress": "read-site",
    "dashboard.change_signals": "change-site",
    "dashboard.signals_again": "change-site",
    "dashboard.heatmap": "read-site",
    "dashboard.heatmap_png": "read-site",
    "dashboard.open_overlay": "read-site",  # what it shows is what the page beside it shows
    "dashboard.save_segment": "change-site",
    "dashboard.change_segment": "change-site",
    "dashboard.profiles": "read-site",
    "dashboard.find_profile": "read-site",  # by a form, so that a login stands in no address
    "dashboard.profile": "read-site",
    "dashboard.merge_profile": "change-site",
    "dashboard.take_back_edge": "change-site",
    "dashboard.put_back_edge": "change-site",
    "dashboard.conflicts": "read-site",
    "dashboard.decide_conflict": "change-site",
    "dashboard.export_json": "export-person",
    "dashboard.export_html": "export-person",
    "dashboard.erase_person": "erase-person",
    "dashboard.audit": "read-audit",
    "dashboard.settings": "change-site",
    "dashboard.change_privacy": "change-site",
    "dashboard.cnil": "change-site",
    "dashboard.allow_expiry": "change-site",
    "dashboard.schedules": "change-site",  # addresses stand there
    "dashboard.new_schedule": "change-site",
    "dashboard.schedule": "change-site",
    "dashboard.preview_schedule": "change-site",
    "dashboard.act_on_schedule": "change-site",
    "dashboard.make_key": "manage-keys",
    "dashboard.revoke_key": "manage-keys",
    "dashboard.delete_site": "delete-site",
    "dashboard.account": "change-account",
    "dashboard.end_sign_ins": "change-account",
}

_API = {
    "api.openapi": "come-in",
    "api.unknown": "come-in",
    "api.sites": "list-sites",
    "api.reports": "read-site",
    "api.report": "read-site",
    "api.heatmap": "read-site",
    "api.examples": "read-site",
    "api.story": "read-site",
    "api.signals": "read-site",
    "api.try_limits": "read-site",
    "api.change_signals": "change-site",
    "api.releases": "read-site",
    "api.mark_release": "change-site",
    "api.segments": "read-site",
    "api.save_segment": "change-site",
    "api.delete_segment": "change-site",
    "api.profiles": "read-site",
    "api.profile": "read-site",
    "api.timeline": "read-site",
    "api.find_profile": "read-site",
    "api.make_links": "change-site",  # who opens one is taken for its login
    "api.merge_profiles": "change-site",
    "api.edges": "read-site",
    "api.take_back_edge": "change-site",
    "api.put_back_edge": "change-site",
    "api.conflicts": "read-site",
    "api.decide_conflict": "change-site",
    "api.export_person": "export-person",
    "api.erase_person": "erase-person",
    "api.events": "read-site",
    "api.visits": "read-site",
}

_MACHINES = {
    "collect.beacon": "come-in",
    "collect.pixel": "come-in",
    "collect.snippet": "come-in",
    "collect.further": "come-in",
    "collect.mode": "come-in",
    "collect.snippet_versions": "come-in",
    "collect.snippet_version": "come-in",
    "dashboard.asset": "come-in",
    "overlay.session": "come-in",  # to a one-time token from its own site's pages; the handler looks
    "overlay.heatmap": "come-in",  # to the session that such a token was traded for; the handler looks
    "health.livez": "come-in",
    "health.readyz": "come-in",
    "health.metrics": "come-in",  # to this machine and to keys; the handler looks
}

_PUBLIC = {
    "dashboard.for_visitors": "come-in",
}

_LETTERS = {
    "dashboard.confirm": "come-in",
    "dashboard.unsubscribe": "come-in",
}

PERMISSIONS: dict[str, Permission] = {
    **{endpoint: Permission(action, "page") for endpoint, action in _PAGES.items()},
    **{endpoint: Permission(action, "api") for endpoint, action in _API.items()},
    **{endpoint: Permission(action, "machine") for endpoint, action in _MACHINES.items()},
    **{endpoint: Permission(action, "public") for endpoint, action in _PUBLIC.items()},
    **{endpoint: Permission(action, "letter") for endpoint, action in _LETTERS.items()},
}
