"""Shares with the interval in which they lie: `<name>`, `<name>_low` and `<name>_high`, told together everywhere."""

from math import sqrt

from reports.measures import ratio
from reports.report import Column, Row

LOW, HIGH = "_low", "_high"


def wilson(hits: int, tries: int, z: float = 1.96) -> tuple[float, float] | None:
    """Return the interval in which a share lies with 95 % confidence; None without tries.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927). It holds for few tries and
    for shares near 0 and 1, where the usual interval does not.
    """
    if tries <= 0:
        return None
    share, spread = hits / tries, z * z / tries
    centre = (share + spread / 2) / (1 + spread)
    reach = z * sqrt(share * (1 - share) / tries + spread / (4 * tries)) / (1 + spread)
    return max(0.0, centre - reach), min(1.0, centre + reach)


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
