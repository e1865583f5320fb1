"""MSNBC's day of 1999 as events, with known answers: `python -m bench.msnbc [--clickhouse URL]`.

989,818 visitors' sequences of page categories, 4,698,794 views (UCI, CC BY 4.0), expected in
../shared/data/msnbc. They go through the store's own load, in batches on disk.
"""

import argparse
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Integer, case, cast, func, select

from reports import funnels
from reports.run import ReportAnswer, run_report
from reports.scope import parse_scope
from tests.kit.evaluation import REAL
from tracker.conditions import Condition
from tracker.funnels import FunnelInfo, StepInfo
from tracker.ingest.when import as_text
from tracker.sites import SiteInfo
from tracker.store.base import Batch, EventStore
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.duckdb import DuckStore
from tracker.store.schema import visit

SOURCE = REAL / "msnbc" / "msnbc990928.zip"
SEQUENCES, VIEWS, BOUNCES = 989_818, 4_698_794, 0.36919
FUNNEL = {"frontpage": 313_181, "news": 71_600, "sports": 8_403}
SITE = 1
EVENTS_A_BATCH = 50_000
BEGIN_MS = 938_476_800_000  # 28 September 1999
BETWEEN_VIEWS_MS = 10_000


def sequences(source: Path = SOURCE) -> Iterator[list[str]]:
    """Yield each visitor's categories in order."""
    with zipfile.ZipFile(source) as archive, archive.open("msnbc990928.seq") as file:
        lines = (line.decode().split() for line in file)
        names = next(line for line in lines if line[:1] == ["frontpage"])
        for line in lines:
            if line and line[0].isdigit():
                yield [names[int(number) - 1] for number in line]


def rows(source: Path = SOURCE, visitors: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield the views of the first `visitors` sequences (of all when None) as rows of the store."""
    ingest_id = 0
    for visitor, categories in enumerate(islice(sequences(source), visitors), 1):
        # visitors spread over the day; a view every ten seconds
        begin = BEGIN_MS + visitor * 87
        for number, category in enumerate(categories):
            ingest_id += 1
            at = as_text(begin + number * BETWEEN_VIEWS_MS)
            yield {
                "site_id": SITE,
                "ingest_id": ingest_id,
                "kind": "view",
                "view_id": ingest_id,
                "seq": 0,
                "visitor_id": visitor,
                "occurred_at": at,
                "received_at": at,
                "host": "msnbc.example",
                "path": f"/{category}",
            }


def load(store: EventStore, folder: Path, visitors: int | None = None) -> int:
    """Load the views into a store and return how many."""
    encode = msgspec.json.Encoder().encode_lines
    made = 0
    left = rows(visitors=visitors)
    for number, some in enumerate(iter(lambda: list(islice(left, EVENTS_A_BATCH)), [])):
        file = folder / f"msnbc-{number}.ndjson"
        file.write_bytes(encode(some))
        made += store.load(Batch(file, len(some), "", 0, BEGIN_MS, {})).loaded
        file.unlink()
    return made


def funnel(store: EventStore) -> ReportAnswer:
    """Ask the report for the visits that saw the paths of FUNNEL in this order, others between them or not."""
    steps = tuple(StepInfo(name, Condition("path", path=f"/{name}")) for name in FUNNEL)
    site = SiteInfo(
        SITE,
        "msnbc",
        "MSNBC",
        "UTC",
        "cookieless",
        ("msnbc.example",),
        frozenset(),
        enabled=True,
        sample=False,
        funnels=(FunnelInfo("News", steps),),
    )
    scope = parse_scope(site, {"range": ["1999-09-27..1999-10-05"], "bots": ["in"]})
    return run_report(funnels.report, scope, store, timeout_s=300)


def answers(store: EventStore) -> dict[str, Any]:
    """Ask for everything that is known."""
    bounced = cast(func.sum(case((visit.c.bounced, 1), else_=0)), Integer)
    visits, bounces, views = store.query(
        select(func.count(), bounced, func.sum(visit.c.views)).select_from(visit)
    ).rows[0]
    reached = funnel(store)
    return {
        "visits": visits,
        "views": int(views),
        "bounce": bounces / visits,
        "funnel": tuple(row["visits"] for row in reached.rows),
        "funnel_ms": reached.took_ms,
    }


def main() -> None:
    """Load, ask, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clickhouse", metavar="URL", help="an empty database instead of DuckDB")
    url = parser.parse_args().clickhouse
    if not SOURCE.exists():
        sys.exit(f"{SOURCE} is not there; see the module's text")
    folder = Path(tempfile.mkdtemp(prefix="footfall-bench-"))
    store: EventStore = ClickHouseStore(url) if url else DuckStore(folder / "events.duckdb", [folder])
    try:
        store.migrate()
        began = time.perf_counter()
        made = load(store, folder)
        took = time.perf_counter() - began
        found = answers(store)
        print(f"| MSNBC on {store.name} | expected | found |\n|---|---|---|")
        print(f"| views | {VIEWS:,} | {made:,}, in visits {found['views']:,} |")
        print(f"| visits | {SEQUENCES:,} | {found['visits']:,} |")
        print(f"| bounce rate | {BOUNCES} | {found['bounce']:.5f} |")
        print(f"| funnel | {tuple(FUNNEL.values())} | {found['funnel']} |")
        print(f"| the report on it, ms | | {found['funnel_ms']:,} |")
        print(f"| loaded with visits, views/s | | {made / took:,.0f} |")
        right = (made, found["visits"], round(found["bounce"], 5), found["funnel"])
        sys.exit(right != (VIEWS, SEQUENCES, BOUNCES, tuple(FUNNEL.values())))
    finally:
        store.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
