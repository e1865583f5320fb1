"""Segments: listing, saving and deleting filters that go by a name."""

import msgspec
from flask import Response, abort

from reports.api.bodies import answer, named, read_body
from reports.api.parameters import FILTER
from reports.api.texts import readable
from reports.query.filters import LONGEST_FILTER, MOST_FILTERS, parse_filters, texts_of
from reports.scope import filters_of
from tracker.errors import InvalidInputError
from tracker.gate import current_principal, current_site
from tracker.house import current_house
from tracker.segments import LONGEST_NAME, SegmentInfo, delete_segment, save_segment

_LONGEST_BODY = 4 * MOST_FILTERS * LONGEST_FILTER

SAVE: dict[str, object] = {
    "type": "object",
    "description": "Filters to save under a name, in place of those that went by it.",
    "properties": {
        "name": {**readable(LONGEST_NAME, slash=False), "examples": ["Newsletter readers"]},
        "filters": {
            "type": "array",
            "items": FILTER,
            "minItems": 1,
            "maxItems": MOST_FILTERS,
        },
    },
    "required": ["name", "filters"],
    "additionalProperties": False,
    "examples": [{"name": "Newsletter readers", "filters": ["medium:is:email"]}],
}


class SegmentShape(msgspec.Struct, frozen=True):
    """Filters under a name, all of which must hold; `problem` says why they can be asked no more, if so."""

    name: str
    filters: list[str]
    problem: str | None = None


class Segments(msgspec.Struct, frozen=True):
    """The site's segments, by name."""

    segments: list[SegmentShape]


class _Save(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    filters: list[str]


def segments(site_key: str) -> Response:
    """List the segments of a site."""
    return answer(_listed(current_site().segments))


def save(site_key: str) -> Response:
    """Save filters under a name; answers the segment, with status 201 where its name is a new one."""
    given = read_body(_Save, longest=_LONGEST_BODY)
    filters = texts_of(parse_filters(given.filters))
    house = current_house()
    with house.database.session() as session:
        saved, is_new = save_segment(session, current_site().id, given.name, filters, named(current_principal()))
    house.sites.forget()
    return answer(_shape(saved), 201 if is_new else 200)


def delete(site_key: str, segment: str) -> Response:
    """Delete a segment; answers those that are left."""
    house = current_house()
    with house.database.session() as session:
        if not delete_segment(session, current_site().id, segment):
            abort(404, "No segment has this name.")
    house.sites.forget()
    return answer(_listed(current_site().segments))


def _listed(segments: tuple[SegmentInfo, ...]) -> Segments:
    return Segments([_shape(one) for one in segments])


def _shape(segment: SegmentInfo) -> SegmentShape:
    try:
        filters_of(segment)
    except InvalidInputError as error:
        return SegmentShape(segment.name, list(segment.filters), f"{error.problem}.")
    return SegmentShape(segment.name, list(segment.filters))
