"""Dimensions: what rows can be grouped and filtered by, each with the level at which it is true."""

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import ColumnElement, FromClause

from reports.query.ranges import Range
from reports.query.recognised import Telling, is_returning, is_signed_in
from tracker.event import Kind
from tracker.store.functions import property_written

EVENT_KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class Dimension:
    """A column to filter by.

    `level` says of what it speaks: a whole visit, or one event in it. `on_events` tells
    whether an event carries it too, so that no look at its visit is needed. `kinds` are the
    kinds of event that carry it; of the others, a filter chooses those in views with such an event.
    `telling` says it of a visit where no column does. `by_goals` marks that of the goals that a visit
    reached, which are several: `reports.query.chosen` says those. `property` names one of a custom
    event's properties, where that is what it tells.
    """

    name: str
    title: str
    level: Literal["visit", "event"]
    on_events: bool = True
    kinds: tuple[str, ...] = EVENT_KINDS
    telling: Telling | None = None
    by_goals: bool = False
    property: str = ""

    def of(self, table: FromClause, site_id: int, span: Range) -> ColumnElement[str]:
        """Return what it is of a table's rows, or what is told of the visit in its place."""
        if self.property:
            return property_written(table.c.properties, self.property)
        found: ColumnElement[str] = self.telling(site_id, span) if self.telling else table.c[self.name]
        return found


DIMENSIONS = (
    Dimension("entry", "Entry page", "visit", on_events=False),
    Dimension("exit", "Exit page", "visit", on_events=False),
    Dimension("source", "Source", "visit", on_events=False),
    Dimension("medium", "Medium", "visit", on_events=False),
    Dimension("campaign", "Campaign", "visit", on_events=False),
    Dimension("referrer", "Referrer", "visit", on_events=False),
    Dimension("device", "Device", "visit"),
    Dimension("browser", "Browser", "visit"),
    Dimension("os", "Operating system", "visit"),
    Dimension("screen", "Screen", "visit"),
    Dimension("language", "Language", "visit"),
    Dimension("country", "Country", "visit"),
    Dimension("region", "Region", "visit"),
    Dimension("city", "City", "visit"),
    Dimension("label", "Bot label", "visit"),
    Dimension("returning", "Returning", "visit", on_events=False, telling=is_returning),
    Dimension("signed_in", "Signed in", "visit", on_events=False, telling=is_signed_in),
    Dimension("goal", "Goal", "visit", on_events=False, by_goals=True),
    Dimension("path", "Page", "event"),
    Dimension("host", "Host", "event"),
    Dimension("title", "Page title", "event", kinds=("view",)),
    # not "field": by its form's element, a form's fields are then chosen too
    Dimension("element", "Element", "event", kinds=("click", "form", "swipe", "link")),
    Dimension("element_text", "Element's text", "event", kinds=("click", "link")),
    Dimension("kind", "Kind of event", "event", kinds=()),
    Dimension("name", "Custom event", "event", kinds=("custom",)),
)

BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
