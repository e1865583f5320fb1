"""How far do people come in a form, and which field holds them up?

One row is one field, in the order of its form, the most begun forms first: a funnel from field to field.
Left here are the abandoned fills in which it was the last field touched. Filter by a form's element to see
its fields alone. A field that nobody touched is no row, for nothing is sent of it; neither is ever what
stands in one. Time is that in which the field had the focus and the page was seen.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, select

from reports import event_measures as measures
from reports.measures import filled
from reports.query.chosen import events
from reports.query.fills import fills, with_bounds
from reports.query.intervals import interval_columns, with_interval
from reports.report import Ask, Column, Found, Report, Row
from reports.scope import Scope
from tracker.store.functions import median, property_flag, property_number, property_text
from tracker.store.schema import event

_KEYS = ("path", "element")
_PROPERTIES = event.c.properties
_SUMS = (measures.reached, measures.corrections, measures.refills, measures.field_invalid)
_SHOWN = (measures.corrections_per_fill, measures.refills, measures.field_invalid)


def run(scope: Scope, ask: Ask) -> Found:
    """Answer with one row a field, in the order of the forms."""
    fill = with_bounds(scope)
    of_fill = and_(
        event.c.view_id == fill.c.view_id,
        property_text(_PROPERTIES, "form") == fill.c.element,
        event.c.seq < fill.c.seq,
        event.c.seq > fill.c.after_seq,
    )
    place = (fill.c.path, fill.c.element, event.c.element.label("field"))
    fields = (
        events(
            scope,
            "field",
            *place,
            *(one.labelled for one in _SUMS),
            func.max(property_text(_PROPERTIES, "kind")).label("field_kind"),
            func.min(property_number(_PROPERTIES, "position")).label("position"),
            median(property_number(_PROPERTIES, "spent_ms")).label("spent_ms"),
            _count(and_(fill.c.abandoned, property_flag(_PROPERTIES, "last"))).label("left_here"),
        )
        .join(fill, of_fill)
        .group_by(fill.c.path, fill.c.element, event.c.element)
        .subquery("fields")
    )
    label = func.max(property_text(_PROPERTIES, "label")).label("form_label")
    begun = fills(scope, event.c.path, event.c.element, measures.started.labelled, label)
    forms = begun.group_by(event.c.path, event.c.element).subquery("forms")
    statement = (
        select(fields, forms.c.started, forms.c.form_label)
        .select_from(fields.join(forms, and_(*(fields.c[key] == forms.c[key] for key in _KEYS))))
        .order_by(forms.c.started.desc(), *(fields.c[name] for name in (*_KEYS, "position", "field")))
        .limit(scope.rows_wanted)
    )
    return Found(rows=[_row(record) for record in ask(statement)])


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), BigInteger)


def _row(record: dict[str, Any]) -> Row:
    reached, left = int(record["reached"]), int(record["left_here"])
    return {
        **{name: record[name] for name in ("path", "element", "form_label", "field", "field_kind")},
        "position": None if record["position"] is None else int(record["position"]),
        "started_of_form": int(record["started"]),
        "reached": reached,
        **with_interval("share_reached", reached, int(record["started"])),
        "left_here": left,
        **with_interval("share_left", left, reached),
        "spent_ms": None if record["spent_ms"] is None else round(record["spent_ms"]),
        **filled(_SHOWN, record),
    }


report = Report(
    name="form-fields",
    title="Form fields",
    doc=__doc__,
    columns=(
        Column("path", "Page", "path", "The page on which the form stands."),
        Column("element", "Form", "element", "The form's path in the page."),
        Column("form_label", "Name", "text", "What the page calls the form, if it does."),
        Column("position", "No.", "count", "The field's place in the form, from 1."),
        Column("field", "Field", "element", "The field's path in the page."),
        Column("field_kind", "Kind", "text", "The field's kind: text, email, select and so on."),
        Column("started_of_form", "Started", "count", "Fills of the form, whatever was touched in them."),
        measures.reached.column,
        *interval_columns("share_reached", "Of starts", "Fills in which the field was touched, of all of the form."),
        Column("left_here", "Left here", "count", "Abandoned fills in which this field was the last one touched."),
        *interval_columns("share_left", "Of reached", "Left here, of the fills in which the field was touched."),
        Column("spent_ms", "Time", "ms", "Median time spent in the field, of the fills in which it was touched."),
        *(one.column for one in _SHOWN),
    ),
    run=run,
    compares=False,
    signals=("form_abandon",),
)
