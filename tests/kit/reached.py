"""A house with a site of its own that is reached over a real socket, and a client of it."""

import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.serving import make_server

from tests.kit.store import Loading, Visiting
from tracker.access import create_key
from tracker.client import Client, Site
from tracker.house import House
from tracker.sites import SiteInfo, create_site, describe


@pytest.fixture
def own(house: House) -> SiteInfo:
    with house.database.session() as session:
        made = describe(create_site(session, "Shop", ["shop.example"], "Europe/Warsaw"))
    house.sites.forget()
    return made


@pytest.fixture
def visit_own(house: House, own: SiteInfo, loading: Callable[..., Loading]) -> Visiting:
    return Visiting(loading(house.store), own)


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    serving = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def key(house: House, own: SiteInfo) -> str:
    with house.database.session() as session:
        return create_key(session, "test", ["read", "change"], own.id)


@pytest.fixture
def reached(url: str, key: str) -> Iterator[Site]:
    with Client(url, key) as client:
        yield client.site("shop.example")
