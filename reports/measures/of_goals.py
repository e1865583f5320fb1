"""Measures of goals, over rows as `reports.goals` selects them: each with the visit in which a goal was reached."""

from sqlalchemy import BigInteger, column, func

from reports.measures.measuring import Ratio, Sum
from reports.measures.of_visits import visits
from tracker.store.functions import count_distinct

conversions = Sum(
    "conversions",
    "Conversions",
    "count",
    "How often it was reached; twice in a visit counts twice.",
    "goal",
    func.count(),
)
converted_visits = Sum(
    "converted_visits",
    "Visits with it",
    "count",
    "Visits in which it was reached.",
    "goal",
    count_distinct(column("visit_id", BigInteger)),
)
goal_visitors = Sum(
    "visitors",
    "Visitors",
    "count",
    "Visitors who reached it; nobody is known overnight, so on another day one counts again.",
    "goal",
    count_distinct(column("visitor_id", BigInteger)),
)
revenue_parts = Sum(
    "revenue_parts",
    "Revenue in parts",
    "count",
    "What its conversions were worth, in ten-thousandths of the goal's currency, so that sums are exact.",
    "goal",
    func.sum(column("parts", BigInteger)),
)
conversion_rate = Ratio(
    "conversion_rate",
    "Conversion rate",
    "share",
    "Visits in which it was reached, for each visit.",
    converted_visits,
    visits,
)
