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
    `share`: what a share link leads to; the gate opens it by the token in the address, once its
    password was given, and whoever comes by it is nobody here, signed in or not.
    """

    action: str
    door: Literal["page", "api", "machine", "public", "letter", "share"]


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
    "dashboard.wordpress": "read-site",
    "dashboard.first_event": "read-site",
    "dashboard.overview": "read-site",
    "dashboard.live": "read-site",
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
    "dashboard.flow": "read-site",
    "dashboard.visits": "read-site",
    "dashboard.save_segment": "change-site",
    "dashboard.change_segment": "change-site",
    "dashboard.values": "read-site",
    "dashboard.annotate": "change-site",
    "dashboard.imports": "change-site",
    "dashboard.imports_progress": "change-site",
    "dashboard.upload_export": "change-site",
    "dashboard.stop_import": "change-site",
    "dashboard.remove_import": "change-site",
    "dashboard.remove_annotation": "change-site",
    "dashboard.goals": "change-site",
    "dashboard.change_goals": "change-site",
    "dashboard.funnel": "change-site",
    "dashboard.change_funnel": "change-site",
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
    "dashboard.shares": "change-site",
    "dashboard.make_share": "change-site",
    "dashboard.act_on_share": "change-site",
    "dashboard.other_trackers": "change-site",
    "dashboard.change_other_trackers": "change-site",
    "dashboard.webhooks": "change-site",  # addresses stand there
    "dashboard.make_webhook": "change-site",
    "dashboard.webhook": "change-site",
    "dashboard.act_on_webhook": "change-site",
    "dashboard.members": "manage-members",
    "dashboard.invite_member": "manage-members",
    "dashboard.change_member": "manage-members",
    "dashboard.invited": "come-in",
    "dashboard.alerts": "change-site",  # addresses stand there
    "dashboard.watch_site": "change-site",
    "dashboard.new_watch": "change-site",
    "dashboard.watch": "change-site",
    "dashboard.act_on_watch": "change-site",
    "dashboard.make_key": "manage-keys",
    "dashboard.revoke_key": "manage-keys",
    "dashboard.delete_site": "delete-site",
    "dashboard.account": "change-account",
    "dashboard.end_sign_ins": "change-account",
    "dashboard.choose_language": "change-account",
}

_API = {
    "api.openapi": "come-in",
    "api.unknown": "come-in",
    "api.problem_kinds": "come-in",
    "api.problem_kind": "come-in",
    "api.sites": "list-sites",
    "api.query": "list-sites",  # whose site it is stands in the question; the handler asks who may read it
    "api.query_as": "list-sites",
    "api.query_schema": "list-sites",
    "api.reports": "read-site",
    "api.report": "read-site",
    "api.report_csv": "read-site",
    "api.report_pdf": "read-site",
    "api.live": "read-site",
    "api.heatmap": "read-site",
    "api.flow": "read-site",
    "api.examples": "read-site",
    "api.story": "read-site",
    "api.signals": "read-site",
    "api.try_limits": "read-site",
    "api.change_signals": "change-site",
    "api.releases": "read-site",
    "api.mark_release": "change-site",
    "api.check": "read-site",
    "api.alerts": "read-site",
    "api.segments": "read-site",
    "api.save_segment": "change-site",
    "api.delete_segment": "change-site",
    "api.goals": "read-site",
    "api.save_goal": "change-site",
    "api.delete_goal": "change-site",
    "api.trackers": "read-site",
    "api.add_tracker": "change-site",
    "api.remove_tracker": "change-site",
    "api.webhooks": "change-site",  # addresses stand there
    "api.make_webhook": "change-site",
    "api.change_webhook": "change-site",
    "api.delete_webhook": "change-site",
    "api.rotate_webhook": "change-site",
    "api.test_webhook": "change-site",
    "api.webhook_deliveries": "change-site",
    "api.send_webhook_again": "change-site",
    "api.funnels": "read-site",
    "api.save_funnel": "change-site",
    "api.delete_funnel": "change-site",
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
    "api.events_as": "read-site",
    "api.visits_as": "read-site",
    "api.profiles_as": "read-site",
    "api.days": "read-site",
    "api.day": "read-site",
    "ingest.events": "send-events",
}

_MACHINES = {
    "collect.beacon": "come-in",
    "collect.pixel": "come-in",
    "collect.plausible": "come-in",
    "collect.umami": "come-in",
    "collect.matomo": "come-in",
    "collect.goatcounter": "come-in",
    "collect.posthog": "come-in",
    "collect.snowplow": "come-in",
    "collect.ga4": "come-in",
    "posthog.settings": "come-in",
    "posthog.settings_script": "come-in",
    "posthog.flags": "come-in",
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
    "dashboard.mute": "come-in",
}

_SHARES = {
    "dashboard.shared_home": "come-in",
    "dashboard.shared_report": "come-in",
    "dashboard.unlock_share": "come-in",
}

TAKES_FILES = frozenset({"dashboard.upload_export"})
"""Routes whose forms bring files; all other forms are short."""

PERMISSIONS: dict[str, Permission] = {
    **{endpoint: Permission(action, "page") for endpoint, action in _PAGES.items()},
    **{endpoint: Permission(action, "api") for endpoint, action in _API.items()},
    **{endpoint: Permission(action, "machine") for endpoint, action in _MACHINES.items()},
    **{endpoint: Permission(action, "public") for endpoint, action in _PUBLIC.items()},
    **{endpoint: Permission(action, "letter") for endpoint, action in _LETTERS.items()},
    **{endpoint: Permission(action, "share") for endpoint, action in _SHARES.items()},
}
