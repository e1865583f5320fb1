"""Cursors: how far somebody has come in one export of one site; opaque to them, and good for that alone."""

import base64
import binascii
import hashlib
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal

from reports.query.ranges import Range
from tracker.errors import InvalidInputError
from tracker.sites import SiteInfo
from tracker.store.functions import base64_text

_VERSION = "2"
_LONGEST = 64


class Cursors:
    """Writes and reads the cursors of one export, of days as they were asked for (empty: all)."""

    def __init__(self, site: SiteInfo, what: str, days: str) -> None:
        asked = repr((site.key, what, days))
        self._of = hashlib.sha256(asked.encode()).hexdigest()[:8]
        self._head = f"{_VERSION}.{self._of}."

    def write(self, position: int) -> str:
        """Return the cursor that stands after the row at a position."""
        return base64.urlsafe_b64encode(f"{self._head}{position}".encode()).rstrip(b"=").decode()

    def written(self, position: ColumnElement[Any]) -> ColumnElement[str]:
        """Return what `write` does, for the store to write it."""
        return base64_text(literal(self._head) + cast(position, String))

    def read(self, text: str | None) -> int:
        """Return after which position to go on; InvalidInputError where it is none, or one of another export."""
        if not text:
            return -1
        try:
            if len(text) > _LONGEST:
                raise ValueError(len(text))
            raw = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True).decode("ascii")
            version, of, position = raw.split(".")
            if version != _VERSION or not position.isdigit() or len(position) > 18:
                raise ValueError(raw)
        except (ValueError, binascii.Error) as error:
            raise InvalidInputError("cursor", "is none that was given out; leave it away to begin anew") from error
        if of != self._of:
            raise InvalidInputError(
                "cursor", "is of another site, another kind of row or other days; leave it away to begin anew"
            )
        return int(position)


def days_of(span: Range | None) -> str:
    """Return the days of an export as they were asked for."""
    return "" if span is None else span.name
