"""The small cards of the overview: visitors by one dimension of their visits, through the one executor."""

from sqlalchemy import desc

from reports import measures
from reports.query.chosen import visits
from reports.query.dimensions import BY_NAME
from reports.report import Ask, Column, Found, Report
from reports.scope import Scope
from tracker.store.schema import visit

TITLES = {"source": "Sources", "device": "Devices", "country": "Countries"}


def breakdown(dimension: str) -> Report:
    """Return the report of visitors by a dimension, the most first."""
    about = BY_NAME[dimension]

    def run(scope: Scope, ask: Ask) -> Found:
        value = visit.c[dimension].label(dimension)
        statement = visits(scope, value, measures.visitors.labelled)
        statement = statement.group_by(value).order_by(desc("visitors"), value).limit(scope.rows_wanted)
        return Found(rows=ask(statement))

    columns = (Column(dimension, about.title, "text", f"{about.title} of the visit."), measures.visitors.column)
    return Report(f"by-{dimension}", TITLES[dimension], f"Visitors by {about.title.lower()}.", columns, run)
