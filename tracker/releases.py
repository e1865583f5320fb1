"""Releases: moments at which a site changed, marked by name, so that before can be compared with after."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.checking import check_title
from tracker.clock import utc_now
from tracker.errors import InvalidInputError
from tracker.languages import gettext
from tracker.models import Release
from tracker.of_site import named

LONGEST_NAME = 64


class ReleaseInfo(NamedTuple):
    """A release, and when it was: an aware time."""

    name: str
    at: datetime


def mark_release(session: Session, site_id: int, name: str, at: datetime | None = None) -> tuple[ReleaseInfo, bool]:
    """Mark a release, now or at an aware time; returns it, and whether it is a new one.

    One that is marked already keeps its time unless another is told. InvalidInputError when
    the name or the time cannot be.
    """
    name = check_title("name", name, LONGEST_NAME)
    if at is not None and at > utc_now():
        raise InvalidInputError("at", gettext("must not lie in the future: mark a release when it is out"))
    release = named(session, Release, site_id, name)
    is_new = release is None
    if release is None:
        release = Release(site_id=site_id, name=name, released_at=at or utc_now())
        session.add(release)
    elif at is not None:
        release.released_at = at
    session.flush()
    return _describe(release), is_new


def releases_by_site(session: Session) -> dict[int, tuple[ReleaseInfo, ...]]:
    """Return the releases of every site that has any, the oldest first, by the site's id."""
    found: dict[int, list[ReleaseInfo]] = defaultdict(list)
    for release in session.scalars(select(Release).order_by(Release.released_at, Release.id)):
        found[release.site_id].append(_describe(release))
    return {site_id: tuple(releases) for site_id, releases in found.items()}


def read_moment(text: str) -> datetime:
    """Read an ISO 8601 time with its offset; InvalidInputError otherwise."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        problem = gettext("%(given)s is no time such as 2026-03-01T12:00:00Z", given=repr(text[:64]))
        raise InvalidInputError("at", problem) from error
    if moment.tzinfo is None:
        raise InvalidInputError("at", gettext("needs its offset or Z, as in 2026-03-01T12:00:00+01:00"))
    return moment.astimezone(UTC)


def _describe(release: Release) -> ReleaseInfo:
    return ReleaseInfo(release.name, release.released_at)
