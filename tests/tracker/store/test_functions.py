"""What a property of an event is, and what lists of numbers say, on either engine."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import BigInteger, DateTime, String, case, cast, literal, null, select

from tests.kit.store import Loading, loading, store  # noqa: F401 - fixtures
from tracker.store.base import Batch, EventStore
from tracker.store.functions import (
    any_of,
    base64_text,
    count_until,
    first_after,
    gathered,
    json_text,
    property_flag,
    property_number,
    property_text,
    property_written,
    replaced,
    starts_with,
    written_time,
)
from tracker.store.schema import event

HOSTILE = "q'\"`\\ {p0} \n\t żółw 💥 %%"
VALUES = [
    ({"key": "text"}, ("text", None, False)),
    ({"key": ""}, ("", None, False)),
    ({"key": HOSTILE, "other": 1}, (HOSTILE, None, False)),
    ({"key": "5"}, ("5", None, False)),
    ({"key": "true"}, ("true", None, False)),
    ({"key": 5}, (None, 5.0, False)),
    ({"key": 0}, (None, 0.0, False)),
    ({"key": -7}, (None, -7.0, False)),
    ({"key": 2.5}, (None, 2.5, False)),
    ({"key": 2**53}, (None, 2.0**53, False)),
    ({"key": True}, (None, None, True)),
    ({"key": False}, (None, None, False)),
    ({"key": None}, (None, None, False)),
    ({"other": "text"}, (None, None, False)),
    ({"keys": 5, "a.key": 6}, (None, None, False)),
    (None, (None, None, False)),
]


def batch_of(load: Loading, properties: Sequence[Any]) -> Batch:
    """Return events with these properties, in their order, their views numbered from 0."""
    rows = [
        {
            "site_id": 1,
            "ingest_id": number + 1,
            "kind": "custom",
            "view_id": number,
            "seq": 0,
            "occurred_at": "2026-03-01 10:00:00.000",
            "received_at": "2026-03-01 10:00:00.000",
            "properties": None if told is None else msgspec.json.encode(told).decode(),
        }
        for number, told in enumerate(properties)
    ]
    return load.batch(rows)


def test_a_property_is_what_was_told_or_null(store: EventStore, loading: Any):  # noqa: F811
    store.load(batch_of(loading(store), [told for told, _ in VALUES]))
    properties = event.c.properties
    columns = (property_text(properties, "key"), property_number(properties, "key"), property_flag(properties, "key"))
    found = store.query(select(*(c.label(f"c{n}") for n, c in enumerate(columns))).order_by(event.c.ingest_id)).rows
    assert found == [expected for _, expected in VALUES]
    assert [list(map(type, row)) for row in found] == [list(map(type, expected)) for _, expected in VALUES]


def test_a_property_as_it_is_written(store: EventStore, loading: Any):  # noqa: F811
    told = ["text", "", HOSTILE, "null", 5, -2.5, 0, True, False, None]
    store.load(batch_of(loading(store), [{"key": one} for one in told]))
    found = store.query(select(property_written(event.c.properties, "key")).order_by(event.c.ingest_id)).rows
    assert [row[0] for row in found] == ["text", "", HOSTILE, "null", "5", "-2.5", "0", "true", "false", None]


def test_moments_are_gathered_and_searched(store: EventStore, loading: Any):  # noqa: F811
    load: Loading = loading(store)
    store.load(batch_of(load, [None] * 4))
    numbers = case((event.c.view_id > 0, event.c.view_id * 10), else_=null())  # 10, 20 and 30 of four rows
    group = select(
        gathered(numbers).label("some"), gathered(case((event.c.view_id > 9, 1), else_=null())).label("none")
    )
    c = group.where(event.c.site_id == 1).subquery().c
    nothing = cast(null(), BigInteger)
    columns = [
        *(first_after(c.some, limit) for limit in (0, 10, 25, 30, nothing)),
        first_after(c.none, 0),
        *(count_until(c.some, limit) for limit in (9, 10, 99)),
        count_until(c.none, 9),
    ]
    [row] = store.query(select(*(one.label(f"c{n}") for n, one in enumerate(columns)))).rows
    assert row == (10, 20, 30, None, None, None, 0, 1, 3, 0)


def test_any_of_a_group_is_one_that_is_there(store: EventStore, loading: Any):  # noqa: F811
    store.load(batch_of(loading(store), [None, {"key": "told"}, None, {"key": "told"}]))
    told = property_text(event.c.properties, "key")
    found = select(any_of(told).label("told"), any_of(case((event.c.view_id > 9, 1), else_=null())).label("none"))
    assert store.query(found).rows == [("told", None)]


def test_texts_are_compared_to_the_letter(store: EventStore, loading: Any):  # noqa: F811
    store.load(batch_of(loading(store), [{"key": text} for text in ("a%b", "axb", "A%b", "a\\b")]))
    key = property_text(event.c.properties, "key")
    for said, expected in ((starts_with(key, "a%"), ["a%b"]),):
        rows = store.query(select(key.label("key")).where(said).order_by(event.c.ingest_id)).rows
        assert [row[0] for row in rows] == expected


@pytest.mark.parametrize("key", ["", "a.b", "a'b", "$", "/a", "1"])
def test_a_key_is_a_plain_name(key: str):
    with pytest.raises(ValueError, match="plain name"):
        property_text(event.c.properties, key)


@pytest.mark.parametrize("text", ["plain", HOSTILE, '"', "\u2028/\x7f", "", "ü?>~"])
def test_texts_for_files(store: EventStore, text: str) -> None:  # noqa: F811 - fixture
    value = literal(text, String)
    written = json_text(value), replaced(value, '"', '""'), base64_text(value), json_text(null())
    [row] = store.query(select(*written)).rows
    assert (json.loads(row[0]), row[1]) == (text, text.replace('"', '""'))
    assert row[2] == base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_times_for_files(store: EventStore) -> None:  # noqa: F811 - fixture
    for moment, written in (("2026-03-01 10:00:00.007", "007Z"), ("2026-03-01 10:00:00", "000Z")):
        value = cast(literal(datetime.fromisoformat(moment)), DateTime)
        assert store.query(select(written_time(value))).rows == [(f"2026-03-01T10:00:00.{written}",)]
