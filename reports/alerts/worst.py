"""Where most visitors were struck in a stretch of time."""

from collections.abc import Sequence

from sqlalchemy import func

from reports.alerts.counting import STRUCK_BY, span_scope
from reports.alerts.kind import Seen
from reports.query.chosen import struggles
from reports.wording.places import struck_at
from tracker.languages import counted, gettext
from tracker.signal_book import BY_NAME
from tracker.store.functions import count_distinct
from tracker.store.schema import struggle

MOST = 3


def worst_places(seen: Seen) -> Sequence[str]:
    """Return a sentence for each of the places that struck most visitors."""
    keys = (struggle.c.signal, struggle.c.path, struggle.c.element)
    number = count_distinct(struggle.c.visitor_id).label("visitors")
    statement = (
        struggles(
            span_scope(seen.looking.site, seen.begin, seen.end),
            *keys,
            func.max(struggle.c.element_text).label("element_text"),
            number,
        )
        .where(struggle.c.signal.in_(STRUCK_BY))
        .group_by(*keys)
        .order_by(number.desc(), *keys)
        .limit(MOST)
    )
    told = []
    for one in seen.looking.ask(statement):
        struck = struck_at(gettext(BY_NAME[one["signal"]].title), one)
        visitors = int(one["visitors"])
        told.append(counted("%(struck)s: %(n)s visitor.", "%(struck)s: %(n)s visitors.", visitors, struck=struck))
    return told
