"""A trial of the linker on lives that it did not learn from: how right it is, and how sure it must be for that."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import comb

from msgspec.structs import replace

from tracker.identity.linker.learning.lives import Life, Look
from tracker.identity.linker.linker import Linker
from tracker.identity.linker.scoring import DAY_MS
from tracker.identity.linker.weights import Weights

_EVERY_DAYS = (1.0, 2.0, 3.0, 7.0, 14.0)
_SURE = tuple(float(sure) for sure in range(-12, 13))


@dataclass(frozen=True)
class Visit:
    """One visit of the browser of this number."""

    day: float
    browser: int
    look: Look


@dataclass(frozen=True)
class Figures:
    """Pairwise over visits: of pairs put together the share that belong so, and of those that do the share found."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def visits_of(lives: Sequence[Life], seed: int) -> list[Visit]:
    """Return visits by time: each browser comes at its own pace, now sooner, now later."""
    rng = random.Random(seed)  # noqa: S311  # nosec B311
    found = []
    for number, life in enumerate(lives):
        pace, day = rng.choice(_EVERY_DAYS), life.begin
        while day < life.until:
            found.append(Visit(day, number, life.at(day)))
            day += rng.expovariate(1 / pace) + 0.01
    return sorted(found, key=lambda visit: visit.day)


def play(visits: Sequence[Visit], weights: Weights, again_days: float = 7.0) -> tuple[Figures, Figures]:
    """Return the figures of the answers given at the visits, and of those that stand in the end.

    Every `again_days` days what was linked of late is reconsidered.
    """
    linker, made, known_as = Linker(weights), count(), dict[int, int]()
    answers, next_day = [], 0.0
    for visit in visits:
        if visit.day >= next_day:
            next_day = visit.day + again_days
            _reconsider(linker, int((visit.day - 4 * again_days) * DAY_MS), known_as, made)
        at_ms = int(visit.day * DAY_MS)
        link = linker.link(visit.look, at_ms)
        browser = next(made) if link.browser is None else link.browser
        if link.reason != "too_common":
            linker.learn_of(browser, visit.look, at_ms)
        answers.append(browser)
    _reconsider(linker, 0, known_as, made)
    truth = [visit.browser for visit in visits]
    return figures(truth, answers), figures(truth, [found_as(browser, known_as) for browser in answers])


def _reconsider(linker: Linker, since_ms: int, known_as: dict[int, int], made: "count[int]") -> None:
    again = linker.reconsider(since_ms)
    for parted in again.parted:
        linker.part(parted.browser, parted.looks, next(made))
    for joined in again.joined:
        earlier = found_as(joined.earlier, known_as)
        if earlier != joined.later:
            linker.join(earlier, joined.later)
            known_as[joined.later] = earlier


def found_as(browser: int, known_as: dict[int, int]) -> int:
    """Return the id that a browser has since come to be known by."""
    while browser in known_as:
        browser = known_as[browser]
    return browser


def figures(truth: Sequence[int], answers: Sequence[int]) -> Figures:
    """Return how right answers are, pairwise over visits."""
    together = _pairs(Counter(zip(truth, answers, strict=True)))
    linked, same = _pairs(Counter(answers)), _pairs(Counter(truth))
    return Figures(together / linked if linked else 1.0, together / same if same else 1.0)


def _pairs(counts: Counter[object]) -> int:
    return sum(comb(number, 2) for number in counts.values())


def choose(visits: Sequence[Visit], weights: Weights, precision: float) -> Weights:
    """Return the weights with the fewest bits that a link needs for a precision, of online and settled answers.

    Fewer bits find more; the highest that were tried where none is precise enough.
    """
    for sure in _SURE:
        weights = replace(weights, sure=sure, sure_later=sure)
        online, settled = play(visits, weights)
        if min(online.precision, settled.precision) >= precision:
            break
    return weights
