"""Weeks of visits put straight into a store, so many an hour, for what looks at hours."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from tracker.ingest.when import as_text
from tracker.sites import SiteInfo
from tracker.store.base import Batch, EventStore

HOUR = timedelta(hours=1)


class Traffic:
    """Loads visits of one view, spread evenly over each hour: `traffic(begin, end, 40)`.

    The number may be a function of the hour's beginning. `path`, `source` and further columns are each visit's;
    `signals` are those of a click in it. `first` is above the numbers of all visitors that came before.
    """

    def __init__(self, store: EventStore, folder: Path, site: SiteInfo, first: int = 1) -> None:
        self._store = store
        self._folder = folder
        self._site = site
        self._numbers = itertools.count(first)
        folder.mkdir(exist_ok=True)

    def __call__(
        self,
        begin: datetime,
        end: datetime,
        number: int | Callable[[datetime], int],
        more: Callable[[int], list[dict[str, Any]]] = lambda _: [],
        **columns: Any,
    ) -> None:
        rows = []
        at = begin
        while at < end:
            wanted = number(at) if callable(number) else number
            for n in range(wanted):
                moment = at + n * HOUR / wanted
                if moment < end:
                    rows += self._visit(moment, columns, more(n))
            at += HOUR
        file = self._folder / f"traffic-{next(self._numbers)}.ndjson"
        file.write_bytes(msgspec.json.Encoder().encode_lines(rows))
        self._store.load(Batch(file, len(rows), "", 0, int(begin.timestamp() * 1000), {}))

    def _visit(self, at: datetime, columns: dict[str, Any], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
        visitor = next(self._numbers)
        text = as_text(int(at.timestamp() * 1000))
        shared = {
            "site_id": self._site.id,
            "view_id": visitor,
            "visitor_id": visitor,
            "occurred_at": text,
            "received_at": text,
            "host": self._site.hosts[0],
            "path": "/",
            **columns,
        }
        told = [{"kind": "view"}, *more]
        return [{**shared, "ingest_id": visitor * 10 + seq, "seq": seq, **one} for seq, one in enumerate(told)]
