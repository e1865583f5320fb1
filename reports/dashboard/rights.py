"""A person's rights as pages: everything that is kept of somebody to take away, their erasure, and the audit."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from reports.dashboard import profile_telling
from reports.dashboard.audit_telling import tell_audit
from reports.person import write_page
from reports.profiles.ids import read_id, short
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import gettext, pgettext, spoken_language
from tracker.rights.export import Held, export_person, write_json
from tracker.rights.person import Person, count_events, find_person, is_known

Answer = str | AnyResponse | tuple[str, int]
ENTRIES = 500


def export_json(site_key: str, profile_id: str) -> Response:
    """Give everything that is kept of a person, for programs."""
    return _file(write_json(_held(profile_id)), "application/json", profile_id, "json")


def export_html(site_key: str, profile_id: str) -> Response:
    """Give everything that is kept of a person, to read."""
    return _file(write_page(_held(profile_id), spoken_language()), "text/html", profile_id, "html")


def erase(site_key: str, profile_id: str) -> Answer:
    """Say what erasing a person takes; POST does it, when the word was typed."""
    site, house = current_site(), current_house()
    one, problem = _number(profile_id), None
    person, events = _known(one)
    word = pgettext("word to type", "erase")
    if request.method == "POST":
        try:
            if request.form.get("confirm", "").strip().casefold() != word.casefold():
                raise InvalidInputError("confirm", gettext("type the word %(word)s; nothing was erased", word=word))
            if request.form.get("seen") != person.digest:
                raise InvalidInputError("confirm", gettext("the profile has changed meanwhile; look at it once more"))
            begun = house.erasing.begin(site, one, current_principal().name, again=True)
            house.erasing.ask()
            flash(
                gettext(
                    "Erased. In the audit it stands under %(reference)s, which tells when the last byte is gone.",
                    reference=begun.reference,
                )
            )
            return redirect(url_for("dashboard.profiles", site_key=site_key))
        except InvalidInputError as error:
            problem = error
    page = render_template(
        "erase_person.html",
        site=site,
        asked=None,
        profile_id=str(one),
        short=short(one),
        person=person,
        events=events,
        word=word,
        problem=problem,
    )
    return page, 400 if problem else 200


def audit(site_key: str) -> str:
    """Show who did what to whose data, and when."""
    site = current_site()
    with current_house().database.session() as session:
        told, more = tell_audit(session, site, ENTRIES)
    return render_template(
        "audit.html", site=site, asked=None, entries=told, more=more, telling=profile_telling, most=ENTRIES
    )


def _held(profile_id: str) -> Held:
    house = current_house()
    try:
        held = export_person(house.database, house.store, current_site(), _number(profile_id), current_principal().name)
    except InvalidInputError:
        held = None
    return held or abort(404)


def _known(one: int) -> tuple[Person, int]:
    """Return whom a profile is of, and how many events are theirs; 404 when nothing is kept of it."""
    house, now = current_house(), utc_now()
    try:
        with house.database.session() as session:
            person = find_person(session, current_site().id, one)
            known = is_known(session, house.store, person, now)
    except InvalidInputError:
        abort(404)
    return (person, count_events(house.store, person, now)) if known else abort(404)


def _number(profile_id: str) -> int:
    found = read_id(profile_id)
    return abort(404) if found is None else found


def _file(pieces: object, media: str, profile_id: str, end: str) -> Response:
    response = Response(pieces, mimetype=media)  # type: ignore[arg-type]
    name = f"{current_site().key}-person-{profile_id}.{end}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
