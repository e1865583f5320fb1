"""Invented people who come back: they agreed to be known, some sign in, on one browser or on two.

The site can be seen to do what it should: a person goes on from the phone to the laptop, one
clears the browser's storage and is recognised by its looks, and two share a tablet, which is a conflict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tracker.event import Footprint
from tracker.identity.identifiers import hash_value, identifier_id
from tracker.sample.people import DEVICES, HOMES, WAYS, Device, Home, Way
from tracker.sites import SiteInfo

ONE_IN = 40  # visits of strangers to one person who comes back
_PHONES = tuple(device for device in DEVICES if "Mobile" in device.user_agent)
_DESKS = tuple(device for device in DEVICES if "Windows" in device.user_agent or "Macintosh" in device.user_agent)
_TABLETS = tuple(device for device in DEVICES if device.viewport == (800, 1180))
_RETURNS = (Way(6, None, "/"), Way(3, None, "/teas"), WAYS[-1], WAYS[1])
_DAY = timedelta(days=1)
_WHOLE = ("touch", "storage", "cores", "memory")
_SAYS_LITTLE = ("screen", "fonts")


@dataclass(frozen=True)
class Browser:
    """What one of them visits with; `looks` is its fingerprint, as the request leaves it."""

    device: Device
    first_party: int
    looks: dict[str, str | int]


@dataclass(frozen=True)
class Stop:
    """One visit of a person; `agreed_at` is when that browser was first there, which is when its owner agreed."""

    start: datetime
    home: Home
    way: Way
    browser: Browser
    agreed_at: datetime
    login: int | None

    def dress(self, site: SiteInfo, footprints: Iterator[Footprint]) -> Iterator[Footprint]:
        """Say of the footprints of a visit whose they are; who is new agrees, and who signs in does, on the second."""
        day = site.day_of(self.start)
        daily = identifier_id(site.identity_key, "daily_hash", f"{self.browser.first_party} {day}")
        for number, footprint in enumerate(footprints):
            footprint.visitor_id = daily
            if number or self.start > self.agreed_at:
                footprint.visitor_id, footprint.daily_id = self.browser.first_party, daily
                footprint.consent, footprint.consent_fresh = "stitched", self.start - self.agreed_at < _DAY
                footprint.fingerprint = self.browser.looks if number == 1 else None
                footprint.login_id = self.login if number else None
            yield footprint


def stops(chance: Random, site: SiteInfo, until: datetime, days: int, people: int) -> Iterator[Stop]:
    """Yield the visits of so many people in the `days` before `until`."""
    for number in range(people):
        home = chance.choices(HOMES, [one.weight for one in HOMES])[0]
        moments = list(_moments(chance, until, days, at_least=4 if number < 4 else 1))
        browsers, logins = _kind(chance, site, number)
        begun: dict[int, datetime] = {}
        for visit, start in enumerate(moments):
            which = min(visit * len(browsers) // len(moments), len(browsers) - 1)
            if len(logins) == 1 and visit > len(moments) // 2:
                which = chance.randrange(len(browsers))  # there and back again
            browser = browsers[which]
            way = chance.choice(_RETURNS) if begun else chance.choice(WAYS[:4])
            agreed_at = begun.setdefault(browser.first_party, start)
            login = logins[visit % len(logins)] if logins and (visit or len(moments) == 1) else None
            yield Stop(start, home, way, browser, agreed_at, login)


def _kind(chance: Random, site: SiteInfo, number: int) -> tuple[list[Browser], list[int]]:
    """Return with which browsers and by which logins a person comes; two logins are of two who share a device."""
    logins = [identifier_id(site.identity_key, "login", f"customer-{100 + number}")]
    phone, desk, tablet = (_browser(chance, site, number, kind) for kind in (_PHONES, _DESKS, _TABLETS))
    if number == 0:
        return [tablet], [*logins, identifier_id(site.identity_key, "login", "customer-99")]
    if number == 1:  # cleared its storage: the same looks under another id
        return [desk, Browser(desk.device, _first_party(chance, site), desk.looks)], []
    if number % 4 == 2:
        return [phone, desk], logins
    return [chance.choice((phone, desk))], logins if number % 4 == 3 else []


def _moments(chance: Random, until: datetime, days: int, at_least: int) -> Iterator[datetime]:
    """Yield when somebody comes, the first time first: many only once, some every few days."""
    span = days * (0.3 if at_least > 1 else 1)
    moment = until - timedelta(days=days) + timedelta(days=chance.random() * span)
    number = 0
    while moment < until and (number < at_least or chance.random() < 0.72):
        yield moment
        number += 1
        moment += timedelta(days=min(chance.lognormvariate(1.1, 0.8), days * 0.15))


def _browser(chance: Random, site: SiteInfo, number: int, kind: tuple[Device, ...]) -> Browser:
    device = chance.choices(kind, [one.weight for one in kind])[0]
    return Browser(device, _first_party(chance, site), _looks(chance, site, device))


def _first_party(chance: Random, site: SiteInfo) -> int:
    return identifier_id(site.identity_key, "first_party", f"{chance.getrandbits(64):016x}")


def _looks(chance: Random, site: SiteInfo, device: Device) -> dict[str, str | int]:
    """Make up what a browser tells of itself; what says more than is needed is hashed, as on arrival."""
    width, height = device.viewport
    told: dict[str, Any] = {
        "platform": device.user_agent.partition("(")[2].partition(";")[0],
        "gpu_vendor": chance.choice(("Apple", "Intel", "NVIDIA", "AMD", "Qualcomm")),
        "gpu_renderer": f"renderer {chance.randrange(4000)}",
        "screen": f"{width}x{height + chance.randrange(60, 300)}x24",
        "pixel_ratio": chance.choice(("1", "1.25", "2", "3")),
        "languages": chance.choice(("en-GB,en", "pl-PL,pl,en", "de-DE,de", "fr-FR,fr,en")),
        "fonts": f"{chance.getrandbits(60):015x}",
        "canvas": f"{chance.getrandbits(64):016x}",
        "touch": 5 if width < 1000 else 0,
        "storage": 7,
        "cores": chance.choice((4, 6, 8, 10, 12)),
        "memory": chance.choice((4, 8)),
    }
    return {
        name: value if name in _WHOLE or name in _SAYS_LITTLE else hash_value(site.identity_key, name, value)
        for name, value in told.items()
    }
