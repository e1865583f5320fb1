"""A site's share links: who made them, what they show, when they were last used; made, renewed, revoked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from markupsafe import escape
from werkzeug.wrappers import Response

from reports import GROUPS, REPORTS
from reports.dashboard.developers import public_address
from reports.dashboard.filtering import with_filter
from reports.query.filters import parse_filters, texts_of
from reports.query.ranges import midnight
from reports.report import by_name
from reports.wording import words
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.languages import dates, gettext
from tracker.languages.lists import listed, separated
from tracker.models import ShareLink
from tracker.shares import Choices, WantedLink, create_link, find_link, links_of, renew_link, revoke_link
from tracker.sites import SiteInfo

Answer = str | Response | tuple[str, int]

_BY_NAME = by_name(REPORTS)


@dataclass(frozen=True)
class Line:
    """A link in the list, in words; `state` says why it leads nowhere, if so."""

    number: int
    name: str
    pages: str
    bound: str
    embeds: str
    password: bool
    until: str
    used: str
    made: str
    made_by: str
    state: str


def shares(site_key: str) -> str:
    """List a site's share links, with the form for a new one."""
    return _page()


def make(site_key: str) -> Answer:
    """Make a link and show its address, this once."""
    site, house = current_site(), current_house()
    try:
        wanted, choices = _wanted(site), Choices(_BY_NAME, [one.name for one in site.segments])
        with house.database.session() as session:
            made = create_link(session, site.id, wanted, choices, current_principal().name)
    except InvalidInputError as error:
        return _page(problem=error), 400
    link, token = made
    return _page(made=link, token=token)


def act(site_key: str, number: int) -> Answer:
    """Give a link another address, or end it."""
    do, who = request.form.get("do", ""), current_principal().name
    with current_house().database.session() as session:
        link = find_link(session, current_site().id, number) or abort(404)
        if do == "renew":
            token = renew_link(session, link, who)
        elif do == "revoke":
            revoke_link(session, link, who)
        else:
            abort(400)
    if do == "renew":
        return _page(made=link, token=token)
    flash(gettext("“%(name)s” is revoked; its address leads nowhere from now on.", name=link.name))
    return redirect(url_for("dashboard.shares", site_key=site_key))


def _page(problem: InvalidInputError | None = None, made: ShareLink | None = None, token: str | None = None) -> str:
    site, now = current_site(), utc_now()
    with current_house().database.session() as session:
        lines = [_told(site, link, now) for link in links_of(session, site.id)]
    address = public_address() + url_for("dashboard.shared_home", token=token) if token else ""
    title = escape(gettext("Visitors of %(site)s", site=site.name))
    return render_template(
        "shares.html",
        site=site,
        asked=None,
        lines=lines,
        groups=GROUPS,
        problem=problem,
        form=request.form if problem else {},
        chosen=request.form.getlist("sections") if problem else ["overview"],
        made=made,
        address=address,
        frame=f'<iframe src="{address}" title="{title}" width="100%" height="900" loading="lazy"></iframe>',
        today=site.day_of(now),
    )


def _wanted(site: SiteInfo) -> WantedLink:
    form = request.form
    return WantedLink(
        name=form.get("name", ""),
        sections=form.getlist("sections"),
        filters=_filters(form.get("filters", "")),
        segment=form.get("segment") or None,
        password=form.get("password", ""),
        expires_at=_end_of(form.get("expires", ""), site),
        hosts=separated(form.get("hosts", "")),
    )


def _filters(text: str) -> list[str]:
    """Read filters one a line, or those of a report's address."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and "?" in lines[0]:
        asked = with_filter(tuple(parse_qsl(urlsplit(lines[0]).query, keep_blank_values=True)))
        if any(name == "segment" for name, _ in asked):
            raise InvalidInputError("filters", gettext("this address has a segment; choose it by its name above"))
        lines = [value for name, value in asked if name == "filter"]
        if not lines:
            problem = gettext("this address has no filter; click any page, country or device first")
            raise InvalidInputError("filters", problem)
    try:
        return texts_of(parse_filters(lines))
    except InvalidInputError as error:
        raise InvalidInputError("filters", error.problem) from error


def _end_of(text: str, site: SiteInfo) -> datetime | None:
    """Return the end of a day at the site; None when none is given."""
    if not text:
        return None
    try:
        return midnight(date.fromisoformat(text) + timedelta(days=1), site.tzinfo)
    except (ValueError, OverflowError) as error:
        problem = gettext("%(given)s is no day such as 2026-01-31", given=repr(text[:20]))
        raise InvalidInputError("expires", problem) from error


def _told(site: SiteInfo, link: ShareLink, now: datetime) -> Line:
    pages = [gettext(_BY_NAME[name].title) for name in link.sections if name in _BY_NAME]
    bound = [gettext("segment “%(name)s”", name=link.segment)] if link.segment else []
    gone = link.segment is not None and link.segment not in {one.name for one in site.segments}
    over = link.expires_at is not None and link.expires_at <= now
    return Line(
        number=link.id,
        name=link.name,
        pages=listed(pages),
        bound=listed([*bound, *(words.criterion(one) for one in parse_filters(link.filters))]),
        embeds=listed(link.hosts),
        password=link.password_hash is not None,
        until=dates.moment(link.expires_at.astimezone(site.tzinfo)) if link.expires_at else "",
        used=words.ago(link.used_at) if link.used_at else gettext("never"),
        made=dates.full_day(link.created_at.astimezone(site.tzinfo)),
        made_by=link.created_by,
        state=gettext("over") if over else gettext("its segment is deleted") if gone else "",
    )
