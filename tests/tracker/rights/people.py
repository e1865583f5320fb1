"""People with marks that nobody else has, on computers and phones of their own, and where such marks are found."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tests.kit.pages import CHROME
from tracker.clock import now_ms
from tracker.event import Event, Footprint
from tracker.house import House
from tracker.identity.identifiers import identifier_id
from tracker.sites import SiteInfo, create_site, describe


@dataclass
class Someone:
    """A person who agreed to be known: a login, and first-party ids and daily hashes of some browsers."""

    marker: str
    login: int
    devices: list[int]
    dailies: list[int] = field(default_factory=list)
    events: int = 0

    @property
    def ids(self) -> list[int]:
        return [self.login, *self.devices, *self.dailies]

    @property
    def traces(self) -> list[bytes]:
        """All that may be found of them in a file, but for their tombstones: those are SQLite's, high byte first."""
        numbers = [str(one) for one in self.ids]
        hexes = [f"{one % 2**64:016x}" for one in self.ids]
        return [self.marker.encode(), *(text.encode() for text in numbers + hexes), *self.stored]

    @property
    def stored(self) -> list[bytes]:
        """Their ids as the event store and its archive have them."""
        return [one.to_bytes(8, "little", signed=True) for one in self.ids]


def stitched_site(house: House, name: str = "Shop", host: str = "shop.example") -> SiteInfo:
    with house.database.session() as session:
        made = create_site(session, name, [host], "Europe/Warsaw")
        made.privacy_mode = "stitched"
        session.flush()
        site = describe(made)
    house.sites.forget()
    return site


def someone(site: SiteInfo, devices: int = 2) -> Someone:
    marker = f"marker{secrets.token_hex(8)}"
    login = identifier_id(site.identity_key, "login", f"{marker}@example.org")
    own = [identifier_id(site.identity_key, "first_party", f"{marker}{number}") for number in range(devices)]
    return Someone(marker, login, own)


def look(marker: str) -> dict[str, str | int]:
    """Return how a browser looks that cannot be taken for another."""
    drawn = {name: secrets.token_hex(8) for name in ("gpu_renderer", "canvas", "audio", "fonts", "languages")}
    return {"platform": marker, "screen": f"{secrets.randbelow(9999)}x900x24", "cores": 12, "memory": 32, **drawn}


def visit(
    site: SiteInfo,
    who: Someone,
    device: int = 0,
    *,
    ago_s: int = 3600,
    signed_in: bool = True,
    looks: bool = True,
    views: int = 2,
) -> Footprint:
    """One visit of a person, with their mark in all that a page may tell."""
    at = now_ms() - ago_s * 1000
    daily = secrets.randbits(62)
    who.dailies.append(daily)
    url = f"https://shop.example/orders/{who.marker}"
    events = []
    for _ in range(views):
        view = secrets.token_hex(8)
        told: list[dict[str, Any]] = [
            {"kind": "view", "title": f"Order of {who.marker}", "referrer": f"https://mail.example/{who.marker}"},
            {
                "kind": "click", "element": f"#{who.marker}", "element_text": who.marker, "trusted": True,
                "affordance": "native", "element_tag": "button", "watched_before_ms": 3000, "watched_after_ms": 7000,
            },
            {"kind": "custom", "name": "order", "properties": {"who": who.marker}},
            {"kind": "search", "properties": {"query": who.marker}},
        ]  # fmt: skip
        events += [
            msgspec.convert({"id": f"{view}-{number}", "at": at + 100 * number, "url": url, **one}, Event)
            for number, one in enumerate(told)
        ]
    who.events += len(events)
    return Footprint(
        site_id=site.id,
        received_at=at + 1000,
        sent_at=at + 1000,
        visitor_id=who.devices[device],
        daily_id=daily,
        login_id=who.login if signed_in else None,
        fingerprint=look(who.marker) if looks else None,
        consent="stitched",
        user_agent=CHROME,
        city=f"city of {who.marker}",
        events=events,
    )


def send(house: House, footprints: Iterable[Footprint]) -> None:
    """Have footprints acknowledged."""
    for future in [house.spool.submit(msgspec.json.encode(one), len(one.events)) for one in footprints]:
        future.result(60)


def put_away(house: House) -> None:
    """Load all that was sent, into the archive too."""
    house.spool.turn()
    assert house.loader.unload(60)


def found_in(folder: Path, traces: Iterable[bytes]) -> dict[str, list[bytes]]:
    """Return in which files of a folder which traces are, as text."""
    wanted = list(traces)
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes()
        if here := [one for one in wanted if one in text]:
            found[str(path.relative_to(folder))] = here
    return found
