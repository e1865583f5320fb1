"""A person in front of the pages: signs in, fills in forms as a browser would, reads what comes back."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Thread
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tracker.clock import now_ms
from tracker.event import Event, Footprint
from tracker.house import House
from tracker.sites import SiteInfo, create_site, describe
from tracker.users import create_user, set_role

EMAIL, PASSWORD = "ann@example.org", "correct horse battery"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"


@dataclass
class Html(HTMLParser):
    """What a test asks of a page: its tags with their attributes, and the hidden fields of its forms."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def hrefs(self) -> list[str]:
        return [one["href"] for one in self.all("a")]


def read(response: TestResponse) -> Html:
    html = Html()
    html.feed(response.text)
    return html


class Person:
    """A browser without scripts that belongs to somebody."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **kwargs)

    def text(self, path: str, **kwargs: Any) -> str:
        """Return a page that has to be there: an error says little, and what is not on it proves nothing."""
        answered = self.get(path, **kwargs)
        assert answered.status_code == 200, (path, answered.status_code)
        return answered.text

    def send(self, page: str, form: dict[str, Any], to: str | None = None, **kwargs: Any) -> TestResponse:
        """Load a page, and send a form with the token that the page has."""
        return self.client.post(to or page, data={**form, "csrf_token": self.token(page)}, **kwargs)

    def token(self, page: str) -> str:
        """Return the token that the forms of a page have."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert token, f"{page} has no form"
        return token[1]

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> TestResponse:
        return self.send("/sign-in", {"email": email, "password": password})


def visit_of(site: SiteInfo, *events: dict[str, Any], **fields: Any) -> Footprint:
    """One visitor's footprint of a minute ago; each event is a view unless it says otherwise."""
    view, began = secrets.token_hex(8), now_ms() - 60_000
    basis = {"kind": "view", "url": f"https://{site.hosts[0]}/"}
    made = [
        msgspec.convert({"id": f"{view}-{number}", "at": began + 1000 * number, **basis, **event}, Event)
        for number, event in enumerate(events)
    ]
    shared = {"visitor_id": secrets.randbits(62), "user_agent": CHROME, "sent_at": began, "received_at": began}
    return Footprint(site_id=site.id, events=made, **{**shared, **fields})


def dead_click(element: str, text: str | None = None, **fields: Any) -> dict[str, Any]:
    """A trusted click on a button after which nothing came."""
    watched = {"watched_before_ms": 3000, "watched_after_ms": 7000, "mutation_pace": 0}
    button = {"element_tag": "button", "affordance": "native", "trusted": True}
    return {"kind": "click", "element": element, "element_text": text, **button, **watched, **fields}


def load(house: House, *footprints: Footprint) -> None:
    """Send footprints the way of real ones, until they are in the store."""
    for future in [house.spool.submit(msgspec.json.encode(one), len(one.events)) for one in footprints]:
        future.result(60)
    assert house.loader.drain(60)


@pytest.fixture
def shop(house: House) -> SiteInfo:
    """A site with nothing in it."""
    with house.database.session() as session:
        return describe(create_site(session, "Lamps & Chairs", ["shop.example"], "Europe/Warsaw"))


@pytest.fixture
def stranger(app: Flask) -> Person:
    """Somebody who is not signed in."""
    return Person(app.test_client())


@pytest.fixture
def owner(house: House, app: Flask) -> Person:
    """The owner, signed in."""
    with house.database.session() as session:
        create_user(session, EMAIL, PASSWORD, owner=True)
    person = Person(app.test_client())
    assert person.sign_in().status_code == 302
    return person


def member(house: House, app: Flask, site: SiteInfo, role: str) -> Person:
    """Somebody with a role on one site, signed in."""
    email = f"{role}@example.org"
    with house.database.session() as session:
        set_role(session, create_user(session, email, PASSWORD).id, site.id, role)
    person = Person(app.test_client())
    assert person.sign_in(email).status_code == 302
    return person


@pytest.fixture
def pages_url(app: Flask) -> Iterator[str]:
    """The pages on a port of their own, for a real browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def open_page(browser: Browser, pages_url: str, **look: object) -> Page:
    """Open a window of a real browser in which the owner is signed in."""
    page = browser.new_context(base_url=pages_url, bypass_csp=False, **look).new_page()  # type: ignore[arg-type]
    page.goto("/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/sites**")
    return page
