"""Who may send events as a site's server: by a key that may, not too often, while they can be kept."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from tests.collectors.server.sending import VIEW, Send
from tests.kit.consenting import make_site
from tracker.access import create_key
from tracker.clock import utc_now
from tracker.house import House
from tracker.models import ApiKey, Site
from tracker.sites import SiteInfo


def test_only_a_key_that_may_send_gets_in(send: Send, house: House, shop: SiteInfo, client: FlaskClient) -> None:
    address = f"/api/v1/sites/{shop.key}/events"
    lacking = send(shop, VIEW, scope="read")
    assert (lacking.status_code, lacking.json["scope"]) == (403, "ingest")
    assert lacking.json["type"] == "/api/v1/problems/missing-scope"
    nobody = client.post(address, json=[VIEW], headers={"Authorization": "Bearer ff_wrong"})
    assert (nobody.status_code, nobody.mimetype) == (401, "application/problem+json")
    assert nobody.json["type"] == "/api/v1/problems/no-key" and "WWW-Authenticate" in nobody.headers
    with house.database.session() as session:
        token = create_key(session, "old", ["ingest"], shop.id)
        session.query(ApiKey).filter_by(name="old").one().expires_at = utc_now() - timedelta(days=1)
    expired = client.post(address, json=[VIEW], headers={"Authorization": f"Bearer {token}"})
    assert (expired.status_code, expired.json["type"]) == (401, "/api/v1/problems/expired-key")
    other = make_site(house, "cookieless")
    assert send(other, VIEW).status_code == 202
    with house.database.session() as session:
        token = create_key(session, "another's", ["ingest"], other.id)
    elsewhere = client.post(address, json=[VIEW], headers={"Authorization": f"Bearer {token}"})
    assert (elsewhere.status_code, elsewhere.json["type"]) == (403, "/api/v1/problems/forbidden")
    with house.database.session() as session:
        token = create_key(session, "all sites'", ["ingest"])
    unknown = client.post("/api/v1/sites/nosuch/events", json=[VIEW], headers={"Authorization": f"Bearer {token}"})
    assert (unknown.status_code, unknown.json["reason"]) == (404, "unknown_site")


@pytest.mark.usefixtures("one_a_second")
def test_whoever_guesses_keys_has_to_wait(shop: SiteInfo, client: FlaskClient) -> None:
    wrong = {"Authorization": "Bearer ff_wrong"}
    asked = [client.post(f"/api/v1/sites/{shop.key}/events", json=[VIEW], headers=wrong) for _ in range(21)]
    assert [one.status_code for one in asked] == [401] * 20 + [429]
    assert asked[-1].headers["Retry-After"] == "1"


def test_a_site_that_is_switched_off_takes_nothing(send: Send, house: House, shop: SiteInfo) -> None:
    with house.database.session() as session:
        session.get_one(Site, shop.id).enabled = False
    house.sites.forget()
    answer = send(shop, VIEW)
    assert (answer.status_code, answer.json["reason"]) == (404, "disabled_site")


def test_what_cannot_be_kept_now_may_come_again(send: Send, house: House, shop: SiteInfo) -> None:
    house.spool.close()
    answer = send(shop, VIEW)
    assert (answer.status_code, answer.json["reason"], answer.headers["Retry-After"]) == (503, "closing", "5")


@pytest.mark.usefixtures("one_a_second")
def test_above_the_rate_it_says_when_to_come_again(send: Send, shop: SiteInfo) -> None:
    answers = [send(shop, VIEW) for _ in range(11)]
    assert [one.status_code for one in answers] == [202] * 10 + [429]
    assert answers[-1].headers["Retry-After"] == "1"
