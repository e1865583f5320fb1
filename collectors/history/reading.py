"""What the readers of exports share: times, places, names."""

from urllib.parse import quote

from collectors.history.hit import BadRowError
from collectors.loose import iso_ms
from tracker.clock import MS_A_DAY, now_ms
from tracker.ingest.url import tidy

_LONGEST = 64
_LONGEST_PLACE = 100
_EARLIEST_MS = 631_152_000_000  # 1990


def moment(text: str) -> int:
    """Return a time in ms since 1970, UTC where it names no zone; BadRowError for what is none, or is yet to come."""
    try:
        at = iso_ms(text.strip())
    except (ValueError, OverflowError):
        raise BadRowError("time") from None
    if not _EARLIEST_MS <= at <= now_ms() + MS_A_DAY:
        raise BadRowError("time")
    return at


def by_name(url: str, name: str) -> str:
    """Return an address that says by itself who referred to it."""
    return f"{url}{'&' if '?' in url else '?'}utm_source={quote(name[:_LONGEST], safe='')}"


def country(text: str | None) -> str | None:
    """Return an ISO 3166 alpha-2 country, None for what is none."""
    text = text or ""
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() and text.upper() != "ZZ" else None


def region(text: str | None) -> str | None:
    """Return an ISO 3166-2 code or a name as it is told, cleaned."""
    return tidy(text.strip()[:_LONGEST_PLACE]) if text and text.strip() else None


city = region


def short(text: str) -> str:
    """Return a word, cleaned and cut."""
    return tidy(text.strip()[:_LONGEST])


def whole(text: str) -> int | None:
    """Return a whole number that is not negative, None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
