"""What a letter's reader can do without an account: agree to letters, and end them."""

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template, request

from reports.alerts import BY_NAME
from tracker.alerts import mutes
from tracker.clock import utc_now
from tracker.house import current_house
from tracker.languages import gettext, marked
from tracker.models import Watch
from tracker.schedules.recipients import confirm, find_recipient, leave, mailing_of


@dataclass(frozen=True)
class MuteWords:
    """What a page says of muting for so long: on its button, when it is done, and before and after in a sentence."""

    do: str
    done: str
    would: str
    now: str


_MUTE = {
    "day": MuteWords(
        marked("Mute for a day"),
        marked("Muted for a day"),
        marked("You would get nothing of it on %(site)s for a day."),
        marked("You get nothing of “%(kind)s” on %(site)s for a day."),
    ),
    "week": MuteWords(
        marked("Mute for 7 days"),
        marked("Muted for 7 days"),
        marked("You would get nothing of it on %(site)s for 7 days."),
        marked("You get nothing of “%(kind)s” on %(site)s for 7 days."),
    ),
    "good": MuteWords(
        marked("Mute for good"),
        marked("Muted for good"),
        marked("You would get nothing of it on %(site)s any more."),
        marked("You get nothing of “%(kind)s” on %(site)s any more."),
    ),
}
"""By the words of `tracker.alerts.mutes.FOR`."""


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
        mailing = mailing_of(session, recipient)
        site = house.sites.by_id(mailing.site_id) or abort(404)
        done = request.method == "POST"
        if done:
            confirm(recipient) if what == "confirm" else leave(session, recipient)
        page = render_template(
            "subscriber.html",
            what=what,
            done=done,
            site=site,
            schedule=mailing.name,
            is_watch=isinstance(mailing, Watch),
            left=recipient.left_at,
            asked=recipient.confirmed_at is None,
        )
    return _unkept(page)


def mute(token: str) -> Response:
    """Ask whether, and for how long, to tell a recipient nothing of a kind; POST does it."""
    house, asked = current_house(), request.values
    kind, how_long = BY_NAME.get(asked.get("kind", "")), asked.get("for", "")
    with house.database.session() as session:
        recipient = find_recipient(session, token)
        if recipient is None:
            abort(404)
        if kind is None or recipient.watch_id is None or how_long not in mutes.FOR:
            abort(400)
        watch = session.get_one(Watch, recipient.watch_id)
        site = house.sites.by_id(watch.site_id) or abort(404)
        done = request.method == "POST"
        if done:
            mutes.mute(session, recipient, kind.name, mutes.FOR[how_long][1], utc_now())
        told, title = _MUTE[how_long], gettext(kind.title)
        page = render_template(
            "mute.html",
            done=done,
            site=site,
            watch=watch.name,
            kind=kind.name,
            title=title,
            how_long=how_long,
            told=MuteWords(
                gettext(told.do),
                gettext(told.done),
                gettext(told.would, site=site.name),
                gettext(told.now, site=site.name, kind=title),
            ),
            others=[(name, gettext(one.do)) for name, one in _MUTE.items() if name != how_long],
        )
    return _unkept(page)


def _unkept(page: str) -> Response:
    response = make_response(page)
    response.cache_control.no_store = True
    return response
