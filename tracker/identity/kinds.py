"""The kinds of identifiers and of edges between them, and how far each is believed."""

from typing import Literal

Kind = Literal["daily_hash", "first_party", "fingerprint", "login", "link_token"]
KINDS: tuple[Kind, ...] = ("daily_hash", "first_party", "fingerprint", "login", "link_token")

EdgeKind = Literal["first_party", "login", "link_token", "fingerprint", "hand"]

RULES: dict[EdgeKind, str] = {
    "first_party": "same-beacon@1",
    "login": "signed-in@1",
    "link_token": "own-link@1",  # of no password  # nosec B105
    "fingerprint": "looks-alike@1",
    "hand": "by-hand@1",
}

# How much an edge is believed; a fingerprint's comes from its bits.
CONFIDENCE: dict[EdgeKind, float] = {"first_party": 0.99, "login": 1.0, "link_token": 1.0, "hand": 1.0}  # nosec B105

# By kind of identifier: how many edges of which kind it may have. Above, it is a hub: what so many share
# tells nobody apart, and none of these edges counts. Two browsers of one model behind one network share a
# daily hash, hence 1. A fingerprint may have one browser at a time (see `components`), and three in all: who loses
# the first-party id again and again cannot be told from many phones of one model.
CAPS: dict[Kind, tuple[EdgeKind, int]] = {
    "daily_hash": ("first_party", 1),
    "first_party": ("login", 5),
    "fingerprint": ("fingerprint", 3),
    "login": ("login", 20),
    "link_token": ("link_token", 5),
}
