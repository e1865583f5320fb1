"""Opening and closing everything, and what is said when something does not open."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from flask import Flask
from sqlalchemy import text

from tests.kit.ground import at
from tracker.claim import FolderTakenError
from tracker.database import Database
from tracker.errors import FootfallError
from tracker.house import House, current_house, open_house
from tracker.metrics import render
from tracker.settings import Settings, load_settings
from tracker.sites import create_site


def test_what_is_opened_can_be_closed_and_opened_again(settings: Settings) -> None:
    open_house(settings).close()
    open_house(settings).close()


def test_only_one_house_opens_on_a_folder(house: House) -> None:
    with pytest.raises(FolderTakenError, match=rf"in use by process {os.getpid()}"):
        open_house(house.settings)


def test_handlers_find_the_house(app: Flask, house: House) -> None:
    with app.app_context():
        assert current_house() is house


def test_a_failed_opening_leaves_the_folder_free(settings: Settings) -> None:
    settings.geoip = str(settings.data / "none.mmdb")
    with pytest.raises(FootfallError, match=r"none\.mmdb"):
        open_house(settings)
    settings.geoip = ""
    open_house(settings).close()


def test_a_wrong_geoip_file_is_one_line(settings: Settings) -> None:
    wrong = settings.data / "wrong.mmdb"
    wrong.write_bytes(b"not a database")
    settings.geoip = str(wrong)
    with pytest.raises(FootfallError, match=r"wrong\.mmdb") as caught:
        open_house(settings)
    assert "\n" not in str(caught.value)


def test_a_relational_store_of_a_newer_version_is_refused(settings: Settings) -> None:
    open_house(settings).close()
    database = Database(settings)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(FootfallError, match="newer Footfall"):
        open_house(settings)


def test_an_event_store_of_a_newer_version_is_refused(settings: Settings) -> None:
    open_house(settings).close()
    with duckdb.connect(str(settings.store_file)) as connection:
        connection.execute("UPDATE schema_version SET version = 9999")
    with pytest.raises(FootfallError, match="version 9999"):
        open_house(settings)


def test_closing_loads_what_was_taken_in(settings: Settings) -> None:
    house = open_house(settings)
    with house.database.session() as session:
        site = create_site(session, "Shop", ["shop.example"])
    event = b'{"id":"00000000000000aa-0","kind":"view","at":%d,"url":"https://shop.example/"}' % _now_ms()
    body = b'{"site_id":%d,"received_at":%d,"visitor_id":7,"events":[%s]}' % (site.id, _now_ms(), event)
    house.spool.submit(body, 1).result(10)
    house.loader.start()
    house.close()
    again = open_house(settings)
    assert again.store.tallies()[site.id, "loaded", ""] == 1
    assert again.accepted_before == 1
    again.close()


def test_metrics_add_up(house: House) -> None:
    with house.database.session() as session:
        site = create_site(session, "Shop", ["shop.example"])
    body = b'{"site_id":%d,"received_at":%d,"events":[%s]}'
    good = b'{"id":"00000000000000aa-0","kind":"view","at":%d,"url":"https://shop.example/"}' % _now_ms()
    for lines in (body % (site.id, _now_ms(), good), body % (site.id, _now_ms(), good), b"nonsense"):
        house.spool.submit(lines, 1).result(10)
    waiting = _numbers(house)
    assert waiting["footfall_accepted_events_total"] == waiting["footfall_pending_events"] == 3
    assert house.loader.drain(60)
    house.refusals.count(site.id, "origin")
    house.loader.run_once()
    loaded = _numbers(house)
    ended = {name: value for name, value in loaded.items() if name.startswith("footfall_events_total")}
    assert sum(ended.values()) == loaded["footfall_accepted_events_total"] == 3
    assert ended['footfall_events_total{outcome="loaded",reason=""}'] == 1
    assert loaded["footfall_pending_events"] == 0
    assert loaded['footfall_refused_total{reason="origin"}'] == 1


def test_personal_data_stays_out_of_the_log(settings: Settings) -> None:
    program = (
        "import logging, structlog; from tracker.logs import configure_logs; configure_logs('info');"
        "structlog.get_logger('x').warning('seen', address='192.0.2.7', user_agent='Firefox', site='shop');"
        "logging.getLogger('y').warning('plain %s', 'words')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "192.0.2.7" not in ran.stderr and "Firefox" not in ran.stderr
    assert "event=seen site=shop" in ran.stderr
    assert 'event="plain words"' in ran.stderr


@pytest.mark.parametrize("name", ["FOOTFALL_PORT", "FOOTFALL_TRUSTED_PROXIES", "FOOTFALL_SPOOL_CAP_MB"])
def test_a_setting_that_is_no_number_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(FootfallError, match=f"{name}: 'many' is not a whole number"):
        load_settings({"FOOTFALL_DATA": str(tmp_path), name: "many"})


def _numbers(house: House) -> dict[str, float]:
    lines = render(house).decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def _now_ms() -> int:
    return int(at("2026-03-01 10:00").timestamp() * 1000)
