"""How far do visits get on their way, and where do they leave it?

One row is one step of the funnel that is chosen, else of the first one; they are made under “Goals and funnels” in
the site's setup. A visit reaches a step when it did so after it had reached the one before, in the same visit; what
else it did in between does not matter. Left here are the visits that reached this step and never the next; "went next"
says where most of them were next, which is often what they were looking for.

A struggle between two steps is any signal from this step until the next, or until the visit's end. Where many
more of those who left had one than of those who went on, it may be why they left; it is no proof, for who looks
longer meets more. Times are medians.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    null,
    select,
)

from reports.measures import ratio
from reports.query.chosen import struggles
from reports.query.commonest import commonest
from reports.query.intervals import interval_columns, with_interval
from reports.query.meeting import met, possible
from reports.query.profiles import unfiltered
from reports.query.reaching import events_in_visits, visits_chosen
from reports.query.within import within_visit
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from reports.struggle.struggling import counted
from tracker.conditions import in_words
from tracker.funnels import FunnelInfo, StepInfo
from tracker.languages import gettext, marked
from tracker.signal_book import SIGNALS
from tracker.store.functions import count_until, element, epoch_ms, first_after, gathered, median, whole_div
from tracker.store.schema import event, struggle, visit

NO_FUNNELS = marked("This site has no funnels yet. Whoever may change the site makes them under “Goals and funnels”.")
LEFT = "left the site"
_NUMBERS = 100_000  # an event's number inside its view has at most five digits


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a step, in their order."""
    funnel = chosen_funnel(scope)
    if funnel is None:
        return Found(rows=[], notes=[gettext(NO_FUNNELS)])
    steps = funnel.steps
    found = ask(_told(scope, steps))
    visits = [int(found[0][f"visits_{number}"]) for number in range(len(steps))]
    nexts = {int(one["step"]): one for one in found if one["step"] is not None}
    rows = [_row(number, steps, visits, found[0], nexts.get(number)) for number in range(len(steps))]
    return Found(rows=rows, notes=[gettext("Funnel: %(name)s.", name=funnel.name)])


def chosen_funnel(scope: Scope) -> FunnelInfo | None:
    """Return the funnel that is asked about: the first where none is chosen, None where there is none."""
    return scope.funnel or (scope.site.funnels[0] if scope.site.funnels else None)


def _told(scope: Scope, steps: Sequence[StepInfo]) -> Select[Any]:
    """Select the numbers of all steps, once for each step at which anybody left, with where most of those went."""
    chosen = visits_chosen(scope, possible(steps[0].condition))
    walked = _walked(scope, chosen, steps)
    numbers, nexts = _numbers(walked, _struggles(scope, chosen), len(steps)), _nexts(scope, walked, len(steps))
    return select(
        *(one for one in numbers.c if one.name != "one"), nexts.c.step, nexts.c.next, nexts.c.times
    ).select_from(numbers.outerjoin(nexts, numbers.c.one == nexts.c.one))


def _walked(scope: Scope, chosen: Subquery, steps: Sequence[StepInfo]) -> CTE:
    """Return the visits that reached the first step: visit_id, and in `at_0` … when each step was, null for never.

    A step is the first of its events after the step before. All that a visit did is gathered in one look at
    the events; the steps are then found one after the other in what is there.
    """
    conditions = [step.condition for step in steps]
    moments = (case((met(one), _moment(event)), else_=null()).label(f"is_{n}") for n, one in enumerate(conditions))
    hits = events_in_visits(scope, chosen, conditions, *moments).subquery("hits")
    first = func.min(hits.c.is_0)
    further = (gathered(hits.c[f"is_{n}"]).label(f"all_{n}") for n in range(1, len(steps)))
    by_visit = select(hits.c.visit_id, first.label("at_0"), *further).group_by(hits.c.visit_id)
    walked = by_visit.having(first.is_not(None)).subquery("gathered")
    for number in range(1, len(steps)):
        next_one = first_after(walked.c[f"all_{number}"], walked.c[f"at_{number - 1}"])
        rest = (one for one in walked.c if one.name != f"all_{number}")
        walked = select(*rest, next_one.label(f"at_{number}")).subquery(f"walked_{number}")
    return select(walked).cte("walked")


def _numbers(walked: FromClause, met_with: FromClause, steps: int) -> Subquery:
    """Return, for each step, how many visits reached it, how long that took, and how many struggled after it."""
    at = [walked.c[f"at_{number}"] for number in range(steps)]
    columns: list[ColumnElement[Any]] = [literal(1).label("one")]
    for number, here in enumerate(at):
        columns.append(func.count(here).label(f"visits_{number}"))
        if number:
            took = whole_div(here, _NUMBERS) - whole_div(at[number - 1], _NUMBERS)
            columns.append(median(took).label(f"took_{number}"))
        if number + 1 < len(at):
            struck, after = first_after(met_with.c.struggles, here), at[number + 1]
            columns.append(_count(and_(after.is_not(None), struck <= after)).label(f"on_{number}"))
            columns.append(_count(and_(after.is_(None), struck.is_not(None))).label(f"left_{number}"))
    joined = walked.outerjoin(met_with, walked.c.visit_id == met_with.c.visit_id)
    return select(*columns).select_from(joined).subquery("numbers")


def _nexts(scope: Scope, walked: FromClause, steps: int) -> Subquery:
    """Return, for each step, the page that most of those who left there saw next, and how many did."""
    at = [walked.c[f"at_{number}"] for number in range(steps)]
    left_at = case(*((at[number].is_(None), number - 1) for number in range(1, steps)), else_=0).label("step")
    last_ms = whole_div(func.coalesce(*reversed(at[:-1])), _NUMBERS).label("at_ms")
    lost = select(walked.c.visit_id, left_at, last_ms).where(at[-1].is_(None)).subquery("lost")
    seen = count_until(visit.c.trail_offset_ms, lost.c.at_ms - epoch_ms(visit.c.started_at))
    page = element(visit.c.trail, seen + 1)
    gone = (
        select(lost.c.step, func.coalesce(page, LEFT).label("next"))
        .select_from(lost.join(visit, lost.c.visit_id == visit.c.visit_id))
        .where(visit.c.site_id == scope.site.id, not_(visit.c.trail_cut))
        .subquery("gone")
    )
    most = commonest(gone, ["step"], "next")
    return select(literal(1).label("one"), most).subquery("nexts")


def _struggles(scope: Scope, chosen: Subquery) -> Subquery:
    """Return, by visit_id, when each of its struggles was."""
    in_vain_or_not = counted(struggles(unfiltered(scope), *(struggle.c[n] for n in _STRUGGLE)), scope).subquery("met")
    return (
        select(chosen.c.visit_id, gathered(_moment(in_vain_or_not)).label("struggles"))
        .select_from(in_vain_or_not.join(chosen, within_visit(in_vain_or_not, chosen)))
        .group_by(chosen.c.visit_id)
        .subquery("struggled")
    )


_STRUGGLE = ("site_id", "visitor_id", "occurred_at", "seq")


def _moment(table: FromClause) -> ColumnElement[int]:
    """Return one number that puts a visitor's events in order: by their time, then by their number in the view."""
    return epoch_ms(table.c.occurred_at) * _NUMBERS + table.c.seq


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), BigInteger)


def _row(
    number: int,
    steps: Sequence[StepInfo],
    visits: Sequence[int],
    found: Mapping[str, Any],
    gone: Mapping[str, Any] | None,
) -> Row:
    here, is_last = visits[number], number + 1 == len(steps)
    on = 0 if is_last else visits[number + 1]
    took = found.get(f"took_{number}")
    before = visits[number - 1] if number else here
    rate = with_interval("step_rate", here, before)
    return {
        "step": steps[number].title,
        "done_when": in_words(steps[number].condition),
        "visits": here,
        "share_of_first": ratio(here, visits[0]),
        **(rate if number else dict.fromkeys(rate)),
        "took_ms": None if took is None else round(took),
        "left": None if is_last else here - on,
        "next": gone["next"] if gone else None,
        "next_visits": int(gone["times"]) if gone else None,
        "struggled_on": None if is_last else ratio(int(found[f"on_{number}"]), on),
        "struggled_left": None if is_last else ratio(int(found[f"left_{number}"]), here - on),
    }


report = Report(
    name="funnels",
    title="Funnels",
    doc=__doc__,
    columns=(
        Column("step", "Step", "text", "The step's name."),
        Column("done_when", "Reached when", "text", "What a visitor does to reach it."),
        Column("visits", "Visits", "count", "Visits that reached it after the steps before."),
        Column("share_of_first", "Of the first", "share", "Visits that reached it, of those at the first step."),
        *interval_columns("step_rate", "Of the step before", "Visits that reached it, of those at the step before."),
        Column("took_ms", "Time to it", "ms", "Median time from the step before."),
        Column("left", "Left here", "count", "Visits that reached it and never the next step."),
        Column(
            "next",
            "Went next",
            "path",
            f"The page that most of those who left here saw next; “{LEFT}” where most saw none.",
        ),
        Column("next_visits", "Did so", "count", "How many of those who left here did that."),
        Column(
            "struggled_on",
            "Struggled, went on",
            "share",
            "Of those who went on to the next step, who met a struggle on the way there.",
        ),
        Column(
            "struggled_left", "Struggled, left", "share", "Of those who left here, who met a struggle after this step."
        ),
    ),
    run=run,
    compares=False,
    signals=tuple(signal.name for signal in SIGNALS),
)
