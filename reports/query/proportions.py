"""What can be said of two shares of which little was seen, of many such pairs at once, and of pairs in strata.

Each pair is `hits` of `tries` against `other_hits` of `other_tries`; `reports.query.intervals.wilson`
gives the interval of one share. All intervals are of 95 %.
"""

from collections.abc import Iterable, Sequence
from math import erfc, sqrt
from typing import NamedTuple

from reports.query.intervals import wilson

FALSE_DISCOVERIES = 0.05
LEAST_TRIES = 5  # on either side of a stratum, below which it tells nothing


class Pair(NamedTuple):
    """One share beside another: so many hits of so many tries each."""

    hits: int
    tries: int
    other_hits: int
    other_tries: int


class Estimate(NamedTuple):
    """A number, and between which it lies with 95 % confidence."""

    value: float
    low: float
    high: float


def difference(pair: Pair) -> Estimate | None:
    """Return the first share less the other, with its interval; None where either was never tried.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998), method 10.
    """
    return excess([pair], least=1, each=True)


def excess(pairs: Iterable[Pair], least: int = LEAST_TRIES, *, each: bool = False) -> Estimate | None:
    """Return how many more hits there were than if each first share had been as the other beside it.

    Pairs with fewer than `least` tries on either side are left out; None when none is left.
    `each` asks for it by try instead. The interval combines those of the shares as
    Newcombe's does of two: G. Y. Zou and A. Donner, "Construction of confidence limits about
    effect measures: a general approach", Statistics in Medicine 27 (2008).
    """
    value = below = above = tries = 0.0
    for pair in pairs:
        mine, other = wilson(pair.hits, pair.tries), wilson(pair.other_hits, pair.other_tries)
        if mine is None or other is None or min(pair.tries, pair.other_tries) < least:
            continue
        share, beside = pair.hits / pair.tries, pair.other_hits / pair.other_tries
        value += pair.tries * (share - beside)
        below += pair.tries**2 * ((share - mine[0]) ** 2 + (other[1] - beside) ** 2)
        above += pair.tries**2 * ((mine[1] - share) ** 2 + (beside - other[0]) ** 2)
        tries += pair.tries
    if not tries:
        return None
    scale = tries if each else 1
    return Estimate(value / scale, (value - sqrt(below)) / scale, (value + sqrt(above)) / scale)


def chance(pair: Pair) -> float:
    """Return how likely shares at least this far apart are when there is no difference; 1 where nothing was tried.

    The chi-squared test with K. Pearson's N - 1, which holds for few hits: I. Campbell,
    Statistics in Medicine 26 (2007).
    """
    tries = pair.tries + pair.other_tries
    hits = pair.hits + pair.other_hits
    spread = hits * (tries - hits) * pair.tries * pair.other_tries
    if not spread:
        return 1.0
    apart = pair.hits * pair.other_tries - pair.other_hits * pair.tries
    return erfc(sqrt((tries - 1) * apart * apart / spread / 2))


def discoveries(chances: Sequence[float], false: float = FALSE_DISCOVERIES) -> list[bool]:
    """Tell which of many differences to believe, so that of those at most the share `false` is mere chance.

    Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
    Statistical Society B 57 (1995).
    """
    ordered = sorted(chances)
    limits = [one for rank, one in enumerate(ordered, 1) if one <= false * rank / len(ordered)]
    return [bool(limits) and one <= limits[-1] for one in chances]
