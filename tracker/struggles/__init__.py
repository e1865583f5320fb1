"""Struggles, derived from events: one row an incident, in the columns of `schema.struggle`.

Everything is computed from stored events alone, so that deriving again gives the same
whatever the order in which they came. A family is what is found together; a new one is a
module and a line in `FAMILIES`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select, true
from sqlalchemy.sql.selectable import SelectBase

from tracker.signal_versions import limits_by_site
from tracker.signals import THRESHOLDS, Thresholds
from tracker.store.schema import event
from tracker.struggles import forms, moments, rage, ways
from tracker.struggles.rows import OF_ITS_EVENT, incident


@dataclass(frozen=True)
class Family:
    """Signals that are found together, among events of some `kinds`.

    `told` selects them from such events, of which it needs `columns`; `only` leaves out those
    that certainly tell nothing. What it finds depends
    on no other events than those of one `key` (site_id goes without saying; an empty key: on
    the one event alone). A fresh event changes no incident that begins more than `reach_ms`
    before it, unless that one is told already under the same key and `extends` is set; and to
    tell one takes the events from `context_ms` before its beginning on. `needs` is a kind and
    how many such events there must be under one key at least, or nothing can be told.
    """

    signals: tuple[str, ...]
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    told: Callable[[FromClause, Thresholds], SelectBase]
    only: Callable[[FromClause], ColumnElement[bool]] = lambda rows: true()
    key: tuple[str, ...] = ()
    reach_ms: int = 0
    reach_limit: str = ""
    context_ms: int = 0
    extends: bool = False
    needs: tuple[str, int] | None = None

    def reach_s(self, limits: Mapping[int, Thresholds]) -> int:
        """Return how long before a fresh event incidents that it changes may begin, in seconds."""
        of_limit = max(getattr(one, self.reach_limit, 0) for one in (THRESHOLDS, *limits.values()))
        return math.ceil((self.reach_ms + of_limit) / 1000)


CLICKS = Family(
    moments.OF_CLICKS,
    ("click",),
    moments.CLICK_COLUMNS,
    moments.clicks,
    only=moments.is_struck,
)
OTHERS = Family(
    moments.OF_OTHERS,
    moments.OTHER_KINDS,
    moments.OTHER_COLUMNS,
    moments.others,
)
FORMS = Family(
    forms.SIGNALS,
    forms.KINDS,
    forms.COLUMNS,
    forms.forms,
    only=forms.may_tell,
    key=("view_id", "element"),
    extends=True,
)
RAGE = Family(
    rage.SIGNALS,
    rage.KINDS,
    rage.COLUMNS,
    rage.rage,
    only=rage.may_rage,
    key=("view_id", "element"),
    reach_limit="rage",
    extends=True,
    needs=("click", rage.FEWEST_CLICKS),
)
WAYS = Family(
    ways.SIGNALS,
    ways.KINDS,
    ways.COLUMNS,
    ways.ways,
    only=ways.may_tell,
    key=("visitor_id",),
    reach_ms=ways.TOGETHER_MS,
    reach_limit="quick_back",
    context_ms=ways.TOGETHER_MS + ways.LONGEST_REDIRECT_MS,
    needs=("view", ways.FEWEST_VIEWS),
)
FAMILIES = (CLICKS, OTHERS, FORMS, RAGE, WAYS)


def told_by(
    family: Family,
    limits: Mapping[int, Thresholds],
    *conditions: ColumnElement[bool],
    source: FromClause = event,
) -> Select[Any]:
    """Select a family's struggles, in the columns of `schema.struggle`, from the events that meet `conditions`.

    `source` is `event`, or a join with it. `limits` are those of sites that have their own.
    """
    happened = (
        select(*(event.c[name] for name in ("ingest_id", *OF_ITS_EVENT, *family.columns)))
        .select_from(source)
        .where(event.c.kind.in_(family.kinds), family.only(event), *conditions)
        .cte(f"happened_for_{family.signals[0]}")
    )
    told = family.told(happened, limits_by_site(limits, happened.c.site_id)).subquery("told")
    if "ingest_id" not in told.c:
        return select(*told.c)
    added = {name: told.c[name] for name in ("repetitions", "duration_ms", "detail")}
    its_event = told.join(happened, happened.c.ingest_id == told.c.ingest_id)
    return incident(happened, told.c.signal, **added).select_from(its_event)
