import json

import msgspec
import pytest

from tests.kit.ground import ms
from tests.kit.ingest import NOON, at_request, footprint_of, view
from tracker.clock import MS_A_DAY
from tracker.event import Event, Footprint
from tracker.ingest.columns import view_id
from tracker.ingest.steps import to_rows
from tracker.ingest.when import as_text
from tracker.store.schema import event as event_table

CLICK = {
    "element": "main>button",
    "element_tag": "button",
    "affordance": "native",
    "trusted": True,
    "disabled": True,
    "offset_x": 500,
    "page_y": 1200,
    "mutation_ms": 30,
    "focus_ms": -20,
    "mutation_pace": 4,
    "watched_after_ms": 7000,
}


def test_there_is_a_row_for_each_event_in_their_order(site):
    rows = to_rows(footprint_of(site, [Event(**view(n)) for n in range(5)]), site)
    assert [row["seq"] for row in rows] == [0, 1, 2, 3, 4]
    assert {row["view_id"] for row in rows} == {0xAA}
    assert {row["site_id"] for row in rows} == {site.id}


def test_every_key_is_a_column_of_the_store(site):
    everything = {**CLICK, "title": "T", "referrer": "a.example/", "engaged_ms": 5, "scroll_permille": 3, "name": "n"}
    everything |= {"properties": {"a": 1}, "navigation": "load"}
    footprint = footprint_of(
        site,
        [Event(**view(**everything)), Event(**view(1, kind="click", **everything))],
        sent_at=None,
        visitor_id=7,
        earlier_visitor_id=8,
        automated=True,
        language="pl",
        zone="Europe/Warsaw",
        viewport=(1, 1),
        country="PL",
        region="r",
        city="c",
        place_approximate=True,
    )
    columns = set(event_table.columns.keys())
    assert all(set(row) <= columns for row in to_rows(footprint, site))


def test_a_clicks_evidence_is_kept_as_it_came(site):
    row = to_rows(footprint_of(site, [Event(**view(kind="click", **CLICK))]), site)[0]
    assert {name: row[name] for name in CLICK} == CLICK
    assert "any_mutation_ms" not in row


def test_what_belongs_to_the_visitor_is_on_every_row(site):
    footprint = footprint_of(site, visitor_id=-5, language="pl-PL", country="PL", city="Łódź", place_approximate=True)
    row = to_rows(footprint, site)[0]
    assert (row["visitor_id"], row["language"], row["country"], row["city"]) == (-5, "pl-PL", "PL", "Łódź")
    assert row["place_approximate"] is True
    assert "region" not in row


def test_properties_are_a_json_object(site):
    said = {"plan": "pro", "seats": 3, "trial": False}
    row = to_rows(footprint_of(site, [Event(**view(kind="custom", name="buy", properties=said))]), site)[0]
    assert json.loads(row["properties"]) == said


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("0000000000000001-0", 1),
        ("7fffffffffffffff-0", 2**63 - 1),
        ("8000000000000000-1", -(2**63)),
        ("f" * 16 + "-2", -1),
    ],
)
def test_view_ids_are_signed_64_bit_numbers(identifier, number):
    assert view_id(identifier) == number


def times(site, at_ms, sent_at, **fields):
    footprint = footprint_of(site, [Event(**view(at=at_ms))], sent_at=sent_at, **fields)
    row = to_rows(footprint, site)[0]
    assert row["received_at"] == "2026-03-01 12:00:00.000"
    return row["occurred_at"], row.get("time_adjusted", False)


def test_an_event_is_as_old_as_its_sender_says_by_our_clock(site):
    assert times(site, ms(NOON) - 5000, ms(NOON)) == ("2026-03-01 11:59:55.000", False)
    years_off = 30 * 365 * MS_A_DAY
    assert times(site, ms(NOON) - 5000 - years_off, ms(NOON) - years_off) == ("2026-03-01 11:59:55.000", False)
    assert times(site, ms(NOON) - 1 + years_off, ms(NOON) + years_off) == ("2026-03-01 11:59:59.999", False)


@pytest.mark.parametrize("age", [-1, -(10**15), MS_A_DAY + 1, 10**15])
def test_an_age_beyond_belief_gives_the_time_of_receipt_and_is_marked(site, age):
    assert times(site, ms(NOON) - age, ms(NOON)) == ("2026-03-01 12:00:00.000", True)


def test_the_limits_of_belief_themselves_are_believed(site):
    assert times(site, ms(NOON) - MS_A_DAY, ms(NOON)) == ("2026-02-28 12:00:00.000", False)
    assert times(site, ms(NOON), ms(NOON)) == ("2026-03-01 12:00:00.000", False)


def test_without_the_time_of_sending_the_time_of_receipt_counts(site):
    assert times(site, ms(NOON) - 5000, None) == ("2026-03-01 12:00:00.000", True)


def test_imports_keep_their_own_time(site):
    assert times(site, ms("2015-05-17 10:05:03"), None, keeps_time=True) == ("2015-05-17 10:05:03.000", False)


def test_times_are_spelt_with_milliseconds_in_utc():
    assert as_text(0) == "1970-01-01 00:00:00.000"
    assert as_text(-1) == "1969-12-31 23:59:59.999"


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        ("https://shop.example/", "shop.example", "/"),
        ("https://shop.example:8443/a/b?utm_source=x", "shop.example", "/a/b"),
        ("https://shop.example/a?id=7&utm_campaign=x&ref=y", "shop.example", "/a?id=7"),
        ("https://shop.example/caf%C3%A9", "shop.example", "/caf%C3%A9"),
    ],
)
def test_a_page_is_host_and_path_with_the_sites_own_parameters(site, url, host, path):
    row = to_rows(footprint_of(site, [Event(**view(url=url))]), site)[0]
    assert (row["host"], row["path"]) == (host, path)


def test_a_footprint_survives_the_spool_unchanged(site, ingest):
    footprint = footprint_of(site, [Event(**view(kind="click", title="T", **CLICK))], viewport=(1280, 720), zone="UTC")
    at_request(footprint, site, ingest)
    spooled = msgspec.json.decode(msgspec.json.encode(footprint), type=Footprint)
    assert to_rows(spooled, site) == to_rows(footprint, site)
