"""How likely a count is where another is usual: the tails of the negative binomial distribution.

`usual` is the mean, and the variance is usual + spread · usual²: chance as of Poisson, and what comes on
top of it in proportion. J. M. Hilbe, Negative Binomial Regression (2011), chapter 8 (NB2).
"""

from math import exp, lgamma, log, sqrt

_LEAST_SPREAD = 1e-6  # the sums lose their digits below it, and Poisson is the same by then
_DONE = 1e-12  # a term that adds no more than this share; in proportion to the first, which may be next to nothing


def at_least(count: int, usual: float, spread: float) -> float:
    """Return the chance of `count` or more."""
    if count <= 0:
        return 1.0
    if usual <= 0:
        return 0.0
    if count <= usual:
        return max(0.0, 1 - at_most(count - 1, usual, spread))
    size, share = _shape(usual, spread)
    first, term, total = exp(_log_chance(count, size, share)), 1.0, 1.0
    while term > _DONE * total:
        term *= share * (count + size) / (count + 1)
        total += term
        count += 1
    return min(first * total, 1.0)


def at_most(count: int, usual: float, spread: float) -> float:
    """Return the chance of `count` or fewer."""
    if count < 0:
        return 0.0
    if usual <= 0:
        return 1.0
    if count > usual:
        return max(0.0, 1 - at_least(count + 1, usual, spread))
    size, share = _shape(usual, spread)
    first, term, total = exp(_log_chance(count, size, share)), 1.0, 1.0
    while count > 0 and term > _DONE * total:
        term *= count / (share * (count - 1 + size))
        total += term
        count -= 1
    return min(first * total, 1.0)


def between(usual: float, spread: float) -> tuple[int, int]:
    """Return from where to where 19 of 20 counts lie, about; as people are told what is usual."""
    wide = 2 * sqrt(usual + spread * usual * usual)
    return max(0, round(usual - wide)), round(usual + wide)


def _shape(usual: float, spread: float) -> tuple[float, float]:
    size = 1 / max(spread, _LEAST_SPREAD)
    return size, usual / (size + usual)


def _log_chance(count: int, size: float, share: float) -> float:
    many = lgamma(count + size) - lgamma(count + 1) - lgamma(size)
    return many + size * log(1 - share) + count * log(share)
