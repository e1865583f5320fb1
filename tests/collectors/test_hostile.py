"""Hostile JSON gets its documented answer (docs/collector.md), never a 5xx, and poisons nothing."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kit.collect import Knock, beacon, event, footprints
from tests.kit.entrance import Entrance
from tracker.event import Event
from tracker.sites import SiteInfo


def with_value(site: SiteInfo, field: str, raw: bytes) -> bytes:
    """A beacon whose event has `raw` for a field."""
    return beacon(site, event(**{field: "HERE"})).replace(b'"HERE"', raw)


MALFORMED = {
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "a lone high surrogate": rb'"\ud800"',
    "a lone low surrogate": rb'"\udc00"',
    "a raw NUL": b'"a\0b"',
    "not UTF-8": b'"\xc3\x28"',
    "deep lists": b"[" * 20_000 + b"]" * 20_000,
    "deep lists without end": b"[" * 40_000,
    "deep objects": b'{"a":' * 7_000 + b"1" + b"}" * 7_000,
    "a leading zero": b"01",
    "a comment": b"1/**/",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_is_400(name: str, knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    reply = knock("POST", "/collect", with_value(site, "anything", MALFORMED[name]))
    if reply.status != 400:  # what the parser skips in a field that nobody reads, it need not decode
        assert (name, reply.status) == ("not UTF-8", 202)
        return
    assert reply.json == {"reason": "malformed"}
    assert footprints(entrance) == []


OUT_OF_SCHEMA: dict[str, tuple[str, bytes]] = {
    "5,000 digits": ("at", b"9" * 5000),
    "an integer above 2^53": ("at", str(2**53 + 1).encode()),
    "a fraction": ("at", b"1.5"),
    "a property above 2^53": ("properties", b'{"n":9007199254740993}'),
    "1e400": ("properties", b'{"n":1e400}'),
    "an object as a property": ("properties", b'{"n":{}}'),
    "31 properties": ("properties", json.dumps({str(n): n for n in range(31)}).encode()),
    "a number as url": ("url", b"1"),
    "a long url": ("url", b'"https://shop.example/' + b"a" * 4096 + b'"'),
    "another kind": ("kind", b'"purchase"'),
    "null as url": ("url", b"null"),
    "an id in capitals": ("id", b'"00000000000000AB-1"'),
    "a line break after the id": ("id", rb'"00000000000000ab-1\n"'),
}


@pytest.mark.parametrize("name", OUT_OF_SCHEMA)
def test_out_of_schema_is_422_with_the_field(name: str, knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    field, raw = OUT_OF_SCHEMA[name]
    reply = knock("POST", "/collect", with_value(site, field, raw))
    assert (reply.status, reply.json["reason"]) == (422, "schema")
    assert reply.json["field"].removesuffix("[]") == f"events[].{field}"
    assert footprints(entrance) == []


def kept_event(knock: Knock, entrance: Entrance, body: bytes) -> Event:
    assert knock("POST", "/collect", body).status == 202
    (kept,) = footprints(entrance)
    return kept.events[0]


def test_of_two_equal_keys_the_last_counts(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    body = with_value(site, "title", b'"first","title":"second"')
    assert kept_event(knock, entrance, body).title == "second"


@pytest.mark.parametrize("name", ["__proto__", "constructor", "__class__"])
def test_names_with_a_meaning_elsewhere_are_plain_names(
    name: str, knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    kept = kept_event(knock, entrance, beacon(site, event(properties={name: "x"}, **{name: {"polluted": True}})))
    assert kept.properties == {name: "x"}


def test_no_nul_reaches_the_spool(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    texts = {"title": "a\0b", "properties": {"na\0me": "va\0\0lue"}, "url": "https://shop.example/\0x"}
    kept = kept_event(knock, entrance, beacon(site, event(**texts), language="pl\0"))
    assert (kept.title, kept.properties, kept.url) == ("ab", {"name": "value"}, "https://shop.example/x")
    assert b"\\u0000" not in msgspec.json.encode(footprints(entrance))


def test_an_escaped_backslash_before_u0000_is_text(knock: Knock, entrance: Entrance, site: SiteInfo) -> None:
    assert kept_event(knock, entrance, beacon(site, event(title="\\u0000 \\\0"))).title == "\\u0000 \\"


def test_a_url_that_grows_while_it_is_cleaned_leaves_nothing_that_cannot_be_loaded(
    knock: Knock, entrance: Entrance, site: SiteInfo
) -> None:
    long = event(2, url="https://shop.example/?utm_source=" + "\u00e9" * 4000)
    assert knock("POST", "/collect", beacon(site, event(1), long)).json == {"accepted": 1, "rejected": 1}
    alone = knock("POST", "/collect", beacon(site, long))
    assert (alone.status, alone.json) == (202, {"reason": "url", "accepted": 0, "rejected": 1})
    assert len(footprints(entrance)) == 1


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)
EVENT_FIELDS = st.sampled_from([*Event.__struct_fields__, "x"])
FIELDS = st.sampled_from(["sent_at", "zone", "language", "viewport", "automated", "events", "x"])
RELAXED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=150, deadline=None, suppress_health_check=RELAXED)
@given(
    changes=st.dictionaries(EVENT_FIELDS, ANY_JSON, max_size=4),
    shared=st.dictionaries(FIELDS, ANY_JSON, max_size=3),
)
def test_no_json_makes_a_5xx(changes: dict[str, Any], shared: dict[str, Any], knock: Knock, site: SiteInfo) -> None:
    body = beacon(site, event(**changes), **shared)
    assert knock("POST", "/collect", body).status in (202, 400, 413, 422, 429)


@settings(max_examples=150, deadline=None, suppress_health_check=RELAXED)
@given(noise=st.binary(max_size=200), at=st.floats(0, 1))
def test_no_bytes_make_a_5xx(noise: bytes, at: float, knock: Knock, site: SiteInfo) -> None:
    body = beacon(site)
    place = int(at * len(body))
    for hostile in (noise, body[:place] + noise, body[:place] + noise + body[place:]):
        assert knock("POST", "/collect", hostile).status in (202, 400, 404, 413, 422, 429)
