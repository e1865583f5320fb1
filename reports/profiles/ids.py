"""Ids of identifiers and profiles as people and programs write them: signed 64-bit numbers, short in words."""

import re

_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_LEAST, _MOST = -(2**63), 2**63 - 1
_LETTERS = 6


def read_id(text: str) -> int | None:
    """Return the id that a text writes; None when it writes none."""
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    return number if _LEAST <= number <= _MOST else None


def short(one: int) -> str:
    """Return the first hex digits of an id: enough to tell apart what stands on one page."""
    return f"{one % 2**64:016x}"[:_LETTERS]
