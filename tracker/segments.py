"""Segments: filters that were saved under a name, so that every report can be asked of the same people.

What the filters may say is decided where they are read (`reports.scope`); here they are texts.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker.checking import check_title
from tracker.clock import utc_now
from tracker.errors import ConflictError, InvalidInputError
from tracker.languages import counted, gettext
from tracker.models import Schedule, Segment, ShareLink
from tracker.of_site import how_many, named

LONGEST_NAME = 64
MOST_SEGMENTS = 100


class SegmentInfo(NamedTuple):
    """A segment: its name, and its filters as they stand in an address."""

    name: str
    filters: tuple[str, ...]


def save_segment(
    session: Session, site_id: int, name: str, filters: Sequence[str], who: str
) -> tuple[SegmentInfo, bool]:
    """Save filters under a name, in place of those that went by it; returns them, and whether the name is a new one.

    InvalidInputError when the name cannot be, when there is no filter, or when there are too many segments.
    """
    name = check_title("name", name, LONGEST_NAME, slash=False)
    if not filters:
        raise InvalidInputError("filters", gettext("there is none to save: choose whom it is about first"))
    segment = named(session, Segment, site_id, name)
    is_new = segment is None
    if segment is None:
        if how_many(session, Segment, site_id) >= MOST_SEGMENTS:
            problem = counted(
                "there is %(n)s segment already; delete it first",
                "there are %(n)s segments already; delete one first",
                MOST_SEGMENTS,
            )
            raise ConflictError("name", problem)
        segment = Segment(site_id=site_id, name=name, created_at=utc_now(), created_by=who)
        session.add(segment)
    segment.filters = list(filters)
    session.flush()
    return _describe(segment), is_new


def rename_segment(session: Session, site_id: int, name: str, to: str) -> SegmentInfo | None:
    """Give a segment another name, also where it is kept by it; None when there is none.

    InvalidInputError when the name cannot be or is taken.
    """
    to = check_title("name", to, LONGEST_NAME, slash=False)
    segment = named(session, Segment, site_id, name)
    if segment is None:
        return None
    if to != segment.name and named(session, Segment, site_id, to) is not None:
        raise ConflictError("name", gettext("%(name)s is another segment's", name=repr(to)))
    segment.name = to
    for kept in (Schedule, ShareLink):  # what keeps it by its name goes along
        session.execute(update(kept).where(kept.site_id == site_id, kept.segment == name).values(segment=to))
    session.flush()
    return _describe(segment)


def delete_segment(session: Session, site_id: int, name: str) -> bool:
    """Delete a segment; False when there is none."""
    gone = delete(Segment).where(Segment.site_id == site_id, Segment.name == name).returning(Segment.id)
    return session.execute(gone).first() is not None


def segments_by_site(session: Session) -> dict[int, tuple[SegmentInfo, ...]]:
    """Return the segments of every site that has any, by name, by the site's id."""
    found: dict[int, list[SegmentInfo]] = defaultdict(list)
    for segment in session.scalars(select(Segment)):
        found[segment.site_id].append(_describe(segment))
    return {site_id: tuple(sorted(segments)) for site_id, segments in found.items()}


def _describe(segment: Segment) -> SegmentInfo:
    return SegmentInfo(segment.name, tuple(segment.filters))
