"""Shares with the interval in which they lie: `<name>`, `<name>_low` and `<name>_high`, told together everywhere."""

from reports.measures import ratio, wilson
from reports.report import Column, Row

LOW, HIGH = "_low", "_high"


def with_interval(name: str, hits: int, tries: int) -> Row:
    """Return a share and the bounds in which it lies with 95 % confidence; None without tries.

    Where more are hit than tried, as with a view of the day before whose script fails today,
    all are taken to be.
    """
    hits = min(hits, tries)
    low, high = wilson(hits, tries) or (None, None)
    return {name: ratio(hits, tries), f"{name}{LOW}": low, f"{name}{HIGH}": high}


def interval_columns(name: str, title: str, help_: str) -> tuple[Column, Column, Column]:
    """Return the columns of a share and its bounds."""
    return (
        Column(name, title, "share", help_),
        Column(f"{name}{LOW}", f"{title}, at least", "share", "Its lower bound, with 95 % confidence (Wilson)."),
        Column(f"{name}{HIGH}", f"{title}, at most", "share", "Its upper bound, with 95 % confidence (Wilson)."),
    )
