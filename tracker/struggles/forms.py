"""Forms that were begun and left, and forms that had to be sent again."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, func, or_, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from tracker.signals import Thresholds
from tracker.store.functions import epoch_ms, property_number, property_text
from tracker.struggles.rows import OF_ITS_EVENT, incident, whole

SIGNALS = ("form_abandon", "form_resubmit")
KINDS = ("form",)
COLUMNS = ("properties",)
_UNSETTLED = ("open", "idle")  # the visitor may come back to it


def may_tell(events: FromClause) -> ColumnElement[bool]:
    """Tell whether an event counts here: it must name its form."""
    return events.c.element.is_not(None)


def forms(happened: FromClause, limits: Thresholds) -> CompoundSelect[Any]:
    """Select what the form events in `happened` tell.

    A form that is still open, or idle, counts as abandoned until a later event of the same
    view and form tells how it went on: nobody looks at a clock, so that deriving again gives
    the same at any time. `limits` play no part: the page measured them.
    """
    c = happened.c
    each = select(
        *(c[name] for name in OF_ITS_EVENT),
        c.properties,
        func.row_number()
        .over(
            partition_by=[c.site_id, c.view_id, c.element],
            order_by=[epoch_ms(c.occurred_at).desc(), c.seq.desc()],
        )
        .label("from_last"),
        property_text(c.properties, "outcome").label("outcome"),
        func.coalesce(property_number(c.properties, "fields"), 0).label("fields"),
        func.coalesce(property_number(c.properties, "submits"), 0).label("submits"),
        func.coalesce(property_number(c.properties, "invalid"), 0).label("invalid"),
    )
    told = each.subquery("form")
    c = told.c
    settled = or_(c.from_last == 1, c.outcome.not_in(_UNSETTLED))
    begun = or_(c.fields > 0, property_number(c.properties, "started_ms").is_not(None))
    again = or_(c.submits > 1, c.invalid > 0)
    shared: dict[str, Any] = {
        "duration_ms": whole(property_number(c.properties, "took_ms")),
        "detail": property_text(c.properties, "last_field"),
        "element_text": property_text(c.properties, "label"),
    }
    submits = case((c.submits > 1, whole(c.submits)), else_=1)
    return union_all(
        incident(told, "form_abandon", **shared).where(settled, begun, c.outcome != "success"),
        incident(told, "form_resubmit", repetitions=submits, **shared).where(settled, again),
    )
