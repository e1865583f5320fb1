"""What one beacon claims: that the identifiers it carried belong together.

A claim travels in the first row of its footprint, under a key that is no column, so that the
batch on disk holds rows and claims alike and either can be read again after a crash.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

KEY = "claim"
_MARK = b'"claim":{'


class Claim(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The identifiers of a beacon from a visitor who consented; `at` is the time of its first event, in ms since 1970.

    `daily` is absent where no daily hash stood beside. `fingerprint` holds hashed values and small numbers.
    """

    at: int
    first_party: int
    consent: str
    daily: int | None = None
    login: int | None = None
    link_token: int | None = None
    link_login: int | None = None
    fingerprint: dict[str, str | int] | None = None


class _Line(msgspec.Struct):
    site_id: int
    claim: Claim | None = None


_lines = msgspec.json.Decoder(_Line)


def read_claims(file: Path) -> Iterator[tuple[int, Claim]]:
    """Yield (site id, claim) of every claim in a batch's file, in its order."""
    with file.open("rb") as lines:
        for line in lines:
            if _MARK in line:
                told = _lines.decode(line)
                if told.claim is not None:
                    yield told.site_id, told.claim
