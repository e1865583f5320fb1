"""What others counted before Footfall, as the overview tells it beside its own numbers."""

from dataclasses import dataclass
from datetime import date

from reports.query.buckets import is_hourly
from reports.run import ReportAnswer
from reports.wording import words
from tracker.imports.titles import title_of
from tracker.languages import dates


@dataclass(frozen=True)
class PastDay:
    """A day as a product counted it, in words."""

    day: str
    product: str
    numbers: list[str]


_NUMBERS = (("visitors", "count"), ("visits", "count"), ("views", "count"), ("bounce_rate", "share"))


def lines(answer: ReportAnswer, name: str) -> dict[str, dict[str, float]]:
    """Return what others counted of a measure on days before ours, as lines of their own: by product and day.

    There is none by hours, nor of what they do not count.
    """
    found: dict[str, dict[str, float]] = {}
    for row in () if is_hourly(answer.scope.range) else answer.imported:
        value = row.get(name)
        if isinstance(value, int | float):
            found.setdefault(str(row["product"]), {})[str(row["day"])] = float(value)
    return found


def drawn(answer: ReportAnswer, name: str) -> list[str]:
    """Return the names of the products that have a line."""
    return [title_of(product) for product in lines(answer, name)]


def table(answer: ReportAnswer) -> list[PastDay]:
    """Return every day of theirs with its visitors, visits, views and bounce rate."""
    return [
        PastDay(
            dates.full_day(date.fromisoformat(str(row["day"]))),
            title_of(str(row["product"])),
            [words.cell(kind, row[name]) for name, kind in _NUMBERS],
        )
        for row in answer.imported
    ]
