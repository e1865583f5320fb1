"""From the spool into ClickHouse by the loader that DuckDB has too."""

from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import func, select

from tests.kit.ground import ms
from tracker.event import Event, Footprint
from tracker.loader import Loader
from tracker.refusals import Refusals
from tracker.settings import Settings
from tracker.sites import SiteBook, SiteInfo
from tracker.spool import Spool, files, open_spool
from tracker.store import clickhouse_loading
from tracker.store.base import StoreDownError
from tracker.store.clickhouse import ClickHouseStore
from tracker.store.schema import event, visit

pytestmark = pytest.mark.clickhouse

BEGIN = ms("2026-03-01 10:00")


@pytest.fixture
def spool(settings: Settings) -> Iterator[Spool]:
    opened = open_spool(settings)
    yield opened
    opened.close()


def put(spool: Spool, site: SiteInfo, views: range) -> None:
    for view in views:
        made = [
            Event(id=f"{view:016x}-{number}", kind=kind, at=BEGIN, url="https://shop.example/")
            for number, kind in enumerate(("view", "click"))
        ]
        told = Footprint(site_id=site.id, received_at=BEGIN, sent_at=BEGIN, visitor_id=view, events=made)
        spool.submit(msgspec.json.encode(told), len(made)).result(10)


def numbers(store: ClickHouseStore) -> tuple[int, int]:
    events, visits = (store.query(select(func.count()).select_from(table)).rows[0][0] for table in (event, visit))
    return events, visits


def test_a_loader_that_dies_in_a_load_leaves_nothing_double(
    settings: Settings,
    clickhouse_store: ClickHouseStore,
    sites: SiteBook,
    site: SiteInfo,
    spool: Spool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(spool, site, range(1, 11))
    dying = Loader(settings, clickhouse_store, sites, Refusals())

    def gone(*_: object) -> None:
        raise StoreDownError("gone")

    with monkeypatch.context() as patched, pytest.raises(StoreDownError):
        patched.setattr(clickhouse_loading, "write_progress", gone)
        dying.run_once()
    dying.close()
    put(spool, site, range(11, 21))

    loader = Loader(settings, clickhouse_store, sites, Refusals())
    assert loader.drain(30)
    assert numbers(clickhouse_store) == (40, 20)
    assert clickhouse_store.tallies() == {(site.id, "loaded", ""): 40}
    spool.close()
    assert loader.drain(30)
    loader.close()
    assert (files(settings.spool_folder), clickhouse_store.marks()) == ([], {})
    assert clickhouse_store.tallies() == {(site.id, "loaded", ""): 40}
