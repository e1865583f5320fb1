"""The pages: what an owner sees, from the first run to the finding.

Every page works without scripts and holds all of its state in its address.
"""

from flask import Blueprint

from reports.dashboard import (
    account,
    answers,
    assets,
    doors,
    errors,
    heatmaps,
    privacy,
    profile_changes,
    profiles,
    rights,
    schedules,
    segments,
    settings,
    shell,
    signals,
    site_list,
    stories,
    subscribers,
    tag,
)
from tracker.throttle import SignInThrottle

# address, endpoint, handler, methods; who may come in stands in tracker.permissions.
ROUTES = (
    ("/", "home", site_list.home, ("GET",)),
    ("/welcome/<token>", "welcome", doors.welcome, ("GET", "POST")),
    ("/sign-in", "sign_in", doors.sign_in, ("GET", "POST")),
    ("/sign-out", "sign_out", doors.sign_out, ("POST",)),
    ("/account", "account", account.account, ("GET", "POST")),
    ("/account/sign-ins", "end_sign_ins", account.end_sign_ins, ("POST",)),
    ("/sites", "site_list", site_list.site_list, ("GET",)),
    ("/sites/new", "new_site", site_list.new_site, ("GET", "POST")),
    ("/sites/sample", "add_sample", site_list.add_sample, ("POST",)),
    ("/sites/<site_key>/sample/remove", "remove_sample", site_list.remove_sample, ("POST",)),
    ("/sites/<site_key>/", "overview", answers.overview, ("GET",)),
    ("/sites/<site_key>/reports/<name>", "report", answers.report, ("GET",)),
    ("/sites/<site_key>/examples", "examples", stories.examples, ("GET",)),
    ("/sites/<site_key>/stories/<event_id>", "story", stories.story, ("GET",)),
    ("/sites/<site_key>/heatmap", "heatmap", heatmaps.heatmap, ("GET",)),
    ("/sites/<site_key>/heatmap.png", "heatmap_png", heatmaps.heatmap_png, ("GET",)),
    ("/sites/<site_key>/heatmap/open", "open_overlay", heatmaps.open_overlay, ("POST",)),
    ("/sites/<site_key>/profiles", "profiles", profiles.profiles, ("GET",)),
    ("/sites/<site_key>/profiles/find", "find_profile", profiles.find, ("POST",)),
    ("/sites/<site_key>/profiles/conflicts", "conflicts", profiles.conflicts, ("GET",)),
    ("/sites/<site_key>/profiles/conflicts/<conflict_id>", "decide_conflict", profile_changes.decide, ("POST",)),
    ("/sites/<site_key>/profiles/<profile_id>", "profile", profiles.profile, ("GET",)),
    ("/sites/<site_key>/profiles/<profile_id>/merge", "merge_profile", profile_changes.merge, ("POST",)),
    ("/sites/<site_key>/profiles/<profile_id>/export.json", "export_json", rights.export_json, ("GET",)),
    ("/sites/<site_key>/profiles/<profile_id>/export.html", "export_html", rights.export_html, ("GET",)),
    ("/sites/<site_key>/profiles/<profile_id>/erase", "erase_person", rights.erase, ("GET", "POST")),
    ("/sites/<site_key>/audit", "audit", rights.audit, ("GET",)),
    ("/sites/<site_key>/edges/<edge_id>/take-back", "take_back_edge", profile_changes.take_back, ("POST",)),
    ("/sites/<site_key>/edges/<edge_id>/put-back", "put_back_edge", profile_changes.put_back, ("POST",)),
    ("/sites/<site_key>/tag", "tag", tag.tag, ("GET",)),
    ("/sites/<site_key>/first-event", "first_event", tag.first_event, ("GET",)),
    ("/sites/<site_key>/signals", "signals", signals.signals, ("GET",)),
    ("/sites/<site_key>/signals", "change_signals", signals.change_signals, ("POST",)),
    ("/sites/<site_key>/signals/progress", "signals_progress", signals.signals_progress, ("GET",)),
    ("/sites/<site_key>/signals/<int:number>/again", "signals_again", signals.signals_again, ("POST",)),
    ("/sites/<site_key>/segments", "save_segment", segments.save, ("POST",)),
    ("/sites/<site_key>/segments/change", "change_segment", segments.change, ("POST",)),
    ("/sites/<site_key>/schedules", "schedules", schedules.schedules, ("GET",)),
    ("/sites/<site_key>/schedules/new", "new_schedule", schedules.new, ("GET", "POST")),
    ("/sites/<site_key>/schedules/<int:number>", "schedule", schedules.schedule, ("GET", "POST")),
    ("/sites/<site_key>/schedules/<int:number>/preview", "preview_schedule", schedules.preview, ("GET",)),
    ("/sites/<site_key>/schedules/<int:number>/act", "act_on_schedule", schedules.act, ("POST",)),
    ("/confirm/<token>", "confirm", subscribers.confirm_address, ("GET", "POST")),
    ("/unsubscribe/<token>", "unsubscribe", subscribers.unsubscribe, ("GET", "POST")),
    ("/sites/<site_key>/settings", "settings", settings.settings, ("GET", "POST")),
    ("/sites/<site_key>/privacy", "change_privacy", privacy.change, ("POST",)),
    ("/sites/<site_key>/privacy/cnil", "cnil", privacy.set_cnil, ("POST",)),
    ("/sites/<site_key>/privacy/allow", "allow_expiry", privacy.allow_expiry, ("POST",)),
    ("/privacy/<site_key>", "for_visitors", privacy.for_visitors, ("GET",)),
    ("/sites/<site_key>/keys", "make_key", settings.make_key, ("POST",)),
    ("/sites/<site_key>/keys/<int:key_id>/revoke", "revoke_key", settings.revoke, ("POST",)),
    ("/sites/<site_key>/delete", "delete_site", settings.delete, ("POST",)),
    ("/assets/<path:name>", "asset", assets.asset, ("GET",)),
)

blueprint = Blueprint("dashboard", __name__, template_folder="templates")
for address, endpoint, handler, methods in ROUTES:
    blueprint.add_url_rule(address, endpoint, handler, methods=methods)

blueprint.record_once(lambda state: state.app.extensions.setdefault("footfall-throttle", SignInThrottle()))
blueprint.app_context_processor(shell.helpers)
errors.register(blueprint)
