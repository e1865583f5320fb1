"""Faults: the places where something goes wrong, each named once, the gravest first.

A fault is a signal at an element, or of a page; a script error also by its message. Its impact
is the visitors affected times the signal's weight, by which faults are ranked. Habits, which are
also met where all is well, count the less the rarer they are: by the share of the page's views,
up to the signal's cap. Clicks on plain content are such a habit.

Rage on an element is no fault of its own where a dead, disabled, slow or failing click on the
same element explains it, having met at least half as many visitors: it is told of that one. Nor
is a script error of which at least half the incidents follow such a failing click.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, null, or_, select, tuple_

from reports import measures
from reports.query.chosen import struggles
from reports.query.daily import views_by_path
from reports.report import Ask
from reports.scope import Scope
from reports.struggle.struggling import IN_VAIN, genuine, named
from tracker.signal_book import SIGNALS
from tracker.store.functions import any_of, count_distinct, epoch_ms, fingerprint
from tracker.store.schema import struggle

CAUSES = ("dead", "disabled", "false_affordance", "slow", "error_click")
HABITS = ("quick_back", "loop", "scroll_hunt")
KEY = ("signal", "path", "element", "message")
_MOST_EXPLAINED = 200
_MOST_BY_NAME = 500

Key = tuple[str, str | None, str | None, str | None]


@dataclass(frozen=True)
class Fault:
    """A place and what goes wrong there; `message` is a script error's alone.

    `raging` says how many visitors also clicked it in rage, `error` which script error follows.
    """

    signal: str
    path: str | None
    element: str | None
    message: str | None
    element_text: str | None
    incidents: int
    visitors: int
    impact: float
    last_seen: datetime
    raging: int = 0
    error: str | None = None

    @property
    def key(self) -> Key:
        """What tells it from others."""
        return self.signal, self.path, self.element, self.message


def find_faults(scope: Scope, ask: Ask) -> list[Fault]:
    """Return a scope's faults, the gravest first, one more than its limit where there are more."""
    explained = _explained(scope, ask)
    records = ask(_ranked(scope, ask).limit(scope.rows_wanted + len(explained)))
    faults = [_fault(record, explained) for record in records if not _is_explained(record, explained)]
    return faults[: scope.rows_wanted]


def error_words(detail: str | None) -> str | None:
    """Return a script error in a line, its message and where it is: the store keeps them in two."""
    return None if detail is None else " at ".join(part for part in detail.splitlines() if part)


def key_columns() -> tuple[ColumnElement[Any], ...]:
    """Return what makes a key of a struggle's row, labelled; group by the labels of KEY_LABELS."""
    message = case((struggle.c.signal == "script_error", struggle.c.detail), else_=null())
    return named().label("fault"), struggle.c.path, struggle.c.element, message.label("message")


_NAMES = ("fault", "path", "element", "message")
KEY_LABELS = ("fault", struggle.c.path, struggle.c.element, "message")


def key_of(record: dict[str, Any]) -> Key:
    """Return the key of a row that was selected with `key_columns`."""
    return record["fault"], record["path"], record["element"], record["message"]


def of_faults(statement: Select[Any], faults: Collection[Fault]) -> Select[Any]:
    """Look only at some faults' struggles, and perhaps others of the same places and of any message."""
    if len(faults) > _MOST_BY_NAME:
        return statement
    place = [named(), *(func.coalesce(column, "") for column in (struggle.c.path, struggle.c.element))]
    wanted = {(fault.signal, fault.path or "", fault.element or "") for fault in faults}
    return statement.where(tuple_(*place).in_(sorted(wanted)))


def _ranked(scope: Scope, ask: Ask) -> Select[Any]:
    found = _counted_by_key(scope).subquery("found")
    c, pages = found.c, views_by_path(scope, ask).subquery("pages")
    weight, cap = (
        case({signal.name: getattr(signal, name) for signal in SIGNALS}, value=c.fault, else_=1.0)
        for name in ("weight", "cap")
    )
    share = func.least(1.0, c.incidents / (func.coalesce(pages.c.views, 1) * cap))
    impact = c.visitors * weight * case((or_(c.plain, c.fault.in_(HABITS)), share), else_=1.0)
    is_cause = and_(c.element.is_not(None), c.fault.in_(CAUSES))
    weighed_rows = select(
        *(column for column in c if column.name != "plain"),
        impact.label("impact"),
        func.max(case((is_cause, c.visitors), else_=null()))
        .over(partition_by=[c.path, c.element])
        .label("cause_visitors"),
        func.max(case((c.fault == "rage", c.visitors), else_=null()))
        .over(partition_by=[c.path, c.element])
        .label("raging"),
        func.max(case((is_cause, impact), else_=null())).over(partition_by=[c.path, c.element]).label("cause_impact"),
    )
    weighed = weighed_rows.select_from(found.outerjoin(pages, c.path == pages.c.path)).subquery("weighed")
    w = weighed.c
    apart = or_(w.fault != "rage", w.cause_visitors.is_(None), 2 * w.cause_visitors < w.visitors)
    told = and_(w.fault.in_(CAUSES), w.element.is_not(None), 2 * w.cause_visitors >= w.raging)
    raging = case((and_(told, w.impact == w.cause_impact), w.raging), else_=0)
    names = [name for name in w.keys() if name not in ("raging", "cause_visitors", "cause_impact")]  # noqa: SIM118
    order = (w.impact.desc(), w.visitors.desc(), w.incidents.desc(), w.fault, *(w[one].nulls_last() for one in KEY[1:]))
    return select(*(w[name] for name in names), raging.label("raging")).where(apart).order_by(*order)


def _counted_by_key(scope: Scope) -> Select[Any]:
    """Select each fault's numbers by its key."""
    # To count visitors by a number is twice as fast as by four texts; within one they are all the same, so any will do.
    columns = key_columns()
    told = [any_of(column).label(f"its_{name}") for name, column in zip(_NAMES, columns, strict=True)]
    counted = struggles(
        scope,
        *told,
        measures.incidents.labelled,
        measures.struck_visitors.labelled,
        func.max(struggle.c.element_text).label("its_text"),
        func.max(struggle.c.occurred_at).label("last_seen"),
        (func.count().filter(struggle.c.signal != IN_VAIN) == 0).label("plain"),
    )
    found = counted.group_by(fingerprint(*columns)).having(genuine()).subquery("counted").c
    names = (found[f"its_{name}"].label(name) for name in _NAMES)
    return select(
        *names, found.incidents, found.visitors, found.its_text.label("element_text"), found.last_seen, found.plain
    )


def _explained(scope: Scope, ask: Ask) -> dict[tuple[str | None, str | None], tuple[str, int]]:
    """Return, by a script error's page and message, the element whose clicks most often bring it, and how often."""
    click = struggle.alias("click")
    followed = and_(
        click.c.site_id == struggle.c.site_id,
        click.c.view_id == struggle.c.view_id,
        click.c.signal == "error_click",
        epoch_ms(struggle.c.occurred_at) - epoch_ms(click.c.occurred_at) <= scope.site.limits.error,
        struggle.c.occurred_at >= click.c.occurred_at,
    )
    errors = struggles(scope, struggle.c.path, struggle.c.detail, click.c.element)
    how_often = count_distinct(fingerprint(struggle.c.view_id, struggle.c.seq)).label("how_often")
    statement = (
        errors.add_columns(how_often)
        .join(click, followed)
        .where(struggle.c.signal == "script_error", click.c.element.is_not(None))
        .group_by(struggle.c.path, struggle.c.detail, click.c.element)
        .order_by(how_often.desc(), struggle.c.path, struggle.c.detail, click.c.element)
        .limit(_MOST_EXPLAINED)
    )
    found: dict[tuple[str | None, str | None], tuple[str, int]] = {}
    for record in ask(statement):
        found.setdefault((record["path"], record["detail"]), (record["element"], int(record["how_often"])))
    return found


def _is_explained(record: dict[str, Any], explained: dict[Any, tuple[str, int]]) -> bool:
    if record["fault"] != "script_error":
        return False
    _, how_often = explained.get((record["path"], record["message"]), ("", 0))
    return 2 * how_often >= int(record["incidents"])


def _fault(record: dict[str, Any], explained: dict[Any, tuple[str, int]]) -> Fault:
    place = record["path"], record["element"]
    errors = [message for (path, message), (element, _) in explained.items() if (path, element) == place]
    return Fault(
        *key_of(record),
        element_text=record["element_text"],
        incidents=int(record["incidents"]),
        visitors=int(record["visitors"]),
        impact=float(record["impact"]),
        last_seen=record["last_seen"],
        raging=int(record["raging"]),
        error=errors[0] if errors and record["fault"] == "error_click" else None,
    )
