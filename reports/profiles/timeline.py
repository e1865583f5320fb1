"""A profile's time, the newest first: visits, sign-ins, and when edges came and were taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reports.profiles.came import visits_of
from reports.profiles.edges import edges_of
from reports.profiles.ids import short
from reports.profiles.known import identifiers_of
from reports.profiles.shapes import IdentifierShape, Moment, Timeline, VisitShape
from reports.profiles.visiting import OF_A_VISIT, visits_told
from reports.query.moments import local, stored
from reports.report import Ask
from tracker.errors import InvalidInputError
from tracker.identity.graph import rows_of
from tracker.languages import counted, gettext
from tracker.languages.letters import first_upper
from tracker.models import SignInSpan
from tracker.sites import SiteInfo
from tracker.store.schema import visit

VISITS_A_PAGE = 20
_COUNTED = ("counts", "taken back")


def find_timeline(
    session: Session,
    ask: Ask,
    site: SiteInfo,
    profile: int,
    before: datetime | None = None,
) -> Timeline:
    """Return the last visits of a profile before a time (None: up to now), with what else happened among them."""
    columns = [visit.c[name] for name in OF_A_VISIT]
    wanted = visits_of(session, site, profile, *columns)
    if before is not None:
        wanted = wanted.where(visit.c.started_at < stored(before))
    rows = ask(wanted.order_by(visit.c.started_at.desc(), visit.c.visit_id).limit(VISITS_A_PAGE + 1))
    cut, rows = len(rows) > VISITS_A_PAGE, rows[:VISITS_A_PAGE]
    since = local(rows[-1]["started_at"], site.tzinfo) if cut else None
    moments = [_visit_moment(one) for one in visits_told(ask, site, rows)]
    moments += [
        one
        for one in (*_sign_ins(session, site, profile), *_stitches(session, site, profile))
        if (since is None or one.at >= since) and (before is None or one.at < before)
    ]
    moments.sort(key=lambda one: one.at, reverse=True)
    return Timeline(moments=moments, before=since)


def read_before(text: str | None, site: SiteInfo) -> datetime | None:
    """Read the time before which a timeline is asked for; InvalidInputError when it is none."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=site.tzinfo)).astimezone(site.tzinfo)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("before", gettext("must be a time such as 2026-03-01T12:00:00Z")) from error


def _visit_moment(one: VisitShape) -> Moment:
    words = counted("Saw %(n)s page", "Saw %(n)s pages", one.views) if one.views else gettext("Visited")
    return Moment(at=one.started_at, kind="visit", words=words, visit=one)


def _sign_ins(session: Session, site: SiteInfo, profile: int) -> list[Moment]:
    """Return when the profile's logins were first seen on a device, after another or none."""
    names = identifiers_of(session, site, profile)
    logins = {int(one.id) for one in names if one.kind == "login"}
    wanted = select(SignInSpan.first_at, SignInSpan.device_id, SignInSpan.login_id).where(SignInSpan.site_id == site.id)
    return [
        Moment(
            at=at.astimezone(site.tzinfo),
            kind="sign-in",
            words=gettext(
                "Login %(login)s signed in on browser id %(browser)s", login=short(login), browser=short(device)
            ),
        )
        for at, device, login in rows_of(session, wanted, SignInSpan.login_id.in_, logins)
    ]


def _stitches(session: Session, site: SiteInfo, profile: int) -> list[Moment]:
    """Return when edges came and were taken back; those of single days are told by the visits of these days."""
    moments = []
    for edge in edges_of(session, site, profile)[0]:
        if "daily_hash" in (edge.a.kind, edge.b.kind):
            continue
        ends = {"one": _name(edge.a), "other": _name(edge.b)}
        if edge.standing in _COUNTED:
            words = gettext("%(one)s and %(other)s were tied together", **ends)
        else:
            words = gettext("%(one)s and %(other)s came together, which does not count", **ends)
        words = first_upper(words)
        moments.append(Moment(at=edge.observed_at, kind="stitched", words=words, edge=edge.id))
        if edge.retracted_at is not None:
            words = gettext("The tie of %(one)s and %(other)s was taken back by %(who)s", who=edge.retracted_by, **ends)
            moments.append(Moment(at=edge.retracted_at, kind="taken back", words=words, edge=edge.id))
    return moments


def _name(one: IdentifierShape) -> str:
    return f"{one.named} {one.short}"
