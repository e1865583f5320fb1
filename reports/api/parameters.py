"""The words that the API's addresses take, as their description says them."""

from dataclasses import dataclass

from reports.query.dimensions import DIMENSIONS
from reports.query.filters import MOST_FILTERS, OPERATIONS
from reports.query.ranges import COMPARISONS, NAMES
from reports.scope import BOTS, DEFAULT_LIMIT, DEFAULT_RANGE, MOST_ROWS


@dataclass(frozen=True)
class Parameter:
    """A word in the query of an address; `schema` is JSON Schema."""

    name: str
    help: str
    schema: dict[str, object]


_DIMENSION_NAMES = ", ".join(dimension.name for dimension in DIMENSIONS)

SCOPE = (
    Parameter(
        "range",
        f"Days of the site's zone: {', '.join(NAMES)}, or two days such as 2026-01-01..2026-01-31.",
        {"type": "string", "default": DEFAULT_RANGE},
    ),
    Parameter(
        "filter",
        f"<dimension>:<operation>:<value>[|<value>…]; operations {', '.join(OPERATIONS)}; "
        "an empty value is none at all; "
        f"a backslash before a bar, colon or backslash takes it as it is. Dimensions: {_DIMENSION_NAMES}.",
        {"type": "array", "items": {"type": "string"}, "maxItems": MOST_FILTERS},
    ),
    Parameter("segment", "The name of a saved segment, whose filters must hold too.", {"type": "string"}),
    Parameter(
        "compare",
        "What to compare the totals with: the range before, the same a year ago, or whole weeks earlier.",
        {"type": "string", "enum": list(COMPARISONS), "default": COMPARISONS[0]},
    ),
    Parameter(
        "bots",
        "Declared bots left out, counted in, or nothing else.",
        {"type": "string", "enum": list(BOTS), "default": BOTS[0]},
    ),
    Parameter(
        "release",
        "The name of a release to compare before with after, for the report `releases`; else the newest in the range.",
        {"type": "string"},
    ),
    Parameter("limit", "Most rows.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT}),
)

EXPORT = (
    Parameter(
        "cursor",
        "The cursor of the last line that you have; only lines loaded after it follow. Without it: all.",
        {"type": "string"},
    ),
    Parameter("limit", "Most lines; without it all.", {"type": "integer", "minimum": 1}),
)
