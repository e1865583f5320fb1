"""Visits lost: how many ended on the page of a fault that would have gone on, had they not met it.

Of the visits that reached the page, those that met the fault are compared with those that did
not, within strata of device and medium (a campaign's own medium counts as one): by how much more
often their last view was of that page, times how many they were, summed over the strata with at
least five visits on either side. Where they ended there more rarely, nothing was lost. The
visits without it are counted in a sample, large enough for hundreds of them to each frequent page.

It is an estimate, not an experiment. Who meets a fault has clicked or searched, and such visitors
mostly leave more rarely than those who only look: then more was lost than it says. A page on
which one is done, such as the last of a purchase, ends visits whatever happens on it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, func, select, true

from reports.measures import during
from reports.query.chosen import struggles_in_visits, visits
from reports.query.proportions import Estimate, Pair, excess
from reports.report import Ask
from reports.scope import Scope
from reports.struggle.faults import KEY_LABELS, Fault, Key, key_columns, key_of, of_faults
from reports.struggle.struggling import MOST_PATHS
from tracker.store.functions import each
from tracker.store.schema import visit

MEDIUMS = ("search", "social", "ai", "mail", "referral")
SAMPLE = 100_000  # visits, at most twice as many

Stratum = tuple[str | None, str]
Ended = tuple[int, int]
"""How many visits, and how many of them ended on the page."""


def lost_visits(scope: Scope, ask: Ask, faults: Collection[Fault]) -> Mapping[Key, tuple[int, Estimate | None]]:
    """Return by fault how many visits met it, and how many were lost by it; None where nothing can be compared."""
    mask = _mask(scope, ask)
    paths = {fault.path for fault in faults}
    met, met_in_sample = _met(scope, ask, faults, mask)
    reached = _reached(scope, ask, paths, mask)
    return {
        fault.key: (
            sum(tries for tries, _ in met[fault.key].values()),
            _lost(met[fault.key], met_in_sample[fault.key], reached[fault.path]),
        )
        for fault in faults
    }


def _lost(
    met: Mapping[Stratum, Ended], met_in_sample: Mapping[Stratum, Ended], reached: Mapping[Stratum, Ended]
) -> Estimate | None:
    pairs = []
    for stratum, (tries, ended) in met.items():
        sampled, sampled_ended = reached.get(stratum, (0, 0))
        less, less_ended = met_in_sample.get(stratum, (0, 0))
        without = max(0, sampled - less)
        pairs.append(Pair(ended, tries, min(without, max(0, sampled_ended - less_ended)), without))
    found = excess(pairs)
    return found and Estimate(*(max(0.0, one) for one in found))


def _mask(scope: Scope, ask: Ask) -> int:
    """Return the bits of a visit's id that are 0 in the sample: more where there are more visits."""
    [record] = ask(visits(_of_visits(scope), func.count().label("visits")))
    return (1 << max(0, (int(record["visits"]) // SAMPLE).bit_length() - 1)) - 1


def _met(
    scope: Scope, ask: Ask, faults: Collection[Fault], mask: int
) -> tuple[dict[Key, dict[Stratum, Ended]], dict[Key, dict[Stratum, Ended]]]:
    """Count the visits that met each fault by stratum: all, and those in the sample."""
    met = struggles_in_visits(
        scope, *key_columns(), *_stratum(during), during.c.visit_id, during.c.exit, func.count().label("incidents")
    ).where(during.c.visit_id.is_not(None))
    by_visit = of_faults(met, faults).group_by(*KEY_LABELS, during.c.device, "way", during.c.visit_id, during.c.exit)
    c = by_visit.subquery("met").c
    in_sample, ended = c.visit_id.bitwise_and(mask) == 0, c.exit == c.path
    keys = c.fault, c.path, c.element, c.message, c.device, c.way
    counts = {"all": true(), "ended": ended, "sampled": in_sample, "sampled_ended": and_(in_sample, ended)}
    statement = select(*keys, *(func.count().filter(one).label(name) for name, one in counts.items())).group_by(*keys)
    all_of_them: dict[Key, dict[Stratum, Ended]] = defaultdict(dict)
    sampled: dict[Key, dict[Stratum, Ended]] = defaultdict(dict)
    for record in ask(statement):
        key, stratum = key_of(record), (record["device"], record["way"])
        all_of_them[key][stratum] = int(record["all"]), int(record["ended"])
        sampled[key][stratum] = int(record["sampled"]), int(record["sampled_ended"])
    return all_of_them, sampled


def _reached(scope: Scope, ask: Ask, paths: set[str | None], mask: int) -> Mapping[str | None, Mapping[Stratum, Ended]]:
    """Count the sample's visits that reached each page, by stratum."""
    columns = each(visit.c.trail).label("path"), visit.c.visit_id, visit.c.exit, *_stratum(visit)
    steps = visits(_of_visits(scope), *columns).where(visit.c.visit_id.bitwise_and(mask) == 0).subquery("step")
    reached = select(steps).distinct()
    if len(paths) <= MOST_PATHS:
        reached = reached.where(steps.c.path.in_(sorted(path for path in paths if path is not None)))
    c = reached.subquery("reached").c
    ended = func.coalesce(func.sum(case((c.exit == c.path, 1), else_=0)), 0).label("ended")
    statement = select(c.path, c.device, c.way, func.count().label("visits"), ended)
    found: dict[str | None, dict[Stratum, Ended]] = defaultdict(dict)
    for record in ask(statement.group_by(c.path, c.device, c.way)):
        found[record["path"]][record["device"], record["way"]] = int(record["visits"]), int(record["ended"])
    return found


def _stratum(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    medium = case((table.c.medium.is_(None), "direct"), (table.c.medium.in_(MEDIUMS), table.c.medium), else_="campaign")
    return table.c.device, medium.label("way")


def _of_visits(scope: Scope) -> Scope:
    """Return the scope without the filters on events: similar visits need not have had such an event."""
    of_visits = (
        one
        for one in scope.filters
        if one in scope.bound or all(dimension.level == "visit" for dimension in one.dimensions)
    )
    return replace(scope, filters=tuple(of_visits))
