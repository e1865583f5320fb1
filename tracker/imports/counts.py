"""What other products count: of which kind of thing, on which day, and which numbers."""

from dataclasses import dataclass, fields
from datetime import date

from tracker.languages import marked


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is counted; `name` is the word of addresses, `title` what menus call it."""

    name: str
    title: str


KINDS = (
    Kind("days", marked("Days")),
    Kind("pages", marked("Pages")),
    Kind("entry-pages", marked("Entry pages")),
    Kind("exit-pages", marked("Exit pages")),
    Kind("sources", marked("Sources")),
    Kind("campaigns", marked("Campaigns")),
    Kind("countries", marked("Countries")),
    Kind("regions", marked("Regions")),
    Kind("devices", marked("Devices")),
    Kind("browsers", marked("Browsers")),
    Kind("systems", marked("Systems")),
    Kind("events", marked("Custom events")),
)
KIND_NAMES = tuple(one.name for one in KINDS)
LONGEST_NAME = 512
LARGEST_SUM = 9 * 10**11  # ms, 28 years: ten million of them, as many as an import has, are a number of SQLite's still


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted of one thing; None is what the product does not say. `duration_ms` is of all visits together."""

    visitors: int | None = None
    visits: int | None = None
    views: int | None = None
    bounces: int | None = None
    duration_ms: int | None = None
    events: int | None = None

    def __add__(self, other: "Numbers") -> "Numbers":
        """Return both together, LARGEST_SUM at most; what only one says is taken from it."""
        return Numbers(*(_together(getattr(self, name), getattr(other, name)) for name in NUMBERS))


NUMBERS = tuple(one.name for one in fields(Numbers))


@dataclass(frozen=True, slots=True)
class Count:
    """What a product counted of one thing on one day; of whole days the name is empty."""

    kind: str
    day: date
    name: str
    numbers: Numbers


def _together(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one + other, LARGEST_SUM)
