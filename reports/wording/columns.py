"""Which columns of a report have a place of their own on a page."""

from collections.abc import Sequence

from reports.query.intervals import HIGH, LOW
from reports.report import Column, Row
from reports.vitals import VITALS

NUMBERS = ("count", "number", "share", "ms")
# Told inside another cell, or by JSON and CSV alone: a page has room for what one acts on.
QUIET = {
    "element_text",
    "last_signal_element",
    "clicks",
    "first_seen",
    "script",
    "form_label",
    "left_at_last_field",
    "to_depth",
    "least_results",
    "exits",
    "searched_again",
    "succeeded",
    "started_of_form",
    "field_kind",
    "reached_when",
    "done_when",
    "next_visits",
    "imported",
}
# Of the list of struggles and of changes, beside that.
QUIET_OF_FAULTS = {
    "script_error",
    "incidents",
    "visits",
    "views",
    "views_before",
    "raging_visitors",
    "impact",
    "score",
    "last_seen",
    "trail",
}
_LATER = "after_"  # columns of cohorts: those that are over for no row have no place
_IF_ANY = ("revenue", "times")


def columns_shown(columns: Sequence[Column], rows: Sequence[Row] = ()) -> list[Column]:
    """Return the columns with a place of their own; the trend, and what is not over, only where a row has it."""
    names = {column.name for column in columns}
    quiet = QUIET - (set() if "dead_clicks" in names else {"clicks"})  # beside those, their share says it
    quiet |= QUIET_OF_FAULTS if names & {"trend", "change"} else set()
    quiet |= {"struck_view_rate_before"} if "trend" in names else set()
    quiet |= {"trend"} if rows and not any(row.get("trend") for row in rows) else set()
    quiet |= {one.name for one in columns if one.name.startswith((_LATER, *_IF_ANY)) and _is_empty(one.name, rows)}
    return [one for one in columns if one.name not in quiet and not is_told_beside(one, columns)]


def _is_empty(name: str, rows: Sequence[Row]) -> bool:
    return bool(rows) and all(row.get(name) is None for row in rows)


def is_told_beside(column: Column, columns: Sequence[Column]) -> bool:
    """Tell whether what stands in a column is told together with another's: bounds, a rating, a currency."""
    names = {one.name for one in columns}
    is_bound = any(column.name.endswith(end) and column.name.removesuffix(end) in names for end in (LOW, HIGH))
    if is_bound or (column.name == "currency" and "revenue" in names):
        return True
    return any(column.name in (vital.rating, vital.views) for vital in VITALS)
