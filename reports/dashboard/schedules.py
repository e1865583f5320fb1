"""Schedules as pages: what is sent to whom and when, its preview, its history."""

import base64
from zoneinfo import available_timezones

from flask import Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from reports import GROUPS, REPORTS
from reports.dashboard import schedule_telling
from reports.mail.compose import draft
from reports.mail.post import contents_of, foot_of
from tracker.clock import utc_now
from tracker.errors import InvalidInputError, UnreachableError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.mail import Letter
from tracker.models import Schedule
from tracker.schedules import book
from tracker.schedules.outbox import send_again
from tracker.schedules.rhythm import EVERY, last_due
from tracker.webhooks import is_hook, shown_secret

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
            flash("Saved. Look at the preview to see what will be sent.")
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
                book.change_schedule(session, _find(session, number), wanted, _choices())
            flash("Saved.")
            return redirect(url_for("dashboard.schedule", site_key=site_key, number=number))
        except InvalidInputError as error:
            problem = error
    with house.database.session() as session:
        found = _find(session, number)
        page = render_template(
            "schedule.html",
            **_form(problem),
            schedule=found,
            segments=_segments(found.segment),
            told=schedule_telling.tell(session, found, current_site(), utc_now()),
            history=schedule_telling.history(session, found),
            recipients=schedule_telling.on_the_list(session, found),
            is_hook=is_hook,
            shown_secret=shown_secret,
            form=request.form if problem else schedule_telling.as_form(session, found),
            chosen=request.form.getlist("sections") if problem else found.sections,
            attached=request.form.getlist("attached") if problem else found.attached,
        )
    return page, 400 if problem else 200


def preview(site_key: str, number: int) -> Response:
    """Show the letter of the last period as it would be sent, or as text."""
    site, house = current_site(), current_house()
    with house.database.session() as session:
        found = _find(session, number)
    due = last_due(book.rhythm_of(found, site.tzinfo), utc_now())
    try:
        written = draft(house.store, site, house.settings.address, contents_of(found), due)
    except InvalidInputError as error:
        return Response(f"{error}\n", 400, mimetype="text/plain")
    except UnreachableError as error:
        return Response(f"{error}\n", 503, mimetype="text/plain")
    letter = written.letter(foot_of(house.settings.address, site, found))
    if request.args.get("as") == "text":
        return Response(f"Subject: {letter.subject}\n\n{letter.text}", mimetype="text/plain")
    response = Response(_with_pictures(letter), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _LETTER_POLICY
    return response


def act(site_key: str, number: int) -> AnyResponse:
    """Pause a schedule, go on with it, send it now, or delete it."""
    house, do = current_house(), request.form.get("do", "")
    back = url_for("dashboard.schedule", site_key=site_key, number=number)
    with house.database.session() as session:
        found = _find(session, number)
        if do == "pause":
            book.pause(found)
            flash("Paused: nothing is sent until you go on with it.")
        elif do == "resume":
            book.resume(found)
            flash("It goes on; the next report is sent when it is due.")
        elif do == "delete":
            session.delete(found)
            flash(f"“{found.name}” is deleted.")
            back = url_for("dashboard.schedules", site_key=site_key)
        elif do in ("send", "send-to-me"):
            flash(_send(session, found, to_me=do == "send-to-me"))
        else:
            abort(400)
    return redirect(back)


def _send(session: Session, found: Schedule, *, to_me: bool) -> str:
    if not current_house().settings.mail_url:
        return "Nothing was sent: this server knows no mail server yet (FOOTFALL_MAIL_URL)."
    due = last_due(book.rhythm_of(found, current_site().tzinfo), utc_now())
    to = current_principal().name if to_me else None
    going = send_again(session, found, due, to)
    if going is None:
        return "That one is on its way already; the history below tells when it is there."
    if not going:
        return "Nothing was sent: nobody on the list has confirmed yet, or all have left."
    whom = to or f"{going} address{'' if going == 1 else 'es'}"
    return f"On its way to {whom}; the history below tells when it is there."


def _find(session: Session, number: int) -> Schedule:
    return book.find_schedule(session, current_site().id, number) or abort(404)


def _choices() -> book.Choices:
    site, settings = current_site(), current_house().settings
    return book.Choices([one.name for one in REPORTS], [one.name for one in site.segments], settings.hosts_of_ours)


def _wanted() -> book.Wanted:
    form = request.form
    return book.Wanted(
        name=form.get("name", ""),
        every=form.get("every", ""),
        weekday=_number("weekday") if form.get("every") == "week" else None,
        hour=_number("hour"),
        zone=form.get("zone", ""),
        sections=form.getlist("sections"),
        recipients=book.split_addresses(form.get("recipients", "")),
        attached=form.getlist("attached"),
        segment=form.get("segment") or None,
        compare=form.get("compare", "previous"),
    )


def _number(field: str) -> int:
    text = request.form.get(field, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise InvalidInputError(field, "must be a whole number")
    return int(text)


def _suggested() -> dict[str, str]:
    site = current_site()
    return {
        "name": "Weekly report",
        "every": "week",
        "weekday": "0",
        "hour": "9",
        "zone": site.zone,
        "compare": "previous",
        "recipients": current_principal().name,
    }


def _form(problem: InvalidInputError | None) -> dict[str, object]:
    return {
        "site": current_site(),
        "asked": None,
        "problem": problem,
        "groups": GROUPS,
        "every": [(one, schedule_telling.EVERY[one]) for one in EVERY],
        "weekdays": list(enumerate(schedule_telling.WEEKDAYS)),
        "compared": [(one, schedule_telling.COMPARED[one]) for one in book.COMPARED],
        "hours": [(hour, f"{hour:02}:00") for hour in range(24)],
        "zones": sorted(available_timezones()),
        "mail": bool(current_house().settings.mail_url),
    }


def _segments(chosen: str | None) -> list[tuple[str, str]]:
    """Return what may be chosen, and what is chosen though it is there no more: nobody else is to get in instead."""
    found = [("", "all visitors"), *((one.name, one.name) for one in current_site().segments)]
    if chosen and (chosen, chosen) not in found:
        found.append((chosen, f"{chosen} (deleted)"))
    return found


def _with_pictures(letter: Letter) -> str:
    """Put the pictures into the page, where a mail program takes them from the letter's parts."""
    html = letter.html
    for one in letter.pictures:
        html = html.replace(f"cid:{one.cid}", f"data:{one.kind};base64,{base64.b64encode(one.content).decode()}")
    return html
