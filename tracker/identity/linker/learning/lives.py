"""Lives of made-up browsers: how each looked, from when on, with changes by our model of causes."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.identity.linker.fields import FIELDS, Value
from tracker.identity.linker.learning.causes import BACK, CAUSES, NOVEL, SIMILAR, Cause

Look = dict[str, Value]

_YEAR = 365.0
_SHORTEST, _MEDIAN, _SPREAD = 14.0, 90.0, 1.0  # days of a life, log-normal
_LIKE_THE_REST = 0.5  # how much of a browser's rank in one cause is that in all
_ONE_VERSION, _TWO = 0.8, 0.95
_TEXTS = frozenset(field.name for field in FIELDS if field.kind == "text")


@dataclass(frozen=True)
class Life:
    """States of one browser as (first day, look), by time, and the day of its end."""

    states: tuple[tuple[float, Look], ...]
    until: float

    def at(self, day: float) -> Look:
        """Return how it looked on a day; before its first, as on that."""
        found = self.states[0][1]
        for begin, look in self.states:
            if begin > day:
                break
            found = look
        return found

    @property
    def begin(self) -> float:
        """Its first day."""
        return self.states[0][0]


def live(looks: Sequence[Look], seed: int) -> list[Life]:
    """Give each look a life within a year."""
    rng = random.Random(seed)  # noqa: S311  # nosec B311
    return [_life(look, looks, rng) for look in looks]


def _life(look: Look, looks: Sequence[Look], rng: random.Random) -> Life:
    begin = rng.uniform(0, _YEAR / 2)
    until = begin + min(max(rng.lognormvariate(0, _SPREAD) * _MEDIAN, _SHORTEST), _YEAR)
    rank = rng.random()
    times = sorted(
        (day, number) for number, cause in enumerate(CAUSES) for day in _days(cause, rank, begin, until, rng)
    )
    states, seen = [(begin, look)], {name: [value] for name, value in look.items()}
    for day, number in times:
        after = _changed(states[-1][1], CAUSES[number].fields, seen, looks, rng)
        if after != states[-1][1]:
            states.append((day, after))
    return Life(tuple(states), until)


def _days(cause: Cause, rank: float, begin: float, until: float, rng: random.Random) -> Iterator[float]:
    own = rank if rng.random() < _LIKE_THE_REST else rng.random()
    mean, day = cause.days_of(own), begin
    while (day := day + rng.expovariate(1 / mean)) < until:
        yield day


def _changed(
    look: Look, shares: Mapping[str, float], seen: dict[str, list[Value]], looks: Sequence[Look], rng: random.Random
) -> Look:
    after = dict(look)
    for name, share in shares.items():
        if name in look and rng.random() < share:
            after[name] = _other(name, look, seen[name], looks, rng)
            if after[name] not in seen[name]:
                seen[name].append(after[name])
    return after


def _other(name: str, look: Look, seen: Sequence[Value], looks: Sequence[Look], rng: random.Random) -> Value:
    value = look[name]
    if name in ("version", "platform_version"):
        return _newer(value, rng)
    earlier = [one for one in seen if one != value]
    if earlier and rng.random() < BACK.get(name, 0):
        return rng.choice(earlier)
    if name in NOVEL:
        return f"{rng.getrandbits(64):016x}"
    if name in _TEXTS and isinstance(value, str) and rng.random() < SIMILAR.get(name, 0):
        return f"{value}, {rng.randrange(100)}"
    for _ in range(20):  # of browsers of its kind; a field that they all have alike stays
        other = rng.choice(looks)
        if other.get("os") == look.get("os") and other.get(name, value) != value:
            return other[name]
    return value


def _newer(value: Value, rng: random.Random) -> Value:
    draw = rng.random()
    step = 1 if draw < _ONE_VERSION else 2 if draw < _TWO else rng.randint(3, 6)
    if isinstance(value, int):
        return value + step
    whole, dot, rest = value.partition(".")
    return f"{int(whole) + (step if not rest else step // 3)}{dot}{_up(rest, step)}" if whole.isdigit() else value


def _up(rest: str, step: int) -> str:
    part, dot, more = rest.partition(".")
    return f"{int(part) + step}{dot}{more}" if part.isdigit() else rest
