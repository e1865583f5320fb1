"""The snippet's question of how its site recognises visitors: answered to anybody, for an hour."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from collectors.routes import blueprint
from tests.kit.entrance import Entrance
from tracker.models import Site
from tracker.sites import SiteInfo


@pytest.fixture
def client(entrance: Entrance) -> FlaskClient:
    app = Flask("collect")
    app.extensions["footfall"] = entrance
    app.register_blueprint(blueprint)
    return app.test_client()


@pytest.mark.parametrize("mode", ["count", "cookieless", "consented", "stitched"])
def test_a_site_tells_its_mode_to_pages_of_any_origin(
    client: FlaskClient, entrance: Entrance, site: SiteInfo, mode: str
) -> None:
    with entrance.database.session() as session:
        session.execute(update(Site).values(privacy_mode=mode))
    entrance.sites.forget()
    answer = client.get(f"/collect/mode?site={site.key}", headers={"Origin": "https://shop.example"})
    assert (answer.status_code, answer.json) == (200, {"mode": mode})
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("query", ["?site=nosuchsite", "?site=", "", "?site=%00"])
def test_who_names_no_site_is_told_so_and_nobody_remembers(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/collect/mode{query}")
    assert (answer.status_code, answer.json) == (404, {"reason": "unknown_site"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_site_that_is_switched_off_tells_nothing(client: FlaskClient, entrance: Entrance, site: SiteInfo) -> None:
    with entrance.database.session() as session:
        session.execute(update(Site).values(enabled=False))
    entrance.sites.forget()
    assert client.get(f"/collect/mode?site={site.key}").status_code == 404
