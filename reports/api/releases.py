"""Releases, for programs: which are marked, and marking one when it is put out."""

from datetime import datetime

import msgspec
from flask import Response

from reports.api.bodies import answer, read_body
from reports.api.texts import readable
from tracker.gate import current_site
from tracker.house import current_house
from tracker.releases import LONGEST_NAME, ReleaseInfo, mark_release, read_moment
from tracker.sites import SiteInfo

MARK: dict[str, object] = {
    "type": "object",
    "description": "A release that was put out. One that is marked already keeps its time unless `at` is given.",
    "properties": {
        "name": {**readable(LONGEST_NAME), "examples": ["v2.3"]},
        "at": {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When it was put out; now when left out.",
        },
    },
    "required": ["name"],
    "additionalProperties": False,
    "examples": [{"name": "v2.3", "at": "2026-03-01T12:00:00Z"}],
}


class ReleaseShape(msgspec.Struct, frozen=True):
    """A moment at which the site changed, with the site's offset."""

    name: str
    at: datetime


class Releases(msgspec.Struct, frozen=True):
    """The site's releases, the oldest first."""

    releases: list[ReleaseShape]


class _Mark(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    at: str | None = None


def releases(site_key: str) -> Response:
    """List the releases of a site."""
    site = current_site()
    return answer(Releases([_shape(one, site) for one in site.releases]))


def mark(site_key: str) -> Response:
    """Mark a release, now or at a time; answers it, with status 201 where it is a new one."""
    site, house = current_site(), current_house()
    given = read_body(_Mark)
    with house.database.session() as session:
        marked, is_new = mark_release(session, site.id, given.name, None if given.at is None else read_moment(given.at))
    house.sites.forget()
    return answer(_shape(marked, site), 201 if is_new else 200)


def _shape(release: ReleaseInfo, site: SiteInfo) -> ReleaseShape:
    return ReleaseShape(release.name, release.at.astimezone(site.tzinfo).replace(microsecond=0))
