"""What a property of an event is, on either engine."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from tests.kit.store import Loading, loading, store  # noqa: F401 - fixtures
from tracker.store.base import EventStore
from tracker.store.functions import property_flag, property_number, property_text
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


def test_a_property_is_what_was_told_or_null(store: EventStore, loading: Any):  # noqa: F811
    load: Loading = loading(store)
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
        for number, (told, _) in enumerate(VALUES)
    ]
    store.load(load.batch(rows))
    properties = event.c.properties
    columns = (property_text(properties, "key"), property_number(properties, "key"), property_flag(properties, "key"))
    found = store.query(select(*(c.label(f"c{n}") for n, c in enumerate(columns))).order_by(event.c.ingest_id)).rows
    assert found == [expected for _, expected in VALUES]
    assert [list(map(type, row)) for row in found] == [list(map(type, expected)) for _, expected in VALUES]


@pytest.mark.parametrize("key", ["", "a.b", "a'b", "$", "/a", "1"])
def test_a_key_is_a_plain_name(key: str):
    with pytest.raises(ValueError, match="plain name"):
        property_text(event.c.properties, key)
