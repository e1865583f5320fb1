"""Looks of realistic browsers, drawn from browserforge's network (Apache-2.0) of browsers seen in the wild."""

import hashlib
import random
import re
from collections.abc import Iterator
from typing import Any

from tracker.errors import FootfallError
from tracker.identity.linker.fields import Value
from tracker.identity.linker.learning.lives import Look

NEEDED = "pip install 'footfall[learn]'"
_KINDS: tuple[dict[str, Any], ...] = (
    {"browser": ["chrome", "firefox", "edge"], "os": ["windows", "macos", "linux"]},
    {},
    {"device": "mobile"},
)
_AGENT = re.compile(r"(Edg|Firefox|FxiOS|CriOS|Chrome|Version)/(\d+)")
_BROWSERS = {"Edg": "edge", "Firefox": "firefox", "FxiOS": "firefox", "CriOS": "chrome", "Chrome": "chrome"}
_SYSTEMS = (("Windows", "windows"), ("Android", "android"), ("iPhone", "ios"), ("iPad", "ios"), ("Mac", "mac"))
# a site has most visitors from near by: offsets in minutes and their weights
_ZONES = (-60, 0, 60, -120, 300, 480, 420, 360, -330, -480, -540, 180)
_ZONE_WEIGHTS = (40, 10, 8, 8, 10, 6, 4, 4, 4, 2, 2, 2)
_LANGUAGES = ("en-US,en", "en-GB,en", "de-DE,de,en", "fr-FR,fr,en", "es-ES,es", "pl-PL,pl,en", "nl-NL,nl,en", "ja,en")
_LANGUAGE_WEIGHTS = (45, 15, 10, 8, 8, 6, 4, 4)
_DRAWINGS, _RELEASES, _SOUNDS = 4, 6, 2


def looks(count: int, seed: int) -> list[Look]:
    """Return so many looks: a third desktops, a third as they come, a third phones.

    FootfallError when browserforge is not there. Canvas and audio are made up: equal for browsers
    of one system, graphics card, release and one of a few hidden variants.
    """
    try:
        from browserforge.fingerprints import FingerprintGenerator  # noqa: PLC0415
    except ImportError as error:
        raise FootfallError(f"learning needs more than is installed: {NEEDED}") from error
    rng = random.Random(seed)  # noqa: S311  # nosec B311
    random.seed(seed)
    generator = FingerprintGenerator()
    return [_look(generator.generate(**_KINDS[number % len(_KINDS)]), rng) for number in range(count)]


def _look(made: Any, rng: random.Random) -> Look:
    """Return our fields, and those of the replay, of one of browserforge's fingerprints."""
    agent = made.navigator.userAgent
    headers = {name.lower(): value for name, value in made.headers.items()}
    found = _AGENT.search(agent)
    browser = _BROWSERS.get(found[1], "safari") if found else "other"
    version = int(found[2]) if found else 0
    system = next((name for mark, name in _SYSTEMS if mark in agent), "linux")
    card, screen, told = made.videoCard, made.screen, made.navigator.userAgentData or {}
    fonts = ",".join(sorted(made.fonts))
    renderer = (card.renderer if card else "") or ""
    tongue = rng.choices(_LANGUAGES, _LANGUAGE_WEIGHTS)[0]
    look: dict[str, Value | None] = {
        "os": system,
        "browser": browser,
        "version": version,
        "user_agent": agent,
        "platform": made.navigator.platform,
        "architecture": told.get("architecture"),
        "model": told.get("model"),
        "platform_version": told.get("platformVersion"),
        "gpu_vendor": (card.vendor if card else "") or "",
        "gpu_renderer": renderer,
        "screen": f"{screen.width}x{screen.height}x{screen.colorDepth}",
        "pixel_ratio": str(screen.devicePixelRatio),
        "timezone": str(rng.choices(_ZONES, _ZONE_WEIGHTS)[0]),
        "language": tongue.split(",")[0],
        "languages": tongue,
        "fonts": fonts,
        "canvas": _digest(system, browser, renderer, version // _RELEASES, fonts[:3], rng.randrange(_DRAWINGS)),
        "audio": _digest(system, browser, rng.randrange(_SOUNDS)),
        "touch": made.navigator.maxTouchPoints,
        "storage": 7 if browser != "safari" else 3,
        "cores": made.navigator.hardwareConcurrency,
        "memory": made.navigator.deviceMemory,
        "color_gamut": "p3" if system in ("mac", "ios") else "srgb",
        "plugins": ";".join(_plugins(made)),
        "accept": headers.get("accept", ""),
        "encoding": headers.get("accept-encoding", ""),
        "local_storage": "yes",
        "cookies": "yes",
        "do_not_track": "1" if rng.random() < 0.1 else "no",
    }
    return {name: value for name, value in look.items() if value is not None}


def _plugins(made: Any) -> Iterator[str]:
    for plugin in (made.pluginsData or {}).get("plugins", []):
        yield plugin["name"]


def _digest(*parts: object) -> str:
    return hashlib.blake2b("|".join(map(str, parts)).encode(), digest_size=8).hexdigest()
