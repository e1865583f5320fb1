"""Web vitals before and after a release: the share of views above Google's limit for good, by page and of the site.

A 75th percentile is above a limit where more than a quarter of the views are, so that a share tells of it, and has an
interval.
"""

from typing import Any

from sqlalchemy import Select, func

from reports.query.chosen import events
from reports.query.proportions import Pair, difference
from reports.release.comparing import Change, Sides
from reports.report import Ask
from reports.scope import Scope
from reports.vitals import LEAST_VIEWS, VITALS, Vital
from tracker.store.schema import event

CORE = tuple(vital for vital in VITALS if vital.core)
Counts = dict[str | None, tuple[int, int]]


def slow_shares(compared: Sides, ask: Ask) -> list[Change]:
    """Return the share of views above good of each core vital, of pages that have LEAST_VIEWS on both sides."""
    found = []
    before, after = (_measured(scope, ask) for scope in (compared.before, compared.after))
    for vital in CORE:
        for path, (hits, tries) in after[vital.name].items():
            other_hits, other_tries = before[vital.name].get(path, (0, 0))
            pair = Pair(hits, tries, other_hits, other_tries)
            change = difference(pair) if min(tries, other_tries) >= LEAST_VIEWS else None
            if change is not None:
                found.append(Change((vital.name, path, None, None), None, 0, pair, change))
    return found


def _measured(scope: Scope, ask: Ask) -> dict[str, Counts]:
    """Return by vital and page, and for the site as None, how many views were above good, of how many."""
    by_path = ask(_counted(scope, event.c.path).where(event.c.path.is_not(None)).group_by(event.c.path))
    of_all = [{**record, "path": None} for record in ask(_counted(scope))]
    return {
        vital.name: {
            record["path"]: (int(record[f"{vital.name}_above"]), int(record[vital.views]))
            for record in (*of_all, *by_path)
        }
        for vital in CORE
    }


def _counted(scope: Scope, *place: Any) -> Select[Any]:
    counts = [part for vital in CORE for part in _counts(vital)]
    return events(scope, "vitals", *place, *counts)


def _counts(vital: Vital) -> tuple[Any, Any]:
    above = func.count().filter(vital.stored > vital.good).label(f"{vital.name}_above")
    return above, func.count(vital.stored).label(vital.views)
