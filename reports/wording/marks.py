"""What a chart marks beside its numbers: releases, and what people noted of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from reports.query.ranges import Range
from tracker.annotations import AnnotationInfo
from tracker.languages import gettext
from tracker.sites import SiteInfo


@dataclass(frozen=True)
class Mark:
    """What happened, and when in the site's zone; `number` is that of an annotation, which has a day alone."""

    at: datetime
    text: str
    number: int | None = None

    @property
    def day(self) -> date:
        """The site's day on which it happened."""
        return self.at.date()


def marks_in(span: Range, site: SiteInfo, annotations: Sequence[AnnotationInfo]) -> list[Mark]:
    """Return what happened in a range, in order."""
    zone = site.tzinfo
    releases = [Mark(one.at.astimezone(zone), gettext("Release %(name)s", name=one.name)) for one in site.releases]
    noted = [Mark(datetime.combine(one.day, time(), zone), one.text, one.number) for one in annotations]
    inside = (one for one in (*releases, *noted) if span.first <= one.day < span.end_day)
    return sorted(inside, key=lambda mark: (mark.at, mark.text))


def between(marks: Sequence[Mark], start: datetime, end: datetime | None) -> tuple[str, ...]:
    """Return the texts of those from `start` up to, and without, `end`; None for those from `start` on."""
    return tuple(one.text for one in marks if one.at >= start and (end is None or one.at < end))
