"""Do those who came later come back more often than those who came before?

One row is a week in which profiles were seen for the first time, from Monday on, or a day where the
range has at most 14 days; each column is a week, or a day, after the first visit, counted from
each one's own. It holds the share that was seen in it again. Compare down a column: a site that
gets better keeps more of those who came later. Counted are profiles known longer than a day, as in
retention. What is not over yet for all of a row is left out; read a row of few as a hint alone.
"""

from collections.abc import Sequence
from datetime import date

from reports.measures import ratio
from reports.query.buckets import DAYS_A_WEEK, Bucket, day_of, days, weeks
from reports.query.comebacks import Comebacks, comebacks
from reports.query.profiles import known_in_range, known_note
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.languages import gettext

MOST_DAYS = 14
STEPS = 12
_EPOCH = date(1970, 1, 1)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a week or day in which anybody was new, the first of them first."""
    by_week = scope.range.days > MOST_DAYS
    found = comebacks(scope, ask, DAYS_A_WEEK if by_week else 1)
    buckets = (weeks if by_week else days)(scope.range, scope.now)
    ends = [day_of(one) for one in buckets[1:]] + [(scope.range.end_day - _EPOCH).days]
    rows = [_row(found, bucket, end) for bucket, end in zip(buckets, ends, strict=True)]
    [sums] = ask(known_in_range(scope))
    notes = [known_note(int(sums["visitors"]), int(sums["known"]))] if int(sums["visitors"]) else []
    if found.begun:
        notes.append(
            gettext("The columns are weeks after the first visit; what is not over is left out.")
            if by_week
            else gettext("The columns are days after the first visit; what is not over is left out.")
        )
    return Found(rows=[row for row in rows if row["profiles"]], notes=notes)


def _row(found: Comebacks, bucket: Bucket, end: int) -> Row:
    """Tell of those whose first day lies from the bucket's first day up to, and without, the day `end`."""
    firsts = [day for day in range(day_of(bucket), end) if day in found.begun]
    profiles = sum(found.begun[day] for day in firsts)
    return {
        "time": bucket.start.isoformat(),
        "profiles": profiles,
        **{_name(step): _share(found, firsts, step) for step in range(STEPS + 1)},
    }


def _share(found: Comebacks, firsts: Sequence[int], step: int) -> float | None:
    """Return how many came back in a step; None where it is not over for all of them."""
    if not all(found.is_over(day, step) for day in firsts):
        return None
    return ratio(sum(found.back.get((day, step), 0) for day in firsts), sum(found.begun[day] for day in firsts))


def _name(step: int) -> str:
    return f"after_{step}"


report = Report(
    name="cohorts",
    title="Cohorts",
    doc=__doc__,
    columns=(
        Column("time", "First seen", "time", "The day, or the first day of the week, in which they were new."),
        Column("profiles", "Profiles", "count", "Known profiles that were new in it: of these are the shares."),
        Column(_name(0), "At once", "share", "Came again in the same week, or on the same day, as the first visit."),
        *(
            Column(_name(step), f"After {step}", "share", f"Came again so many weeks, or days, later: {step}.")
            for step in range(1, STEPS + 1)
        ),
    ),
    run=run,
    compares=False,
)
