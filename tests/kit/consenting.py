"""People with browsers who send beacons through the door of an open house: `anna = visitor(...); anna.view("/")`."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tracker.clock import MS_A_DAY, now_ms
from tracker.house import House
from tracker.sites import SiteInfo, create_site

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    text = ""
    while number or not text:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text


def mark(first_party: str | None = None, age_days: int = 0) -> str:
    """Return what the snippet keeps after consent."""
    return f"{first_party or secrets.token_hex(8)}.{base36(now_ms() // MS_A_DAY - age_days)}"


LOOKS: dict[str, str | int] = {
    "platform": "Linux x86_64", "gpu_vendor": "a1", "gpu_renderer": "b2c3d4", "screen": "1920x1080x24",
    "languages": "l1", "fonts": "fe3a90", "canvas": "c4nv4s", "touch": 0, "storage": 7, "cores": 8, "memory": 8,
}  # fmt: skip


@dataclass
class Person:
    """One browser: its address and agent, what it keeps, and who is signed in on it."""

    client: FlaskClient
    house: House
    site: SiteInfo
    address: str = "203.0.113.7"
    agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    consent: str | None = None
    login: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def view(self, path: str = "/", **shared: Any) -> TestResponse:
        """Send a view; `shared` goes beside the events."""
        event = {
            "id": f"{secrets.token_hex(8)}-0",
            "kind": "view",
            "at": now_ms(),
            "url": f"https://shop.example{path}",
        }
        said = {name: value for name, value in (("consent", self.consent), ("login", self.login)) if value is not None}
        body = {"site": self.site.key, "sent_at": now_ms(), "events": [event], **said, **shared}
        headers = {"Origin": "https://shop.example", "User-Agent": self.agent, **self.headers}
        answer = self.client.post(
            "/collect", data=json.dumps(body), headers=headers, environ_base={"REMOTE_ADDR": self.address}
        )
        assert answer.status_code == 202, answer.text
        return answer


@pytest.fixture
def stitched(house: House) -> SiteInfo:
    """A site that ties together what its visitors agreed to."""
    return make_site(house, "stitched")


def make_site(house: House, mode: str) -> SiteInfo:
    with house.database.session() as session:
        made = create_site(session, "Shop", ["shop.example"])
        made.privacy_mode = mode
        key = made.key
    house.sites.forget()
    found = house.sites.by_key(key)
    assert found
    return found


@pytest.fixture
def person(client: FlaskClient, house: House, stitched: SiteInfo) -> Callable[..., Person]:
    """Make a browser on the stitched site; keyword arguments are Person's."""
    return lambda **given: Person(client, house, given.pop("site", stitched), **given)
