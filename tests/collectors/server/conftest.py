"""A site whose own server tells of its visitors."""

import json
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from collectors.rates import Rates
from tests.collectors.server.sending import Send
from tests.kit.consenting import make_site
from tracker.access import create_key
from tracker.house import House
from tracker.sites import SiteInfo


@pytest.fixture
def shop(house: House) -> SiteInfo:
    return make_site(house, "cookieless")


@pytest.fixture
def send(client: FlaskClient, house: House) -> Send:
    """Post events to a site as its server does; bytes go as they are."""

    def sent(site: SiteInfo, *events: Any, body: bytes | None = None, scope: str = "ingest", **headers: str) -> Any:
        with house.database.session() as session:
            token = create_key(session, "shop's server", [scope], site.id)
        told = {"Authorization": f"Bearer {token}", "User-Agent": "shop-server/1.0", "Content-Type": "application/json"}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = json.dumps(events).encode() if body is None else body
        return client.post(f"/api/v1/sites/{site.key}/events", data=data, headers={**told, **given})

    return sent


@pytest.fixture
def one_a_second(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each address call once a second, on a clock that stands still."""
    house.settings.address_rate = 1
    monkeypatch.setattr("collectors.server.routes.Rates", partial(Rates, clock=lambda: 1000.0))
