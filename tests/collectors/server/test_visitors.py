"""Whose an event from a server is: told by address, token, mark or login, and nobody's name kept."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from tests.collectors.server.sending import ADDRESS, VIEW, Send, kept
from tests.kit.consenting import Person, make_site, mark
from tests.kit.ingest import FIREFOX
from tracker.access import create_key
from tracker.clock import utc_now
from tracker.house import House
from tracker.identity.identifiers import identifier_id
from tracker.sites import PRIVACY_MODES, SiteInfo


@pytest.mark.usefixtures("noon")
def test_a_visitor_is_the_one_whom_the_tag_tells_of(
    send: Send, house: House, shop: SiteInfo, client: FlaskClient
) -> None:
    Person(client, house, shop, ADDRESS, FIREFOX).view()
    send(shop, {**VIEW, "ip": ADDRESS, "user_agent": FIREFOX})
    by_tag, by_server = kept(house)
    assert by_tag.visitor_id == by_server.visitor_id is not None
    assert by_server.user_agent == FIREFOX


def test_without_an_address_or_a_token_nobody_is_told_apart(send: Send, house: House, shop: SiteInfo) -> None:
    send(shop, VIEW, {**VIEW, "user_agent": FIREFOX})
    assert [one.visitor_id for one in kept(house)] == [None, None]
    assert [one.user_agent for one in kept(house)] == [None, FIREFOX]  # that of the sender is not taken for it


def test_a_token_tells_visitors_apart_within_a_day_and_not_beyond(send: Send, house: House, shop: SiteInfo) -> None:
    noon = utc_now().replace(hour=12)  # else the day might end meanwhile
    with time_machine.travel(noon):
        send(shop, *({**VIEW, "visitor": who} for who in ("anna", "bert", "anna")))
        before = (noon - timedelta(days=3)).isoformat()
        send(shop, {**VIEW, "visitor": "anna", "at": before}, {**VIEW, "visitor": "anna"})
    anna, bert, then, again = kept(house)
    assert (len(anna.events), anna.visitor_id) == (2, again.visitor_id)
    assert len({anna.visitor_id, bert.visitor_id, then.visitor_id}) == 3


def test_who_must_not_be_told_apart_has_no_number(send: Send, house: House) -> None:
    for mode, told in (("count", {}), ("cookieless", {"gpc": True}), ("stitched", {"gpc": True})):
        send(make_site(house, mode), {**VIEW, "ip": ADDRESS, "visitor": "anna", "consent": mark(), **told})
    assert [one.visitor_id for one in kept(house)] == [None, None, None]


def test_a_mark_alone_is_enough_where_the_visitor_agreed(send: Send, house: House, stitched: SiteInfo) -> None:
    send(stitched, {**VIEW, "consent": mark("0123456789abcdef")}, {**VIEW, "consent": "denied"})
    agreed, denied = kept(house)
    assert agreed.visitor_id == identifier_id(stitched.identity_key, "first_party", "0123456789abcdef")
    assert (agreed.daily_id, denied.visitor_id) == (None, None)


def test_nothing_that_names_somebody_is_kept(
    send: Send, house: House, stitched: SiteInfo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    named = {"ip": ADDRESS, "visitor": "MARKED-visitor", "login": "MARKED-login", "id": "MARKED-id", "consent": mark()}
    assert send(stitched, {**VIEW, **named}, {**VIEW, **named, "at": "MARKED"}).status_code == 202
    everything = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for secret in ("203.0.113", "MARKED"):
        assert not any(secret.encode() in content for content in everything)
        assert secret not in caplog.text


def test_who_signs_in_at_the_server_is_tied_to_their_browser(
    send: Send, house: House, stitched: SiteInfo, person: Callable[..., Person], client: FlaskClient
) -> None:
    agreed = mark()
    person(consent=agreed).view("/basket")
    answer = send(stitched, {"kind": "identify", "login": "user-42", "consent": agreed})
    assert answer.status_code == 202, answer.json
    house.loader.run_once()
    with house.database.session() as session:
        token = create_key(session, "reader", ["read"], stitched.id)
    key = {"Authorization": f"Bearer {token}"}
    profiles = f"/api/v1/sites/{stitched.key}/profiles"
    found = client.post(f"{profiles}/find", json={"login": "user-42"}, headers=key).json["profile"]
    profile = client.get(f"{profiles}/{found}", headers=key).json
    assert (profile["visits"], profile["views"]) == (1, 1)
    assert {one["kind"] for one in profile["identifiers"]} >= {"login", "first_party"}


# Each is a mode, what is laid over an `identify`, the field at fault and what is said.
NOT_TIED: list[tuple[str, dict[str, Any], str, str]] = [
    ("count", {}, "kind", "mode is count"),
    ("cookieless", {}, "kind", "mode is cookieless"),
    ("consented", {}, "kind", "mode is consented"),
    ("stitched", {"consent": None}, "consent", "did not agree"),
    ("stitched", {"consent": "denied"}, "consent", "did not agree"),
    ("stitched", {"consent": mark(age_days=400)}, "consent", "no mark"),
    ("stitched", {"consent": "yes"}, "consent", "no mark"),
    ("stitched", {"gpc": True}, "gpc", "Global Privacy Control"),
    ("stitched", {"login": None}, "login", "missing"),
]  # fmt: skip


def test_a_login_that_may_not_be_kept_is_refused_with_the_reason(send: Send, house: House) -> None:
    sites = {mode: make_site(house, mode) for mode in PRIVACY_MODES}
    for mode, told, field, says in NOT_TIED:
        answer = send(sites[mode], {"kind": "identify", "login": "user-42", "consent": mark(), **told})
        assert (answer.status_code, answer.json["field"]) == (422, field)
        assert says in answer.json["detail"]
