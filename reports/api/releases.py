"""Releases, for programs: which are marked, and marking one when it is put out."""

from datetime import datetime

import msgspec
from flask import Response, abort, request

from tracker.errors import InvalidInputError
from tracker.gate import current_site
from tracker.house import current_house
from tracker.releases import LONGEST_NAME, ReleaseInfo, mark_release, read_moment
from tracker.sites import SiteInfo

_LONGEST_BODY = 4096

MARK: dict[str, object] = {
    "type": "object",
    "description": "A release that was put out. One that is marked already keeps its time unless `at` is given.",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "examples": ["v2.3"]},
        "at": {"type": "string", "format": "date-time", "description": "When it was put out; now when left out."},
    },
    "required": ["name"],
    "additionalProperties": False,
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
    return _json(Releases([_shape(one, site) for one in site.releases]))


def mark(site_key: str) -> Response:
    """Mark a release, now or at a time; answers it, with status 201 where it is a new one."""
    site, house = current_site(), current_house()
    if (request.content_length or 0) > _LONGEST_BODY:
        abort(413, "This is longer than any release.")
    try:
        given = msgspec.json.decode(request.get_data(cache=False), type=_Mark)
    except msgspec.MsgspecError as error:
        raise InvalidInputError("body", f"must be a JSON object with a name: {error}") from error
    with house.database.session() as session:
        marked, is_new = mark_release(session, site.id, given.name, read_moment(given.at) if given.at else None)
    house.sites.forget()
    return _json(_shape(marked, site), 201 if is_new else 200)


def _shape(release: ReleaseInfo, site: SiteInfo) -> ReleaseShape:
    return ReleaseShape(release.name, release.at.astimezone(site.tzinfo).replace(microsecond=0))


def _json(shape: msgspec.Struct, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(shape), status, mimetype="application/json", headers=headers)
