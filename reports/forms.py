"""Which forms do people not get through, and where do they give up?

One row is one form of a page, the one that most fills of were abandoned first. A fill begins with the first
input and ends with success (the form was sent, and the page went on or said nothing against it), or when the
visitor leaves or does nothing more for half an hour. A form that was hidden unfinished counts as abandoned
after that time. Read the completion together with its interval. What visitors write is never known; the
report on form fields tells where it takes long and what is corrected.
"""

from typing import Any

from sqlalchemy import and_, case, func, null, select

from reports import event_measures as measures
from reports.event_measures import ABANDONED, SUCCEEDED
from reports.measures import filled, ratio
from reports.query.commonest import commonest
from reports.query.fills import fills
from reports.query.intervals import interval_columns, with_interval
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import median, property_number, property_text
from tracker.store.schema import event

_KEYS = ("path", "element")
_PROPERTIES = event.c.properties
_SUMS = (measures.started, measures.succeeded, measures.abandoned, measures.submits, measures.form_invalid)
_BEFORE, _AFTER = _SUMS[:3], (measures.submits_per_success, measures.invalid_per_start)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a form, most abandoned fills first."""
    place = (event.c.path, event.c.element)
    took = property_number(_PROPERTIES, "took_ms")
    forms = (
        fills(
            scope,
            *place,
            *(one.labelled for one in _SUMS),
            func.max(property_text(_PROPERTIES, "label")).label("form_label"),
            median(property_number(_PROPERTIES, "started_ms")).label("first_input_ms"),
            median(case((SUCCEEDED, took), else_=null())).label("fill_ms"),
        )
        .group_by(*place)
        .subquery("forms")
    )
    last_field = property_text(_PROPERTIES, "last_field").label("last_field")
    given_up = fills(scope, *place, last_field).where(ABANDONED)
    left = commonest(given_up.subquery("given_up"), _KEYS, "last_field")
    statement = (
        select(forms, left.c.last_field, left.c.times)
        .select_from(forms.outerjoin(left, and_(*(forms.c[key] == left.c[key] for key in _KEYS))))
        .order_by(forms.c.abandoned.desc(), forms.c.started.desc(), *(forms.c[key] for key in _KEYS))
        .limit(scope.rows_wanted)
    )
    [total] = ask(fills(scope, *(one.labelled for one in _SUMS)))
    return Found(rows=[_row(record) for record in ask(statement)], totals=_numbers(total))


def _row(record: dict[str, Any]) -> Row:
    medians = {name: record[name] for name in ("first_input_ms", "fill_ms")}
    return {
        **{name: record[name] for name in ("path", "element", "form_label")},
        **_numbers(record),
        **{name: None if found is None else round(found) for name, found in medians.items()},
        "last_field": record["last_field"],
        "left_at_last_field": ratio(int(record["times"] or 0), int(record["abandoned"])),
    }


def _numbers(record: dict[str, Any]) -> Row:
    completion = with_interval("completion_rate", int(record["succeeded"]), int(record["started"]))
    return {**filled(_BEFORE, record), **completion, **filled(_AFTER, record)}


report = Report(
    name="forms",
    title="Forms",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page on which it stands."),
        Column("element", "Form", "element", "The form's path in the page."),
        Column("form_label", "Name", "text", "What the page calls the form, if it does."),
        *(one.column for one in _BEFORE),
        *interval_columns("completion_rate", measures.completion_rate.title, measures.completion_rate.help),
        Column("last_field", "Given up at", "element", "The field that was the last touched in most abandoned fills."),
        Column("left_at_last_field", "Given up there", "share", "Abandoned fills that ended at that field, of all."),
        Column("first_input_ms", "To first input", "ms", "Median time from the view's beginning to the first input."),
        Column("fill_ms", "To fill", "ms", "Median time from the first input to the success, of fills that had it."),
        *(one.column for one in _AFTER),
    ),
    run=run,
    signals=("form_abandon", "form_resubmit"),
)
