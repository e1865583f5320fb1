"""What can be asked, for programs: measures, dimensions, what fits together, and the limits."""

from functools import cache

import msgspec

from reports.measures import COUNTED
from reports.query.dimensions import BY_NAME
from reports.query.filters import LONGEST_VALUE, MOST_VALUES
from reports.query.ranges import COMPARISONS
from reports.question import dates, reading, trees
from reports.question.dimensions import ALIASES, GOAL, GROUPING, NOT_GROUPED, PROPERTY, SIGNAL, TIMES, aliases_of, fits
from reports.question.measures import ASKABLE, Askable, sums_in
from reports.question.times import MOST_DAYS_IN_HOURS
from reports.scope import BOTS, MOST_ROWS

UNITS = {"count": "", "number": "", "share": "0 to 1", "ms": "milliseconds"}


class MeasureShape(msgspec.Struct, frozen=True):
    """A measure; `meanings` has what it counts by what it is asked with, the first that fits.

    `unit` is empty for plain numbers. `goes_with` are the dimensions with which it can be asked, one by one.
    """

    name: str
    title: str
    kind: str
    unit: str
    aliases: list[str]
    meanings: list[str]
    goes_with: list[str]


class DimensionShape(msgspec.Struct, frozen=True):
    """A dimension; `level` says of what it speaks. Not every one can be grouped by, or filtered by."""

    name: str
    title: str
    level: str
    aliases: list[str]
    groups: bool
    filters: bool


class LimitsShape(msgspec.Struct, frozen=True):
    """How much can be asked at once."""

    metrics: int
    dimensions: int
    conditions: int
    conditions_with_a_look_of_their_own: int
    levels_of_filters: int
    values_of_a_filter: int
    characters_of_a_value: int
    rows: int
    offset: int
    days: int
    days_by_hour: int


class Schema(msgspec.Struct, frozen=True):
    """All that a question can be made of."""

    measures: list[MeasureShape]
    dimensions: list[DimensionShape]
    filters: list[str]
    date_ranges: list[str]
    compare: list[str]
    bots: list[str]
    include: list[str]
    shapes: list[str]
    limits: LimitsShape


@cache
def schema() -> Schema:
    """Tell all that can be asked."""
    return Schema(
        measures=[_measure(one) for one in ASKABLE],
        dimensions=_dimensions(),
        filters=[*trees.ASKED, *trees.JOINS],
        date_ranges=[*dates.RANGES, "2026-01-01..2026-01-31"],
        compare=list(COMPARISONS),
        bots=list(BOTS),
        include=list(reading.INCLUDES),
        shapes=list(reading.SHAPES),
        limits=LimitsShape(
            metrics=reading.MOST_METRICS,
            dimensions=reading.MOST_DIMENSIONS,
            conditions=trees.MOST_CONDITIONS,
            conditions_with_a_look_of_their_own=trees.MOST_LOOKS,
            levels_of_filters=trees.DEEPEST,
            values_of_a_filter=MOST_VALUES,
            characters_of_a_value=LONGEST_VALUE,
            rows=MOST_ROWS,
            offset=reading.MOST_OFFSET,
            days=dates.MOST_DAYS,
            days_by_hour=MOST_DAYS_IN_HOURS,
        ),
    )


def _measure(one: Askable) -> MeasureShape:
    first = one.variants[0]
    return MeasureShape(
        name=one.name,
        title=first.title,
        kind=first.kind,
        unit=UNITS[first.kind],
        aliases=list(one.aliases),
        meanings=[
            f"Over {' and '.join(dict.fromkeys(COUNTED[part.of] for part in sums_in(variant)))}: {variant.help}"
            for variant in one.variants
        ],
        goes_with=[name for name in GROUPING if any(fits(variant, (name,)) for variant in one.variants)],
    )


def _dimensions() -> list[DimensionShape]:
    times = [DimensionShape(name, help_, "time", [], groups=True, filters=False) for name, help_ in TIMES.items()]
    signal = DimensionShape(SIGNAL, "Kind of struggle", "struggle", [], groups=True, filters=False)
    ours = [
        DimensionShape(
            one.name,
            one.title,
            GOAL if one.by_goals else one.level,
            list(aliases_of(one.name)),
            groups=one.name not in NOT_GROUPED,
            filters=True,
        )
        for one in BY_NAME.values()
    ]
    property_ = DimensionShape(
        f"{PROPERTY}NAME", "Property of a custom event", "event", ["event:props:NAME"], groups=True, filters=True
    )
    return [*times, *ours, signal, property_]


def known_names() -> set[str]:
    """Return every name that documentation must tell of."""
    names = {name for one in ASKABLE for name in (one.name, *one.aliases)}
    return names | set(GROUPING) | set(ALIASES)
