"""Which goals do visits reach, and how many of them?

One row is one goal of the site, whether it was reached or not; they are made under “Goals and funnels” in the site's
setup. The conversion rate is of all visits of the range, and stands with its interval: where it is wide, little is
known yet, and two rates whose intervals overlap much may well be the same. A click counts unless it was
dead. Revenue is what the events say themselves, where they say the goal's currency or none.

Filters choose the visits, so that with a filter on a source the rate is of that source's visits. Conversions of
nobody told apart, as in count mode, are counted too; they are in no visit, and so not in the rate.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from reports import measures
from reports.measures import filled
from reports.query.chosen import events, visits
from reports.query.intervals import interval_columns, with_interval
from reports.query.meeting import kinds_of, met
from reports.query.reaching import events_in_visits, visits_chosen
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.conditions import in_words
from tracker.goals import MOST_GOALS, GoalInfo
from tracker.languages import counted, gettext, marked
from tracker.store.functions import property_number, property_text
from tracker.store.schema import event

MEASURES = (measures.conversions, measures.converted_visits, measures.goal_visitors, measures.revenue_parts)
PARTS = 10_000
MOST_WORTH = 1e11
"""What an event says beyond this is no price, and sums of it would not fit a number of the store."""
NO_GOALS = marked("This site has no goals yet. Whoever may change the site makes them under “Goals and funnels”.")
_ANY = 1 << MOST_GOALS
_FURTHER = MEASURES[1:3]

Records = Mapping[int, Mapping[str, Any]]


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a goal, that which most visits reached first."""
    goals = scope.site.goals
    if not goals:
        return Found(rows=[], notes=[gettext(NO_GOALS)])
    [of_all] = ask(visits(scope, measures.visits.labelled))
    tries = int(of_all["visits"])
    in_visits, of_nobody = _by_bit(ask(_in_visits(scope, goals))), _by_bit(ask(_of_nobody(scope, goals)))
    rows = [_row(goal, _found(1 << number, in_visits, of_nobody), tries) for number, goal in enumerate(goals)]
    rows.sort(key=lambda row: (-_number(row, "converted_visits"), -_number(row, "conversions"), str(row["goal"])))
    totals = {
        **_numbers(_found(_ANY, in_visits, of_nobody), tries),
        "conversions": sum(_number(one, "conversions") for one in rows),
    }
    return Found(rows=rows, totals={**totals, **_revenue_of_all(rows)}, notes=_notes(goals, in_visits, of_nobody))


def _in_visits(scope: Scope, goals: Sequence[GoalInfo]) -> Select[Any]:
    conditions = [goal.condition for goal in goals]
    return _counted(events_in_visits(scope, visits_chosen(scope), conditions, *told(goals)).subquery("hits"), goals)


def _of_nobody(scope: Scope, goals: Sequence[GoalInfo]) -> Select[Any]:
    """Count what no visit knows of."""
    conditions = [goal.condition for goal in goals]
    nobody = null().label("visit_id"), event.c.visitor_id
    hits = events(scope, kinds_of(conditions), *nobody, *told(goals))
    hits = hits.where(event.c.visitor_id.is_(None), or_(*(met(one) for one in conditions)))
    return _counted(hits.subquery("hits"), goals)


def told(goals: Sequence[GoalInfo]) -> list[ColumnElement[Any]]:
    """Return the goals that an event reaches as bits (`mask`), and what it was worth for those with revenue.

    Of the nth goal these are `parts_n`, in PARTS of one, and `foreign_n`: 1 where its currency is another.
    """
    mask: ColumnElement[int] = literal(_ANY, BigInteger)
    columns: list[ColumnElement[Any]] = []
    for number, goal in enumerate(goals):
        reaches = met(goal.condition)
        mask = mask + case((reaches, literal(1 << number, BigInteger)), else_=0)
        if goal.revenue:
            worth = property_number(event.c.properties, goal.revenue)
            said = func.upper(property_text(event.c.properties, "currency"))
            is_ours = func.coalesce(said, goal.currency) == goal.currency
            parts = case((func.abs(worth) < MOST_WORTH, cast(func.round(worth * PARTS), BigInteger)), else_=null())
            columns.append(case((reaches, case((is_ours, parts), else_=null())), else_=null()).label(f"parts_{number}"))
            columns.append(case((reaches, case((is_ours, 0), else_=1)), else_=0).label(f"foreign_{number}"))
    return [cast(mask, BigInteger).label("mask"), *columns]


def _counted(hits: FromClause, goals: Sequence[GoalInfo]) -> Select[Any]:
    """Count events by the goals that they reach, each under its bit, and all of them under that of any goal."""
    bits = [_ANY, *(1 << number for number in range(len(goals)))]
    each = union_all(*(select(literal(bit, BigInteger).label("bit")) for bit in bits)).subquery("each")
    earning = [number for number, goal in enumerate(goals) if goal.revenue]

    def of_goal(name: str) -> ColumnElement[int]:
        whens = [(each.c.bit == 1 << number, hits.c[f"{name}_{number}"]) for number in earning]
        return cast(case(*whens, else_=null()) if whens else null(), BigInteger).label(name)

    reached = (
        select(each.c.bit, hits.c.visit_id, hits.c.visitor_id, of_goal("parts"), of_goal("foreign"))
        .where(hits.c.mask.bitwise_and(each.c.bit) != 0)
        .subquery("reached")
    )
    foreign = cast(func.coalesce(func.sum(reached.c.foreign), 0), BigInteger).label("foreign")
    return select(reached.c.bit, *(one.labelled for one in MEASURES), foreign).group_by(reached.c.bit)


def _by_bit(records: Sequence[Mapping[str, Any]]) -> Records:
    return {int(record["bit"]): record for record in records}


def _found(bit: int, in_visits: Records, of_nobody: Records) -> dict[str, int]:
    """Return a goal's sums: conversions and their worth of everybody, the rest of those in visits."""
    found, others = (filled(MEASURES, records.get(bit, {})) for records in (in_visits, of_nobody))
    everybody = ("conversions", "revenue_parts")
    return {name: _number(found, name) + (_number(others, name) if name in everybody else 0) for name in found}


def _row(goal: GoalInfo, sums: Mapping[str, int], tries: int) -> Row:
    return {
        "goal": goal.name,
        "reached_when": in_words(goal.condition),
        **_numbers(sums, tries),
        "revenue": sums["revenue_parts"] / PARTS if goal.revenue else None,
        "currency": goal.currency,
    }


def _numbers(sums: Mapping[str, int], tries: int) -> Row:
    rate = with_interval(measures.conversion_rate.name, sums["converted_visits"], tries)
    return {measures.conversions.name: sums["conversions"], **rate, **{one.name: sums[one.name] for one in _FURTHER}}


def _revenue_of_all(rows: Sequence[Row]) -> Row:
    """Add the revenue up where it is of one currency."""
    earning = {row["currency"] for row in rows if row["currency"]}
    worth = [row["revenue"] for row in rows if isinstance(row["revenue"], int | float)]
    return {"revenue": sum(worth), "currency": earning.pop()} if len(earning) == 1 else {}


def _notes(goals: Sequence[GoalInfo], in_visits: Records, of_nobody: Records) -> list[str]:
    notes = []
    if nobody := sum(int(record["conversions"]) for bit, record in of_nobody.items() if bit != _ANY):
        notes.append(
            counted(
                "%(n)s conversion is of nobody told apart: it is in no visit, and so not in the rate.",
                "%(n)s conversions are of nobody told apart: they are in no visit, and so not in the rate.",
                nobody,
            )
        )
    for number, goal in enumerate(goals):
        if foreign := sum(int(found.get(1 << number, {}).get("foreign", 0)) for found in (in_visits, of_nobody)):
            notes.append(
                counted(
                    "%(n)s conversion of “%(goal)s” is in another currency than %(currency)s; "
                    "what it was worth is left out.",
                    "%(n)s conversions of “%(goal)s” are in another currency than %(currency)s; "
                    "what they were worth is left out.",
                    foreign,
                    goal=goal.name,
                    currency=goal.currency,
                )
            )
    return notes


def _number(row: Mapping[str, Any], name: str) -> int:
    return int(row[name] or 0)


report = Report(
    name="goals",
    title="Goals",
    doc=__doc__,
    columns=(
        Column("goal", "Goal", "text", "The goal's name."),
        Column("reached_when", "Reached when", "text", "What a visitor does to reach it."),
        measures.conversions.column,
        *interval_columns(measures.conversion_rate.name, measures.conversion_rate.title, measures.conversion_rate.help),
        *(one.column for one in _FURTHER),
        Column("revenue", "Revenue", "number", "What its conversions were worth, as their events say."),
        Column("currency", "Currency", "text", "The revenue's currency, by its three letters (ISO 4217)."),
    ),
    run=run,
    key=("goal",),
)
