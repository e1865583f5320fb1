"""What is no event or no batch: refused with the field or the reason, and nothing of it kept."""

import gzip
import json
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.server.batch import read_batch
from collectors.server.footprints import make_batch
from tests.collectors.server.sending import VIEW, Send, kept
from tracker.clock import utc_now
from tracker.event import Footprint
from tracker.house import House
from tracker.ingest.steps import to_rows
from tracker.sent_event import MOST_BYTES, MOST_EVENTS, SentEvent
from tracker.sites import SiteInfo

JSON_TEXTS = st.sampled_from(
    ["/a", "https://shop.example/%", "2026-03-01T12:00:00+14:00", "0001-01-01", "203.0.113.7", "::1"]
)
THIRTY = dict.fromkeys(map(str, range(30)), 1)

# Each is laid over a view; the field is at fault.
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "click"}, "kind"),
    ({"url": "https://evil.example/"}, "url"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"url": "//[x"}, "url"),
    ({"ip": "anna"}, "ip"),
    ({"ip": "203.0.113.77:80"}, "ip"),
    ({"at": "soon"}, "at"),
    ({"at": 1_767_225_600}, "at"),
    ({"at": 4_000_000_000_000}, "at"),
    ({"at": "9999-12-31T23:59:59-23:59"}, "at"),
    ({"at": True}, "at"),
    ({"name": "order"}, "name"),
    ({"revenue": 5}, "revenue"),
    ({"properties": {"a": 1}}, "properties"),
    ({"kind": "custom", "name": ""}, "name"),
    ({"kind": "custom", "name": "order", "currency": "EUR"}, "revenue"),
    ({"kind": "custom", "name": "order", "revenue": 1, "currency": "euro"}, "currency"),
    ({"kind": "custom", "name": "a", "revenue": 1, "properties": THIRTY}, "properties"),
    ({"kind": "custom", "name": "a", "properties": {"a": [1]}}, "properties[]"),
    ({"kind": "identify", "login": " "}, "login"),
    ({"visitor": ""}, "visitor"),
    ({"user_agent": "a" * 2049}, "user_agent"),
]  # fmt: skip


def test_a_fault_names_its_field(send: Send, house: House, shop: SiteInfo) -> None:
    problems = send(shop, *({**VIEW, **told} for told, _ in FAULTS)).json["problems"]
    assert [one["field"] for one in problems] == [field for _, field in FAULTS]
    assert kept(house) == []


PACKED = gzip.compress(json.dumps([VIEW]).encode())


# Each is a body, headers, and what is answered.
NO_BATCHES: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"{", {}, 400, "malformed"),
    (b"\xff", {}, 400, "malformed"),
    (b"[" * 100_000, {}, 400, "malformed"),
    (b"5", {}, 422, "schema"),
    (b"[]", {}, 422, "schema"),
    (b'{"events": {}}', {}, 422, "schema"),
    (b"[0," + b"0," * MOST_EVENTS + b"0]", {}, 422, "schema"),
    (b"\n\n", {"Content_Type": "application/x-ndjson"}, 422, "schema"),
    (b"x=1", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "content_type"),
    (PACKED, {"Content_Encoding": "br"}, 415, "content_encoding"),
    (PACKED[:-9], {"Content_Encoding": "gzip"}, 400, "malformed"),
    (PACKED + b"more", {"Content_Encoding": "gzip"}, 400, "malformed"),
    (b"no gzip", {"Content_Encoding": "gzip"}, 400, "malformed"),
    (b" " * (MOST_BYTES + 1), {}, 413, "too_large"),
    (gzip.compress(b" " * 64 * MOST_BYTES), {"Content_Encoding": "gzip"}, 413, "too_large"),
]  # fmt: skip


def test_a_body_that_is_no_batch_is_refused(send: Send, house: House, shop: SiteInfo) -> None:
    for body, headers, status, reason in NO_BATCHES:
        answer = send(shop, body=body, **headers)
        told = (answer.status_code, answer.json["reason"], answer.headers["X-Footfall-Reason"])
        assert told == (status, reason, reason), (body[:40], headers)
        assert list(house.refusals.take().values()) == [1]
    assert kept(house) == []


NAMES = st.sampled_from([*SentEvent.__struct_fields__, "more"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False)  # those are no JSON
VALUES = st.none() | st.booleans() | st.integers() | FLOATS | st.text(max_size=40) | JSON_TEXTS
EVENTS = st.dictionaries(NAMES, VALUES | st.dictionaries(st.text(max_size=9), VALUES, max_size=3), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(told=EVENTS, kind=st.sampled_from(["view", "custom", "search", "identify"]))
def test_whatever_is_told_of_an_event_is_kept_or_refused_by_a_field(
    told: dict[str, Any], kind: str, house: House, stitched: SiteInfo
) -> None:
    body = json.dumps([{"kind": kind, **told}]).encode()
    sent, faults = read_batch(body, None, None)
    batch = make_batch(sent, stitched, house.ingest, utc_now())
    assert batch.accepted + len(faults) + len(batch.faults) == 1
    for kept_body, _ in batch.bodies:
        assert to_rows(msgspec.json.decode(kept_body, type=Footprint), stitched)
