"""What a person changes about profiles: merge two, take an edge back, put it back, decide a conflict."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from reports.dashboard.profiles import Answer, address_of, conflicts_page, profile_page
from reports.profiles.deciding import change, has_edge, logins_in
from reports.profiles.finding import by_link
from reports.profiles.ids import read_id
from reports.profiles.known import now_part_of
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.identity import hand
from tracker.languages import gettext


def merge(site_key: str, profile_id: str) -> Answer:
    """Put this profile together with another."""
    site, who, form = current_site(), current_principal().name, request.form
    one = _profile(profile_id)
    try:
        with current_house().database.session() as session:
            other = by_link(session, site, form.get("with", ""))
        reason = form.get("merge_reason", "")
        change(current_house(), lambda session: hand.merge(session, site.id, one, other, who=who, reason=reason).id)
    except InvalidInputError as error:
        field = {"profile": "with", "reason": "merge_reason"}.get(error.field, error.field)
        return profile_page(one, InvalidInputError(field, error.problem), form.to_dict()), 400
    flash(gettext("The two are one profile now. Taking the tie back undoes it."))
    return _back(site_key, one)


def take_back(site_key: str, edge_id: str) -> Answer:
    """Take an edge back, and say why."""
    site, who = current_site(), current_principal().name
    edge, one = _edge(edge_id), _profile(request.form.get("profile", ""))
    reason = request.form.get("reason", "")
    try:
        if not reason.strip():
            raise InvalidInputError("reason", gettext("say why, for whoever looks at this later"))
        change(current_house(), lambda session: hand.take_back(session, site.id, edge, who=who, reason=reason).id)
    except InvalidInputError as error:
        return _wrong(one, edge, error)
    flash(gettext("Taken back. It stays below, crossed out, and can be put back."))
    return _back(site_key, one)


def put_back(site_key: str, edge_id: str) -> Answer:
    """Let an edge that was taken back count again."""
    site, who = current_site(), current_principal().name
    edge, one = _edge(edge_id), _profile(request.form.get("profile", ""))
    try:
        change(current_house(), lambda session: hand.put_back(session, site.id, edge, who=who).id)
    except InvalidInputError as error:
        return _wrong(one, edge, error)
    flash(gettext("It counts again."))
    return _back(site_key, one)


def decide(site_key: str, conflict_id: str) -> Answer:
    """Decide whether the two logins of a conflict are one person or two."""
    site, who, form = current_site(), current_principal().name, request.form
    number = read_id(conflict_id)
    with current_house().database.session() as session:
        if number is None or logins_in(session, site, number) is None:
            abort(404)
    decision, reason = form.get("decision", ""), form.get("reason", "")
    try:
        change(
            current_house(),
            lambda session: hand.decide(session, site.id, number, decision, who=who, reason=reason),
        )
    except InvalidInputError as error:
        return conflicts_page(error, number), 400
    flash(gettext("They are one person now.") if decision == "one" else gettext("They stay two people."))
    return redirect(url_for("dashboard.conflicts", site_key=site_key))


def _wrong(one: int, edge: int, error: InvalidInputError) -> Answer:
    return profile_page(one, InvalidInputError(f"reason-{edge}", error.problem), request.form.to_dict()), 400


def _profile(text: str) -> int:
    """Return the profile that an id leads to; 404 when it is none."""
    one = read_id(text)
    if one is None:
        abort(404)
    with current_house().database.session() as session:
        return now_part_of(session, current_site().id, one)


def _edge(text: str) -> int:
    edge = read_id(text)
    with current_house().database.session() as session:
        if edge is None or not has_edge(session, current_site(), edge):
            abort(404)
    return edge


def _back(site_key: str, one: int) -> Response:
    """Lead to the profile as it is now, to its ties."""
    with current_house().database.session() as session:
        now = now_part_of(session, current_site().id, one)
    return redirect(f"{address_of(site_key, now)}#ties")
