"""Of those who came for the first time, how many come back, and after how long?

One row is a number of days after the first visit; day 0 means another visit on the first day.
Counted are profiles known longer than a day whose first visit ever lies in the range and is one that
the filters choose; any later visit counts as coming back, whatever it was for. A day counts only for
those for whom it is over, so that the number of profiles falls from row to row; a share of few
is told with its interval. Came back by then is who had come back on any day after the first up to it.
"""

from reports.query.comebacks import Comebacks, comebacks
from reports.query.intervals import interval_columns, with_interval
from reports.query.profiles import known_in_range, known_note
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.languages import gettext, numbers

DAYS = (0, 1, 2, 3, 7, 14, 30, 60, 90)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a number of days, as far as they are over for anybody."""
    found = comebacks(scope, ask)
    rows = [_row(found, day) for day in DAYS]
    told = [row for row in rows if row["profiles"]]
    [sums] = ask(known_in_range(scope))
    notes = [known_note(int(sums["visitors"]), int(sums["known"]))] if int(sums["visitors"]) else []
    if found.begun and len(told) < len(rows):
        notes.append(
            gettext(
                "Day %(day)s and those after it are not over yet for any of them.",
                day=numbers.whole(float(str(rows[len(told)]["day"]))),
            )
        )
    return Found(rows=told, notes=notes)


def _row(found: Comebacks, day: int) -> Row:
    ready = [first for first in found.begun if found.is_over(first, day)]
    tries = sum(found.begun[first] for first in ready)
    back = sum(found.back.get((first, day), 0) for first in ready)
    by_then = sum(found.first_back.get((first, step), 0) for first in ready for step in range(1, day + 1))
    return {
        "day": day,
        "profiles": tries,
        "back": back,
        **with_interval("back_rate", back, tries),
        **with_interval("back_by_then", by_then, tries if day else 0),
    }


report = Report(
    name="retention",
    title="Retention",
    doc=__doc__,
    columns=(
        Column("day", "Day", "count", "Days after the first visit, of the site's own."),
        Column("profiles", "Profiles", "count", "Known profiles that were new in the range, and whose day is over."),
        Column("back", "Came back", "count", "Of these, how many were seen on that day again."),
        *interval_columns("back_rate", "Share that came back", "Of these profiles, how many were seen on that day."),
        *interval_columns(
            "back_by_then", "Came back by then", "Of these profiles, how many were seen on any day from 1 up to it."
        ),
    ),
    run=run,
    compares=False,
)
