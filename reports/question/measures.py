"""Which measures can be asked, under which names, and what each of them counts."""

from dataclasses import dataclass

from reports import measures as m
from reports.measures import Measure, Ratio, Sum

KINDS: dict[str, tuple[str, ...]] = {
    "view": ("view",),
    "seen": ("view",),
    "click": ("click",),
    "engagement": ("engagement",),
    "custom": ("custom",),
    "told": ("view", "custom"),
}
"""The kinds of event over which sums of events are counted."""


@dataclass(frozen=True, eq=False)
class Askable:
    """A measure by its name; what it counts follows from what it is grouped by.

    The first of `variants` that knows all dimensions is meant. `aliases` are other names for it.
    """

    name: str
    variants: tuple[Measure, ...]
    aliases: tuple[str, ...] = ()


ASKABLE = (
    Askable(
        "visitors",
        (m.visitors, m.page_visitors, m.click_visitors, m.custom_visitors, m.struck_visitors, m.goal_visitors),
    ),
    Askable("visits", (m.visits, m.page_visits, m.struck_visits, m.converted_visits)),
    Askable("profiles", (m.profiles,)),
    Askable("views", (m.views,), ("pageviews",)),
    Askable("unknown_views", (m.unknown_views,)),
    Askable("views_per_visit", (m.views_per_visit,)),
    Askable("bounces", (m.bounces,)),
    Askable("bounce_rate", (m.bounce_rate,)),
    Askable("unengaged_visits", (m.unengaged_visits,)),
    Askable("unengaged_rate", (m.unengaged_rate,)),
    Askable("engaged_ms", (m.engaged_ms, m.page_engaged_ms)),
    Askable("engaged_ms_per_visit", (m.engaged_ms_per_visit,)),
    Askable("engaged_ms_per_view", (m.engaged_ms_per_view,), ("time_on_page",)),
    Askable("duration_ms_per_visit", (m.duration_ms_per_visit,), ("visit_duration",)),
    Askable("clicks", (m.clicks,)),
    Askable("dead_clicks", (m.dead_clicks,)),
    Askable("dead_click_rate", (m.dead_click_rate,)),
    Askable("visits_with_dead_click", (m.visits_with_dead_click,)),
    Askable("dead_visit_rate", (m.dead_visit_rate,)),
    Askable("custom_events", (m.custom_events,)),
    Askable("views_and_custom_events", (m.views_and_custom_events,), ("events",)),
    Askable("incidents", (m.incidents,), ("struggles",)),
    Askable("struck_visitors", (m.struck_visitors,)),
    Askable("struck_visits", (m.struck_visits,)),
    Askable("struck_views", (m.struck_views,)),
    Askable("conversions", (m.conversions,)),
    Askable("converted_visits", (m.converted_visits,)),
    Askable("conversion_rate", (m.conversion_rate,)),
)
BY_NAME = {name: one for one in ASKABLE for name in (one.name, *one.aliases)}


def sums_in(measure: Measure) -> tuple[Sum, ...]:
    """Return the sums of which a measure is worked out."""
    return (measure.over, measure.under) if isinstance(measure, Ratio) else (measure,)
