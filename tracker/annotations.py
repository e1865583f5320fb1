"""Annotations: days on which something happened that a chart alone does not tell, such as a newsletter sent."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.checking import check_title
from tracker.clock import utc_now
from tracker.errors import ConflictError
from tracker.languages import counted
from tracker.models import Annotation
from tracker.of_site import how_many

LONGEST_TEXT = 200
MOST_ANNOTATIONS = 1000


class AnnotationInfo(NamedTuple):
    """What happened on a day of the site's own calendar, and its number."""

    day: date
    text: str
    number: int


def annotate(session: Session, site_id: int, day: date, text: str, who: str) -> AnnotationInfo:
    """Note what happened on a day; InvalidInputError when the text cannot be, or when there are too many."""
    text = check_title("text", " ".join(text.split()), LONGEST_TEXT)
    if how_many(session, Annotation, site_id) >= MOST_ANNOTATIONS:
        problem = counted(
            "there is %(n)s annotation already; remove it first",
            "there are %(n)s annotations already; remove one first",
            MOST_ANNOTATIONS,
        )
        raise ConflictError("text", problem)
    annotation = Annotation(site_id=site_id, day=day, text=text, created_at=utc_now(), created_by=who)
    session.add(annotation)
    session.flush()
    return AnnotationInfo(annotation.day, annotation.text, annotation.id)


def remove_annotation(session: Session, site_id: int, number: int) -> bool:
    """Remove an annotation; False when the site has none of this number."""
    gone = delete(Annotation).where(Annotation.site_id == site_id, Annotation.id == number).returning(Annotation.id)
    return session.execute(gone).first() is not None


def annotations_of(session: Session, site_id: int, first: date, end_day: date) -> tuple[AnnotationInfo, ...]:
    """Return what was noted from `first` up to, and without, `end_day`, in the order of days."""
    chosen = (
        select(Annotation)
        .where(Annotation.site_id == site_id, Annotation.day >= first, Annotation.day < end_day)
        .order_by(Annotation.day, Annotation.id)
    )
    return tuple(AnnotationInfo(one.day, one.text, one.id) for one in session.scalars(chosen))
