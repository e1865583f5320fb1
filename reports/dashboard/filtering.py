"""The dialog for filters: what its form asks becomes a filter of the address, and what values it offers."""

from collections.abc import Mapping, Sequence

from flask import render_template, request
from sqlalchemy import desc, func

from reports.query.chosen import events, visits
from reports.query.dimensions import BY_NAME, EVENT_KINDS
from reports.query.filters import OR, Filter
from reports.report import Ask, Column, Found, Report
from reports.run import run_report
from reports.scope import Scope, parse_scope
from reports.wording import words
from reports.wording.links import Words
from tracker.errors import InvalidInputError
from tracker.gate import current_site
from tracker.house import current_house
from tracker.languages import gettext
from tracker.store.schema import event, visit

FIELDS = ("filter_join", "filter_by", "filter_how", "filter_value")
_MOST_OFFERED = 50


def with_filter(given: Words) -> Words:
    """Turn the fields of the dialog into one filter more; InvalidInputError where they name no dimension."""
    asked = {field: [value for name, value in given if name == field] for field in FIELDS}
    rest = tuple(pair for pair in given if pair[0] not in FIELDS)
    if not asked["filter_by"]:
        return rest
    name, how = asked["filter_by"][0], next(iter(asked["filter_how"]), "is")
    if name not in BY_NAME:
        raise InvalidInputError("filter", gettext("no dimension is named %(name)s", name=repr(name[:64])))
    given_values = (value.strip() for value in asked["filter_value"] if value.strip())
    # What a page writes is what a person types; parts and patterns are of what is stored.
    values = tuple(words.value_of(name, value) if how in ("is", "is_not") else value for value in given_values)
    joins = "or" in asked["filter_join"] and any(word == "filter" for word, _ in rest)
    return (*rest, ("filter", (OR if joins else "") + str(Filter(BY_NAME[name], how, values or ("",)))))


def values(site_key: str) -> str:
    """Offer the values that the dimension of the dialog had most often in these days."""
    name = request.args.get("filter_by", "")
    offered = _offered(name) if name in BY_NAME else []
    return render_template("filter_values.html", values=[words.name_of(name, value) for value in offered])


def _offered(name: str) -> list[str]:
    if BY_NAME[name].by_goals:
        return [goal.name for goal in current_site().goals]
    asked: Mapping[str, Sequence[str]] = {"range": [request.args.get("range", "28d")], "limit": [str(_MOST_OFFERED)]}
    answer = run_report(_most_frequent(name), parse_scope(current_site(), asked), current_house().store)
    return [str(row[name]) for row in answer.rows]


def _most_frequent(name: str) -> Report:
    """Return the report of a dimension's values, the most frequent first."""
    dimension = BY_NAME[name]

    def run(scope: Scope, ask: Ask) -> Found:
        table = visit if dimension.level == "visit" else event
        value = dimension.of(table, scope.site.id, scope.range).label(name)
        how_often = func.count().label("how_often")
        if table is visit:
            statement = visits(scope, value, how_often)
        else:
            statement = events(scope, dimension.kinds or EVENT_KINDS, value, how_often)
        found = statement.where(value.is_not(None)).group_by(value).order_by(desc("how_often"), value)
        return Found(rows=ask(found.limit(scope.rows_wanted)))

    return Report(f"values-of-{name}", dimension.title, None, (Column(name, dimension.title, "text", ""),), run)
