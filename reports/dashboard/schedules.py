"""Schedules as pages: what is sent to whom and when, its preview, its history."""

import base64
from zoneinfo import available_timezones

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from reports import GROUPS, REPORTS
from reports.dashboard import schedule_telling
from reports.dashboard.meanwhile import check_unchanged, mark_of
from reports.mail.compose import draft
from reports.mail.draft import Draft
from reports.mail.papers import paper_of
from reports.mail.post import contents_of, foot_of
from reports.pdf.typeset import MISSING, TypesetError, can_typeset, typeset
from tracker.checking import whole_number
from tracker.clock import utc_now
from tracker.errors import InvalidInputError, UnreachableError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import LANGUAGES, counted, dates, gettext, language_of, speaking, spoken_language
from tracker.mail import Letter
from tracker.models import Schedule
from tracker.outgoing.posting import is_webhook, shown_secret
from tracker.schedules import book
from tracker.schedules.outbox import send_again
from tracker.schedules.recipients import split_addresses
from tracker.schedules.rhythm import EVERY, last_due
from tracker.sites import SiteInfo

Answer = str | AnyResponse | tuple[str, int]

# A letter brings its own styles and pictures, and may do nothing else.
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
_FIRST_SECTIONS = ("struggles", "pages", "bounce-paths")


def schedules(site_key: str) -> str:
    """List a site's schedules."""
    site, house = current_site(), current_house()
    with house.database.session() as session:
        told = schedule_telling.tell_all(session, site, utc_now())
    return render_template("schedules.html", site=site, asked=None, told=told, mail=bool(house.settings.mail_url))


def new(site_key: str) -> Answer:
    """Make a schedule."""
    site, house, problem = current_site(), current_house(), None
    if request.method == "POST":
        try:
            wanted = _wanted()
            with house.database.session() as session:
                made = book.create_schedule(session, site.id, wanted, _choices(), current_principal().name)
                number = made.id
            flash(gettext("Saved. Look at the preview to see what will be sent."))
            return redirect(url_for("dashboard.schedule", site_key=site_key, number=number))
        except InvalidInputError as error:
            problem = error
    page = render_template(
        "schedule.html",
        **_form(problem),
        schedule=None,
        segments=_segments(None),
        form=request.form if problem else _suggested(),
        chosen=request.form.getlist("sections") if problem else _FIRST_SECTIONS,
        attached=request.form.getlist("attached"),
    )
    return page, 400 if problem else 200


def schedule(site_key: str, number: int) -> Answer:
    """Show a schedule with its recipients and its history; POST changes it."""
    house, problem = current_house(), None
    if request.method == "POST":
        try:
            wanted = _wanted()
            with house.database.session() as session:
                found = _find(session, number)
                check_unchanged(request.form, *_shown(session, found))
                book.change_schedule(session, found, wanted, _choices())
            flash(gettext("Saved."))
            return redirect(url_for("dashboard.schedule", site_key=site_key, number=number))
        except InvalidInputError as error:
            problem = error
    with house.database.session() as session:
        found = _find(session, number)
        page = render_template(
            "schedule.html",
            **_form(problem),
            schedule=found,
            mark=mark_of(*_shown(session, found)),
            segments=_segments(found.segment),
            told=schedule_telling.tell(session, found, current_site(), utc_now()),
            history=schedule_telling.history(session, found),
            recipients=schedule_telling.on_the_list(session, found),
            is_webhook=is_webhook,
            shown_secret=shown_secret,
            form=request.form if problem else schedule_telling.as_form(session, found),
            chosen=request.form.getlist("sections") if problem else found.sections,
            attached=request.form.getlist("attached") if problem else found.attached,
        )
    return page, 400 if problem else 200


def preview(site_key: str, number: int) -> Response:
    """Show the letter of the last period as it would be sent, in its readers' language, or as text."""
    with current_house().database.session() as session:
        found = _find(session, number)
    site, house, language = current_site(), current_house(), language_of(found.language)
    due = last_due(book.rhythm_of(found, site.tzinfo), utc_now())
    try:
        written = draft(house.store, site, house.settings.address, contents_of(found), due, language)
    except InvalidInputError as error:
        return Response(f"{error}\n", 400, mimetype="text/plain")
    except UnreachableError as error:
        return Response(f"{gettext(str(error))}\n", 503, mimetype="text/plain")
    with speaking(language):
        return _preview(site, found, written)


def _preview(site: SiteInfo, found: Schedule, written: Draft) -> Response:
    house = current_house()
    letter = written.letter(foot_of(house.settings.address, site, found))
    if request.args.get("as") == "text":
        return Response(_as_text(letter), mimetype="text/plain")
    if request.args.get("as") == "pdf":
        return _as_pdf(written)
    response = Response(_with_pictures(letter), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response


def _as_text(letter: Letter) -> str:
    return gettext("Subject: %(subject)s", subject=letter.subject) + f"\n\n{letter.text}"


def _as_pdf(written: Draft) -> Response:
    try:
        response = Response(typeset(paper_of(written)), mimetype="application/pdf")
    except TypesetError as error:
        return Response(f"{error}\n", 503, mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=f"{written.site.key}-preview.pdf")
    return response


def act(site_key: str, number: int) -> AnyResponse:
    """Pause a schedule, go on with it, send it now, or delete it."""
    house, do = current_house(), request.form.get("do", "")
    back = url_for("dashboard.schedule", site_key=site_key, number=number)
    with house.database.session() as session:
        found = _find(session, number)
        if do == "pause":
            book.pause(found)
            flash(gettext("Paused: nothing is sent until you go on with it."))
        elif do == "resume":
            book.resume(found)
            flash(gettext("It goes on; the next report is sent when it is due."))
        elif do == "delete":
            session.delete(found)
            flash(gettext("“%(name)s” is deleted.", name=found.name))
            back = url_for("dashboard.schedules", site_key=site_key)
        elif do in ("send", "send-to-me"):
            flash(_send(session, found, to_me=do == "send-to-me"))
        else:
            abort(400)
    return redirect(back)


def _send(session: Session, found: Schedule, *, to_me: bool) -> str:
    if not current_house().settings.mail_url:
        return gettext("Nothing was sent: this server knows no mail server yet (FOOTFALL_MAIL_URL).")
    due = last_due(book.rhythm_of(found, current_site().tzinfo), utc_now())
    to = current_principal().name if to_me else None
    going = send_again(session, found, due, to)
    if going is None:
        return gettext("That one is on its way already; the history below tells when it is there.")
    if not going:
        return gettext("Nothing was sent: nobody on the list has confirmed yet, or all have left.")
    if to:
        return gettext("On its way to %(address)s; the history below tells when it is there.", address=to)
    return counted(
        "On its way to %(n)s address; the history below tells when it is there.",
        "On its way to %(n)s addresses; the history below tells when it is there.",
        going,
    )


def _find(session: Session, number: int) -> Schedule:
    return book.find_schedule(session, current_site().id, number) or abort(404)


def _shown(session: Session, schedule: Schedule) -> tuple[object, ...]:
    return schedule_telling.as_form(session, schedule), schedule.sections, schedule.attached


def _choices() -> book.Choices:
    site, settings = current_site(), current_house().settings
    return book.Choices([one.name for one in REPORTS], [one.name for one in site.segments], settings.hosts_of_ours)


def _wanted() -> book.Wanted:
    form = request.form
    return book.Wanted(
        name=form.get("name", ""),
        every=form.get("every", ""),
        weekday=whole_number("weekday", form.get("weekday", "")) if form.get("every") == "week" else None,
        hour=whole_number("hour", form.get("hour", "")),
        zone=form.get("zone", ""),
        sections=form.getlist("sections"),
        recipients=split_addresses(form.get("recipients", "")),
        attached=form.getlist("attached"),
        segment=form.get("segment") or None,
        compare=form.get("compare", "previous"),
        language=form.get("language", spoken_language().tag),
    )


def _suggested() -> dict[str, str]:
    site = current_site()
    return {
        "name": gettext("Weekly report"),
        "every": "week",
        "weekday": "0",
        "hour": "9",
        "zone": site.zone,
        "compare": "previous",
        "recipients": current_principal().name,
        "language": spoken_language().tag,
    }


def _form(problem: InvalidInputError | None) -> dict[str, object]:
    return {
        "site": current_site(),
        "asked": None,
        "problem": problem,
        "groups": GROUPS,
        "every": [(one, gettext(schedule_telling.EVERY[one])) for one in EVERY],
        "weekdays": [(number, dates.weekday_name(number)) for number in range(7)],
        "compared": [(one, gettext(schedule_telling.COMPARED[one])) for one in book.COMPARED],
        "hours": [(hour, schedule_telling.full_hour(hour)) for hour in range(24)],
        "languages": LANGUAGES,
        "zones": sorted(available_timezones()),
        "mail": bool(current_house().settings.mail_url),
        "pdf": can_typeset(),
        "no_pdf": gettext(MISSING),
    }


def _segments(chosen: str | None) -> list[tuple[str, str]]:
    """Return what may be chosen, and what is chosen though it is there no more: nobody else is to get in instead."""
    found = [("", gettext("all visitors")), *((one.name, one.name) for one in current_site().segments)]
    if chosen and (chosen, chosen) not in found:
        found.append((chosen, gettext("%(name)s (deleted)", name=chosen)))
    return found


def _with_pictures(letter: Letter) -> str:
    """Put the pictures into the page, where a mail program takes them from the letter's parts."""
    html = letter.html
    for one in letter.pictures:
        html = html.replace(f"cid:{one.cid}", f"data:{one.kind};base64,{base64.b64encode(one.content).decode()}")
    return html
