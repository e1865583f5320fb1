"""What a letter's reader can do without an account: agree to letters, and end them."""

from flask import Response, abort, make_response, render_template, request

from tracker.house import current_house
from tracker.models import Schedule
from tracker.schedules.book import confirm, find_recipient, leave


def confirm_address(token: str) -> Response:
    """Ask whether an address wants the letters it was put down for; POST says yes."""
    return _page(token, "confirm")


def unsubscribe(token: str) -> Response:
    """Ask whether to send no more; POST ends it at once, as mail programs do by themselves (RFC 8058)."""
    return _page(token, "unsubscribe")


def _page(token: str, what: str) -> Response:
    house = current_house()
    with house.database.session() as session:
        recipient = find_recipient(session, token)
        if recipient is None:
            abort(404)
        schedule = session.get_one(Schedule, recipient.schedule_id)
        site = house.sites.by_id(schedule.site_id) or abort(404)
        done = request.method == "POST"
        if done:
            confirm(recipient) if what == "confirm" else leave(session, recipient)
        page = render_template(
            "subscriber.html",
            what=what,
            done=done,
            site=site,
            schedule=schedule.name,
            left=recipient.left_at,
            asked=recipient.confirmed_at is None,
        )
    response = make_response(page)
    response.cache_control.no_store = True
    return response
