"""By what a question can be grouped and filtered, under which names, and which measures know it."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from reports.measures import COUNTED, Measure
from reports.query.dimensions import BY_NAME, Dimension
from reports.query.words import nearest
from reports.question.measures import KINDS, Askable, sums_in
from tracker.errors import InvalidInputError
from tracker.store.schema import struggle

TIMES = {
    "time": "The hour where the range has at most two days, else the day.",
    "time:hour": "The hour, with the site's offset.",
    "time:day": "The day of the site's zone.",
    "time:week": "The Monday with which the week begins, or the range's first day.",
    "time:month": "The first day of the month, or of the range.",
}
SIGNAL = "signal"
GOAL = "goal"
PROPERTY = "property:"
ALIASES = {
    "event:page": "path",
    "event:hostname": "host",
    "event:name": "name",
    "event:goal": "goal",
    "visit:entry_page": "entry",
    "visit:exit_page": "exit",
    "visit:source": "source",
    "visit:utm_source": "source",
    "visit:channel": "medium",
    "visit:utm_medium": "medium",
    "visit:utm_campaign": "campaign",
    "visit:referrer": "referrer",
    "visit:device": "device",
    "visit:browser": "browser",
    "visit:os": "os",
    "visit:country": "country",
    "visit:region": "region",
    "visit:city": "city",
}
_PROPERTIES = ("event:props:", PROPERTY)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
NOT_GROUPED = ("kind",)  # what kinds of event are counted follows from the measure
GROUPING = (*TIMES, SIGNAL, *(name for name in BY_NAME if name not in NOT_GROUPED))


def grouped_by(text: str) -> str:
    """Return our name of a dimension to group by; InvalidInputError names the nearest."""
    name = ALIASES.get(text, text)
    if name in GROUPING:
        return name
    if found := _property(text):
        return found.name
    way_out = nearest(text, (*GROUPING, *ALIASES))
    raise InvalidInputError("dimensions", f"no dimension is named {text[:64]!r}; {way_out}")


def filtered_by(text: str) -> Dimension:
    """Return a dimension to filter by; InvalidInputError names the nearest."""
    name = ALIASES.get(text, text)
    if name in BY_NAME:
        return BY_NAME[name]
    if found := _property(text):
        return found
    raise InvalidInputError("filters", f"no dimension is named {text[:64]!r}; {nearest(text, (*BY_NAME, *ALIASES))}")


def dimension_of(name: str) -> Dimension:
    """Return what stands in the store for our name of a dimension that is neither a time nor a signal."""
    return BY_NAME.get(name) or filtered_by(name)


def knows(of: str, name: str) -> bool:
    """Tell whether sums of one kind of row can be grouped by a dimension."""
    if name in TIMES:
        return True
    if name in (SIGNAL, GOAL):
        return of == {SIGNAL: "struggle", GOAL: "goal"}[name]
    dimension = dimension_of(name)
    if dimension.level == "visit":
        return dimension.telling is None or of in ("visit", "profile", "goal")
    if of in KINDS:
        return any(kind in dimension.kinds for kind in KINDS[of])
    return of == "struggle" and name in struggle.c


def fits(measure: Measure, names: tuple[str, ...]) -> bool:
    """Tell whether a measure can be asked by all of some dimensions.

    A rate of goals is of all visits, whichever goal a row is about.
    """
    sums = sums_in(measure)
    to_goals = any(one.of == GOAL for one in sums)
    return all(
        knows(one.of, name) or (to_goals and one.of == "visit" and name == GOAL) for one in sums for name in names
    )


def meant(askable: Askable, given: str, dimensions: Mapping[str, str], all_: tuple[Askable, ...]) -> Measure:
    """Return what a measure counts when it is asked by some dimensions; InvalidInputError when that cannot be.

    `given` is how the measure was asked for; `dimensions` are our names, each with the one that was given.
    """
    names = tuple(dimensions)
    for variant in askable.variants:
        if fits(variant, names):
            return variant
    unknown = [name for name in names if not any(fits(variant, (name,)) for variant in askable.variants)]
    others = [one.name for one in all_ if any(fits(variant, names) for variant in one.variants)]
    of = " and ".join(dict.fromkeys(COUNTED[one.of] for variant in askable.variants for one in sums_in(variant)))
    with_all, with_these = (_and([dimensions[name] for name in some]) for some in (names, unknown or names))
    way_out = f"with {with_all} ask {', '.join(others)}" if others else f"no measure knows {with_all} together"
    raise InvalidInputError("metrics", f"{given} cannot be asked with {with_these}, for it counts {of}; {way_out}")


@cache
def aliases_of(name: str) -> tuple[str, ...]:
    """Return the other names of a dimension."""
    return tuple(alias for alias, ours in ALIASES.items() if ours == name)


def _property(text: str) -> Dimension | None:
    for prefix in _PROPERTIES:
        key = text.removeprefix(prefix)
        if key != text and _PLAIN.fullmatch(key):
            return Dimension(PROPERTY + key, f"Property {key}", "event", kinds=("custom",), property=key)
    return None


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)
