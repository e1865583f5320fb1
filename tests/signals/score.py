"""Precision, recall and F1 with 95 % intervals, for each detector, signal and condition."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Interval = tuple[float, float]
Z = 1.959964
RESAMPLED = 2000


@dataclass(frozen=True)
class Case:
    """One click: what is true of it, and what a detector said; `group` is native, aria, pointer or plain."""

    name: str
    group: str
    truth: bool
    found: bool


@dataclass(frozen=True)
class Score:
    """What a detector is worth over some clicks; shares are None where there is nothing to divide by."""

    right: int  # truly so, and found
    wrong: int  # found, and not so
    missed: int  # so, and not found
    passed: int  # not so, and not found
    f1_interval: Interval | None = None

    @property
    def precision(self) -> float | None:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)

    @property
    def precision_interval(self) -> Interval | None:
        return wilson(self.right, self.right + self.wrong)

    @property
    def recall_interval(self) -> Interval | None:
        return wilson(self.right, self.right + self.missed)


def score(cases: Sequence[Case], resampled: int = RESAMPLED) -> Score:
    """Count, with F1's interval by resampling the clicks; the same cases always give the same."""
    counts = _count(cases)
    draw = random.Random(len(cases))
    values = []
    for _ in range(resampled if counts[0] else 0):
        right, wrong, missed, _passed = _count(draw.choices(cases, k=len(cases)))
        values.append(_share(2 * right, 2 * right + wrong + missed) or 0.0)
    values.sort()
    interval = (values[int(0.025 * len(values))], values[int(0.975 * len(values))]) if values else None
    return Score(*counts, f1_interval=interval)


def wilson(hits: int, tries: int) -> Interval | None:
    """Return Wilson's 95 % interval of a share; None of nothing."""
    if not tries:
        return None
    share = hits / tries
    middle = share + Z * Z / (2 * tries)
    spread = Z * math.sqrt(share * (1 - share) / tries + Z * Z / (4 * tries * tries))
    whole = 1 + Z * Z / tries
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def _count(cases: Iterable[Case]) -> tuple[int, int, int, int]:
    right = wrong = missed = passed = 0
    for case in cases:
        if case.found:
            right += case.truth
            wrong += not case.truth
        else:
            missed += case.truth
            passed += not case.truth
    return right, wrong, missed, passed


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def shown(value: float | None, interval: Interval | None) -> str:
    """Return a share with its interval: ".97 (.93–.99)"."""
    if value is None:
        return "–"
    if interval is None:
        return _digits(value)
    return f"{_digits(value)} ({_digits(interval[0])}–{_digits(interval[1])})"


def _digits(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value < 0.995 else "1.00"


Chooser = Callable[[Case], bool]
