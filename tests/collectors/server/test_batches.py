"""What a site's own server tells: on disk before the answer, each once, with its own time."""

import gzip
import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from tests.collectors.server.sending import VIEW, Send, kept, only, stored
from tracker.clock import now_ms, utc_now
from tracker.house import House
from tracker.models import Site
from tracker.sent_event import MOST_EVENTS
from tracker.sites import SiteInfo
from tracker.store.schema import event


def test_the_good_events_of_a_batch_are_kept_and_of_the_others_it_is_said_why(
    send: Send, house: House, shop: SiteInfo
) -> None:
    answer = send(shop, VIEW, {"kind": "custom"}, {"kind": "view", "page": "/"}, {"kind": "view", "id": 3})
    assert (answer.status_code, answer.json) == (
        202,
        {
            "accepted": 1,
            "rejected": 3,
            "problems": [
                {"index": 1, "field": "name", "problem": "missing: a custom event has one"},
                {"index": 2, "field": "page", "problem": "is no field of an event"},
                {"index": 3, "field": "id", "problem": "Expected `str | null`, got `int`"},
            ],
        },
    )
    assert [one.url for one in only(house).events] == ["https://shop.example/prices"]
    assert house.refusals.take() == {(shop.id, "schema name"): 1, (shop.id, "schema"): 1, (shop.id, "schema id"): 1}


def test_a_batch_without_a_good_event_is_a_problem(send: Send, house: House, shop: SiteInfo) -> None:
    answer = send(shop, {"kind": "custom"}, 5)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert (answer.json["field"], [one["index"] for one in answer.json["problems"]]) == ("name", [0, 1])
    assert kept(house) == []


def test_events_come_in_any_of_four_forms(send: Send, house: House, shop: SiteInfo) -> None:
    two = [VIEW, {"kind": "custom", "name": "order", "revenue": 12.5, "currency": "EUR", "properties": {"plan": "pro"}}]
    array = json.dumps(two).encode()
    lines = b"\n".join(json.dumps(one).encode() for one in two) + b"\n\n"
    answers = [
        send(shop, body=array),
        send(shop, body=b'{"events": ' + array + b"}"),
        send(shop, body=lines, Content_Type="application/x-ndjson"),
        send(shop, body=gzip.compress(array), Content_Encoding="gzip"),
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, '{"accepted":2,"rejected":0,"problems":[]}')}
    assert len(kept(house)) == 4
    for footprint in kept(house):
        view, order = footprint.events
        assert (view.kind, order.kind, order.name) == ("view", "custom", "order")
        assert order.properties == {"plan": "pro", "revenue": 12.5, "currency": "EUR"}


@pytest.mark.usefixtures("noon")
def test_events_keep_their_own_time(send: Send, house: House, shop: SiteInfo) -> None:
    now = now_ms()
    send(shop, {**VIEW, "at": "2026-03-01T13:00:00+01:00"}, {**VIEW, "at": now - 60_000}, VIEW)
    past, minute_ago, just_now = (row[2] for row in stored(house))
    assert f"{past:%Y-%m-%d %H:%M}" == "2026-03-01 12:00"
    assert (just_now - minute_ago).total_seconds() == 60


def test_the_same_id_counts_once_however_late_it_comes_again(send: Send, house: House, shop: SiteInfo) -> None:
    first, other = {**VIEW, "id": "order 17", "at": "2026-03-01T12:00Z"}, {**VIEW, "id": "order 18"}
    assert send(shop, first, first, other).json["accepted"] == 3
    house.loader.run_once()
    send(shop, first, other, VIEW)
    assert len(stored(house)) == 3


def test_an_event_that_is_older_than_the_site_keeps_any_is_refused(send: Send, house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        session.get_one(Site, shop.id).retention_days = 92
    house.sites.forget()
    noon = utc_now().replace(hour=12)
    midnight = noon.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=91)  # today is one of the days
    with time_machine.travel(noon):
        assert send(shop, {**VIEW, "at": midnight.isoformat()}).status_code == 202
        answer = send(shop, {**VIEW, "at": (midnight - timedelta(milliseconds=1)).isoformat()})
    assert (answer.status_code, answer.json["field"]) == (422, "at")
    assert "92 days" in answer.json["detail"]


def test_a_full_batch_is_kept_whole(send: Send, house: House, shop: SiteInfo) -> None:
    answer = send(shop, *({**VIEW, "ip": f"198.51.{number % 7}.1"} for number in range(MOST_EVENTS)))
    assert answer.json["accepted"] == MOST_EVENTS
    assert len({one.visitor_id for one in kept(house)}) == 7
    house.loader.run_once()
    assert house.store.query(select(func.count()).select_from(event)).rows[0][0] == MOST_EVENTS
