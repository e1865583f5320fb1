"""What the doctor says of an installation and of a page."""

import os
import time

import pytest

from tracker.commands.snippet import judge_page
from tracker.doctor import examine
from tracker.house import House
from tracker.settings import Settings

SITES = [{"key": "abc234", "name": "Shop"}]


def said(house: House, about: str) -> tuple[str, str]:
    [finding] = [one for one in examine(house) if one.about == about]
    return finding.state, finding.text


def test_an_unencrypted_public_address_is_bad(house: House) -> None:
    house.settings.public_url = "http://stats.example.org"
    assert said(house, "address")[0] == "bad"
    house.settings.public_url = "https://stats.example.org"
    assert said(house, "address")[0] == "ok"


def test_a_proxy_that_nobody_trusts_is_a_warning(house: House) -> None:
    house.settings.public_url = "https://stats.example.org"
    assert said(house, "proxies")[0] == "warning"
    house.settings.trusted_proxies = 1
    assert said(house, "proxies")[0] == "ok"


def test_a_store_that_was_set_aside_is_named(house: House) -> None:
    assert said(house, "damage")[0] == "ok"
    house.settings.store_file.with_name("events.duckdb.damaged-20260301T100000000000").touch()
    state, text = said(house, "damage")
    assert state == "warning"
    assert "events.duckdb.damaged-" in text


def test_a_clock_behind_its_own_files_is_bad(house: House) -> None:
    assert said(house, "clock")[0] == "ok"
    ahead = time.time() + 3600
    os.utime(house.settings.data / "footfall.sqlite", (ahead, ahead))
    assert said(house, "clock")[0] == "bad"


def test_a_disk_that_fills_up_is_a_warning(house: House) -> None:
    house.settings.free_space_floor_mb = 2**40
    assert said(house, "disk")[0] == "warning"


def test_a_check_that_fails_is_bad_and_stops_no_other(house: House) -> None:
    house.settings.geoip = "/nowhere.mmdb"
    assert said(house, "geoip")[0] == "bad"
    assert said(house, "proxies")[0] == "ok"


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ('<script defer src="http://127.0.0.1:8600/js/footfall.js" data-site="abc234"></script>', "ok"),
        ("<SCRIPT data-site=abc234 src=http://127.0.0.1:8600/js/footfall.js>", "ok"),
        ('<script src="http://127.0.0.1:8600/js/footfall.js" data-site="other"></script>', "bad"),
        ('<script src="http://127.0.0.1:8600/js/footfall.js"></script>', "bad"),
        ('<script src="https://elsewhere.example/js/footfall.js" data-site="abc234"></script>', "warning"),
        ("<p>footfall</p>", "bad"),
        ("", "bad"),
    ],
)
def test_a_pages_tag_is_judged(settings: Settings, page: str, state: str) -> None:
    assert judge_page(settings, "https://shop.example/", page, SITES)["state"] == state
