"""The words that the API's addresses take, as their description says them."""

from dataclasses import dataclass

from reports.query.dimensions import DIMENSIONS
from reports.query.filters import LONGEST_FILTER, MOST_FILTERS, OPERATIONS, OR
from reports.query.ranges import COMPARISONS, NAMES
from reports.scope import BOTS, DEFAULT_LIMIT, DEFAULT_RANGE, MOST_ROWS
from tracker.imports.counts import KIND_NAMES


@dataclass(frozen=True)
class Parameter:
    """A word in the query of an address; `schema` is JSON Schema."""

    name: str
    help: str
    schema: dict[str, object]
    required: bool = False


_DIMENSION_NAMES = ", ".join(dimension.name for dimension in DIMENSIONS)
RANGE: dict[str, object] = {
    "type": "string",
    "format": "range",
    "pattern": rf"^({'|'.join(NAMES)}|\d{{4}}-\d{{2}}-\d{{2}}\.\.\d{{4}}-\d{{2}}-\d{{2}})$",
    "examples": [DEFAULT_RANGE, "2026-01-01..2026-01-31"],
}
FILTER: dict[str, object] = {
    "type": "string",
    "format": "filter",
    "pattern": rf"^({OR})?({'|'.join(one.name for one in DIMENSIONS)}):({'|'.join(OPERATIONS)}):",
    "maxLength": LONGEST_FILTER,
    "examples": ["path:is:/cart|/basket", "medium:is_not:email"],
}
"""`format` names what a pattern cannot say: that days follow one another, that a regular expression is one."""

SCOPE = (
    Parameter(
        "range",
        f"Days of the site's zone: {', '.join(NAMES)}, or two days such as 2026-01-01..2026-01-31.",
        {**RANGE, "default": DEFAULT_RANGE},
    ),
    Parameter(
        "filter",
        f"<dimension>:<operation>:<value>[|<value>…]; operations {', '.join(OPERATIONS)}; "
        f"an empty value is none at all; {OR} before one makes it an alternative to the filter before it; "
        f"a backslash before a bar, colon or backslash takes it as it is. Dimensions: {_DIMENSION_NAMES}.",
        {"type": "array", "items": FILTER, "maxItems": MOST_FILTERS},
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
    Parameter("funnel", "The name of a funnel, for the report `funnels`; else the first by name.", {"type": "string"}),
    Parameter(
        "imported",
        "What to tell of, for the report `imported`.",
        {"type": "string", "enum": list(KIND_NAMES), "default": KIND_NAMES[0]},
    ),
    Parameter("limit", "Most rows.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_LIMIT}),
)
