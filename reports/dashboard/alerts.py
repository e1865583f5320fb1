"""Alerts as pages: what is watched, what happened, what would have been told."""

from dataclasses import replace
from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from reports.alerts import BY_NAME, KINDS, drop
from reports.alerts.departing import learning_until
from reports.alerts.trying import DAYS, Tried, try_out
from reports.alerts.watching import looking_of, round_of
from reports.dashboard import alert_telling
from reports.dashboard.meanwhile import check_unchanged, mark_of
from reports.dashboard.schedule_telling import full_hour, on_the_list
from reports.wording import words
from tracker.alerts import book
from tracker.alerts.mutes import unmute
from tracker.alerts.rules import BY_NAME as SENSITIVITIES
from tracker.checking import id_of, whole_number
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import LANGUAGES, dates, gettext, spoken_language
from tracker.languages.lists import listed, separated
from tracker.models import Watch
from tracker.outgoing.posting import is_webhook, shown_secret
from tracker.schedules.recipients import split_addresses
from tracker.store.base import QueryTimeoutError

Answer = str | Response | tuple[str, int]


def alerts(site_key: str) -> str:
    """List a site's watches, what is muted, and what happened."""
    site, house = current_site(), current_house()
    with house.database.session() as session:
        watches = book.watches_of(session, site.id)
        told = alert_telling.tell_watches(session, watches)
        mutes = alert_telling.tell_mutes(session, site, watches, utc_now())
        history = alert_telling.tell_history(session, site)
    return render_template(
        "alerts.html",
        site=site,
        asked=None,
        told=told,
        mutes=mutes,
        history=history,
        most_shown=alert_telling.MOST_SHOWN,
        kinds=KINDS,
        learning=_learning(watches[0]) if watches else None,
        mail=bool(house.settings.mail_url),
    )


def watch_site(site_key: str) -> Response:
    """Make the usual watch, which tells whoever asks for it."""
    whom, language = [current_principal().name], spoken_language().tag
    wanted = book.Wanted(gettext(book.USUAL_NAME), [one.name for one in KINDS], whom, language=language)
    try:
        with current_house().database.session() as session:
            book.create_watch(session, current_site().id, wanted, _choices(), current_principal().name)
        flash(gettext("This site is watched. You are told by mail when something is out of the usual."))
    except InvalidInputError as error:
        flash(gettext("Nothing was changed: %(problem)s.", problem=error.problem))
    return redirect(url_for("dashboard.alerts", site_key=site_key))


def new(site_key: str) -> Answer:
    """Make a watch of one's own."""
    problem = None
    if request.method == "POST":
        try:
            wanted = _wanted()
            with current_house().database.session() as session:
                made = book.create_watch(session, current_site().id, wanted, _choices(), current_principal().name)
                number = made.id
            flash(gettext("Saved. Below you see what it would have told in the last weeks."))
            return redirect(url_for("dashboard.watch", site_key=site_key, number=number, tried=1))
        except InvalidInputError as error:
            problem = error
    form = request.form if problem else MultiDict(_suggested())
    chosen = request.form.getlist("kinds") if problem else [one.name for one in KINDS]
    page = render_template("watch.html", **_form(problem), watch=None, form=form, chosen=chosen)
    return page, 400 if problem else 200


def watch(site_key: str, number: int) -> Answer:
    """Show a watch with its list, and on demand what it would have told; POST changes it."""
    house, problem, tried = current_house(), None, None
    if request.method == "POST":
        try:
            wanted = _wanted()
            with house.database.session() as session:
                found = _find(session, number)
                check_unchanged(request.form, alert_telling.as_form(session, found), found.kinds)
                book.change_watch(session, found, wanted, _choices())
            flash(gettext("Saved."))
            return redirect(url_for("dashboard.watch", site_key=site_key, number=number))
        except InvalidInputError as error:
            problem = error
    with house.database.session() as session:
        found = _find(session, number)
        shown = alert_telling.as_form(session, found)
        recipients = on_the_list(session, found)
    trial, trial_problem = request.args if request.args.get("tried") else None, None
    if trial is not None and problem is None:
        try:
            tried = _tried(found)
        except InvalidInputError as error:
            trial_problem = error
    page = render_template(
        "watch.html",
        **_form(problem),
        watch=found,
        form=request.form if problem else MultiDict(shown),
        mark=mark_of(shown, found.kinds),
        chosen=request.form.getlist("kinds") if request.method == "POST" else found.kinds,
        recipients=recipients,
        is_webhook=is_webhook,
        shown_secret=shown_secret,
        trial=trial,
        trial_problem=trial_problem,
        tried=tried,
        titles=alert_telling.titles,
        moment=words.moment,
    )
    return page, 400 if problem or trial_problem else 200


def act(site_key: str, number: int) -> Response:
    """Pause a watch, go on with it, let somebody hear again of what they muted, or delete it."""
    form, do = request.form, request.form.get("do", "")
    back = url_for("dashboard.watch", site_key=site_key, number=number)
    with current_house().database.session() as session:
        found = _find(session, number)
        if do in ("pause", "resume"):
            found.paused = do == "pause"
            flash(gettext("Paused: nothing is looked at.") if found.paused else gettext("It goes on."))
        elif do == "unmute":
            unmute(session, found, id_of(form.get("recipient", "")), form["kind"])
            flash(gettext("They hear of it again."))
            back = url_for("dashboard.alerts", site_key=site_key)
        elif do == "delete":
            session.delete(found)
            flash(gettext("“%(name)s” is deleted.", name=found.name))
            back = url_for("dashboard.alerts", site_key=site_key)
        else:
            abort(400)
    return redirect(back)


def _learning(found: Watch) -> str | None:
    """Say from when on a drop or spike can be told; None where it can now, or nobody can say."""
    house, site = current_house(), current_site()
    [visits] = drop.departures(site)
    try:
        day = learning_until(visits, looking_of(house, found, site, round_of(house, utc_now())))
    except QueryTimeoutError:
        return None
    return dates.day(day) if day is not None else None


def _tried(found: Watch) -> Tried | None:
    """Try a watch out by the settings in the address; None when it took too long or too much memory."""
    house, site = current_house(), current_site()
    looking = looking_of(house, found, site, round_of(house, utc_now()))
    if given := request.args.get("sensitivity"):
        if given not in SENSITIVITIES:
            raise InvalidInputError("sensitivity", gettext("choose from: %(known)s", known=listed(SENSITIVITIES)))
        looking = replace(looking, sensitivity=SENSITIVITIES[given])
    if request.args.get("least"):
        looking = replace(looking, least=whole_number("least", request.args.get("least", "")))
    kinds = [one for one in KINDS if one.name in found.kinds]
    try:
        return try_out(kinds, replace(looking, over={}, going_on={}), timedelta(hours=found.cool_down_hours))
    except QueryTimeoutError:
        return None


def _find(session: Session, number: int) -> Watch:
    return book.find_watch(session, current_site().id, number) or abort(404)


def _choices() -> book.Choices:
    return book.Choices(list(BY_NAME), current_house().settings.hosts_of_ours)


def _wanted() -> book.Wanted:
    form = request.form
    return book.Wanted(
        name=form.get("name", ""),
        kinds=form.getlist("kinds"),
        recipients=split_addresses(form.get("recipients", "")),
        sensitivity=form.get("sensitivity", ""),
        least=whole_number("least", form.get("least", "")),
        cool_down_hours=whole_number("cool_down_hours", form.get("cool_down_hours", "")),
        quiet_from=_hour("quiet_from"),
        quiet_until=_hour("quiet_until"),
        days_off=separated(form.get("days_off", "")),
        language=form.get("language", spoken_language().tag),
    )


def _hour(field: str) -> int | None:
    text = request.form.get(field, "")
    return whole_number(field, text) if text else None


def _suggested() -> dict[str, str]:
    usual = book.Wanted(gettext(book.USUAL_NAME), (), ())
    return {
        "name": "",
        "recipients": current_principal().name,
        "sensitivity": usual.sensitivity,
        "least": str(usual.least),
        "cool_down_hours": str(usual.cool_down_hours),
        "quiet_from": "",
        "quiet_until": "",
        "language": spoken_language().tag,
    }


def _form(problem: InvalidInputError | None) -> dict[str, object]:
    return {
        "site": current_site(),
        "asked": None,
        "problem": problem,
        "kinds": KINDS,
        "sensitivities": [(name, gettext(title)) for name, title in alert_telling.SENSITIVITIES.items()],
        "hours": [("", gettext("never")), *((hour, full_hour(hour)) for hour in range(24))],
        "languages": LANGUAGES,
        "days": DAYS,
    }
