"""A tiny population of our own, for tests: desktops that differ, and phones that do not."""

import random
from typing import Any

DAY_MS = 86_400_000
Look = dict[str, Any]

_SCREENS = ("1920x1080x24", "1366x768x24", "2560x1440x24", "1536x864x24", "1440x900x24")
_ZONES = ("-60", "0", "300", "480", "-330", "60")
_FONTS = ("Arial", "Calibri", "Cambria", "Consolas", "Fira", "Garamond", "Impact", "Lato", "Menlo", "Roboto", "Times")


def desktop(seed: int) -> Look:
    """Return a desktop's look in the product's fields, told apart by its card, canvas and fonts."""
    rng = random.Random(seed)
    return {
        "os": rng.choice(["windows", "windows", "mac"]),
        "browser": rng.choice(["chrome", "firefox"]),
        "version": rng.choice([140, 141, 141, 141]),
        "platform": "Win32",
        "gpu_vendor": _digest(rng.randrange(3)),
        "gpu_renderer": _digest("card", rng.randrange(20)),
        "screen": rng.choice(_SCREENS),
        "timezone": rng.choice(_ZONES),
        "language": "en-US",
        "fonts": ",".join(sorted(rng.sample(_FONTS, 7))),
        "canvas": _digest("canvas", seed),
        "audio": _digest("audio", rng.randrange(4)),
        "cores": rng.choice([4, 8, 16]),
        "memory": rng.choice([8, 16]),
        "plugins": _digest("plugins", rng.randrange(3)),
    }


def phone() -> Look:
    """Return the look of a phone that there are millions of."""
    return {
        "os": "ios",
        "browser": "safari",
        "version": 26,
        "platform": "iPhone",
        "gpu_renderer": _digest("Apple GPU"),
        "screen": "393x852x24",
        "timezone": "-60",
        "language": "en-US",
        "fonts": "Gill Sans,Menlo",
        "canvas": _digest("iPhone"),
        "touch": 5,
    }


def _digest(*parts: object) -> str:
    return f"{random.Random(repr(parts)).getrandbits(64):016x}"
