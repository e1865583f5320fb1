"""What a question can be made of, as a client gets it."""

import msgspec


class Measure(msgspec.Struct, frozen=True):
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


class Dimension(msgspec.Struct, frozen=True):
    """A dimension; `level` says of what it speaks. Not every one can be grouped by, or filtered by."""

    name: str
    title: str
    level: str
    aliases: list[str]
    groups: bool
    filters: bool


class Limits(msgspec.Struct, frozen=True):
    """How much can be asked at once."""

    metrics: int
    dimensions: int
    conditions: int
    rows: int
    offset: int
    days: int


class Schema(msgspec.Struct, frozen=True):
    """All that a question can be made of."""

    measures: list[Measure]
    dimensions: list[Dimension]
    filters: list[str]
    date_ranges: list[str]
    compare: list[str]
    bots: list[str]
    include: list[str]
    limits: Limits
