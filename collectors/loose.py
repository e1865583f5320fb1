"""Reads values that may be spelt in several ways, or be none at all."""

from datetime import UTC, datetime
from typing import TypeGuard

from tracker.event import MAX_SIZE, MAX_SPENT_MS, MAX_WHOLE


def text(value: object) -> str | None:
    """Return a text that has something in it, None for all else."""
    return value if isinstance(value, str) and value else None


def number(value: object) -> float | None:
    """Read a number that may be spelt as a text; None for what is none, or beyond what a browser can count."""
    try:
        found = float(value) if isinstance(value, (str, int, float)) else None
    except (ValueError, OverflowError):
        return None
    return found if found is not None and abs(found) <= MAX_WHOLE else None


def whole(value: object) -> int | None:
    """Read a whole number that may be spelt as a text; None for what is none."""
    found = number(value)
    return int(found) if found is not None else None


def moment(value: object) -> int | None:
    """Return when something was, in ms since 1970, by seconds or by a time, in UTC if it says no zone; else None."""
    seconds = number(value)
    if seconds is not None:
        return int(seconds * 1000)
    try:
        return iso_ms(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def iso_ms(text: str) -> int:
    """Return a time of ISO 8601 in ms since 1970, in UTC if it says no zone; ValueError, OverflowError for none."""
    time = datetime.fromisoformat(text)
    return round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)


def spent_ms(value: object) -> int | None:
    """Read a span of time in ms, a day at most; None for what is none."""
    found = number(value)
    return min(int(found), MAX_SPENT_MS) if found is not None and found >= 0 else None


def is_size(value: object) -> TypeGuard[int]:
    """Tell whether a value can be the width or height of a window."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_SIZE
