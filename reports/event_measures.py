"""Measures of what is no view and no click: script errors, forms and their fields, links out, searches."""

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, not_

from reports.measures import Measure, Ratio, Sum
from tracker.store.functions import count_distinct, property_number, property_text
from tracker.store.schema import event

OUTCOME = property_text(event.c.properties, "outcome")
SUCCEEDED = func.coalesce(OUTCOME, "") == "success"
ABANDONED = not_(SUCCEEDED)
RESULTS = property_number(event.c.properties, "results")


def _sum(key: str) -> ColumnElement[int]:
    return func.sum(cast(property_number(event.c.properties, key), BigInteger))


incidents = Sum("incidents", "Incidents", "count", "How often it happened.", "error", func.count())
error_views = Sum(
    "views",
    "Views",
    "count",
    "Views in which a script failed.",
    "error",
    count_distinct(event.c.view_id),
)
error_visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors in whose browser a script failed; on another day one counts again.",
    "error",
    count_distinct(event.c.visitor_id),
)
error_pages = Sum("pages", "Pages", "count", "Pages on which a script failed.", "error", count_distinct(event.c.path))
started = Sum(
    "started",
    "Started",
    "count",
    "Fills: how often somebody began to fill the form in.",
    "form",
    func.count(),
)
succeeded = Sum(
    "succeeded",
    "Succeeded",
    "count",
    "Fills that ended in a submit with success.",
    "form",
    func.count().filter(SUCCEEDED),
)
abandoned = Sum(
    "abandoned",
    "Abandoned",
    "count",
    "Fills that ended otherwise: the visitor left, or did nothing more for half an hour.",
    "form",
    func.count().filter(ABANDONED),
)
submits = Sum(
    "submits",
    "Submits",
    "count",
    "Attempts to send the form, of the fills that succeeded.",
    "form",
    _sum("submits").filter(SUCCEEDED),
)
form_invalid = Sum(
    "invalid",
    "Refused values",
    "count",
    "How often the browser refused what stood in a field.",
    "form",
    _sum("invalid"),
)
completion_rate = Ratio(
    "completion_rate",
    "Completion",
    "share",
    "Fills that succeeded for each one that was started.",
    succeeded,
    started,
)
submits_per_success = Ratio(
    "submits_per_success",
    "Submits each",
    "number",
    "Attempts to send the form for each fill that succeeded; one is best.",
    submits,
    succeeded,
)
invalid_per_start = Ratio(
    "invalid_per_start",
    "Refused each",
    "number",
    "How often the browser refused what stood in a field, for each fill.",
    form_invalid,
    started,
)
reached = Sum("reached", "Reached", "count", "Fills in which the field was touched.", "field", func.count())
corrections = Sum(
    "corrections",
    "Corrections",
    "count",
    "How often something was deleted again in the field.",
    "field",
    _sum("corrections"),
)
refills = Sum(
    "refills",
    "Refills",
    "count",
    "How often the field was come back to and changed.",
    "field",
    _sum("refills"),
)
field_invalid = Sum(
    "invalid",
    "Refused values",
    "count",
    "How often the browser refused what stood in the field.",
    "field",
    _sum("invalid"),
)
corrections_per_fill = Ratio(
    "corrections_per_fill",
    "Corrections each",
    "number",
    "Corrections for each fill in which the field was touched.",
    corrections,
    reached,
)
link_clicks = Sum("clicks", "Clicks", "count", "How often it was followed.", "link", func.count())
link_visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors who followed it; on another day one counts again.",
    "link",
    count_distinct(event.c.visitor_id),
)
link_pages = Sum("pages", "Pages", "count", "Pages from which it was followed.", "link", count_distinct(event.c.path))
searches = Sum("searches", "Searches", "count", "How often it was searched for.", "search", func.count())
search_visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors who searched for it; on another day one counts again.",
    "search",
    count_distinct(event.c.visitor_id),
)
known_results = Sum(
    "known_results",
    "Searches with a known number of results",
    "count",
    "Searches of which the page says how many results there were.",
    "search",
    func.count().filter(RESULTS.is_not(None)),
)
without_result = Sum(
    "without_result",
    "Without result",
    "count",
    "Searches of which the page says that nothing was found.",
    "search",
    func.count().filter(and_(RESULTS.is_not(None), RESULTS == 0)),
)
without_result_rate = Ratio(
    "without_result_rate",
    "Share without result",
    "share",
    "Searches that found nothing, for each of which the page says what was found.",
    without_result,
    known_results,
)

MEASURES: tuple[Measure, ...] = (
    incidents,
    error_views,
    error_visitors,
    error_pages,
    started,
    succeeded,
    abandoned,
    completion_rate,
    submits,
    submits_per_success,
    form_invalid,
    invalid_per_start,
    reached,
    corrections,
    corrections_per_fill,
    refills,
    field_invalid,
    link_clicks,
    link_visitors,
    link_pages,
    searches,
    search_visitors,
    known_results,
    without_result,
    without_result_rate,
)
