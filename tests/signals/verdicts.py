"""What Footfall says of the clicks: their beacons on the whole real way, from the collector to the store."""

import itertools
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from collectors.beacon import read
from collectors.incoming import Incoming
from tests.kit.browser import Beacon
from tests.kit.store import Loading
from tracker.clock import now_ms
from tracker.event import Footprint
from tracker.signals import DEAD, DISABLED, ERROR, FALSE_AFFORDANCE, SLOW
from tracker.sites import SiteInfo
from tracker.store.duckdb import DuckStore
from tracker.store.schema import event, struggle

SITE = SiteInfo(
    id=1,
    key="corpus",
    name="Corpus",
    zone="UTC",
    privacy_mode="count",
    hosts=("127.0.0.1",),
    query_parameters=frozenset(),
    enabled=True,
    sample=False,
)
WORDS = (
    (DEAD, "dead"),
    (DISABLED, "disabled"),
    (FALSE_AFFORDANCE, "false_affordance"),
    (SLOW, "slow"),
    (ERROR, "error"),
)

Row = dict[str, Any]


def judge(beacons: Iterable[Beacon]) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
    """Return (clicks with their signals, struggles) by trial, as the event store has them."""
    footprints, trials = _footprints(beacons)
    if not footprints:
        return {}, {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = DuckStore(folder / "corpus.duckdb", [folder])
        store.migrate()
        load = Loading(store, folder)
        for start in range(0, len(footprints), 200):
            load(footprints[start : start + 200], SITE)
        clicks = _rows(store, select(event).where(event.c.kind == "click").order_by(event.c.occurred_at), trials)
        struggles = _rows(store, select(struggle).order_by(struggle.c.occurred_at), trials)
        store.close()
    for click in itertools.chain(*clicks.values()):
        click["found"] = [word for bit, word in WORDS if (click["signals"] or 0) & bit]
    return clicks, struggles


def _footprints(beacons: Iterable[Beacon]) -> tuple[list[Footprint], dict[int, str]]:
    """Every trial is a visitor of its own."""
    visitors: dict[str, int] = {}
    footprints = []
    for beacon in beacons:
        reading = read(_incoming(beacon))
        visitor = visitors.setdefault(reading.site, len(visitors) + 1)
        footprint = reading.footprint
        footprint.site_id, footprint.visitor_id, footprint.received_at = SITE.id, visitor, now_ms()
        footprint.automated = False
        footprints.append(footprint)
    return footprints, {number: trial for trial, number in visitors.items()}


def _incoming(beacon: Beacon) -> Incoming:
    headers = beacon.headers
    return Incoming(
        body=beacon.raw,
        query="",
        address="127.0.0.1",
        user_agent=headers.get("user-agent"),
        origin=headers.get("origin"),
        referer=headers.get("referer"),
        content_type=headers.get("content-type"),
        global_privacy_control=False,
    )


def _rows(store: DuckStore, statement: Any, trials: dict[int, str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for told in store.query(statement).records():
        found.setdefault(trials[told["visitor_id"]], []).append(told)
    return found


def evidence(click: Row) -> Row:
    """What a click's row says, without what is absent."""
    names: Sequence[str] = [name for name in click if name.endswith("_ms") or name in _TOLD]
    return {name: click[name] for name in names if click[name] is not None}


_TOLD = ("element", "element_tag", "element_role", "affordance", "disabled", "exempt", "mutation_pace", "found")
