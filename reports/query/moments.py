"""Times between the store (UTC without a zone) and people (the site's zone)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def stored(moment: datetime) -> datetime:
    """Turn an aware time into what the store keeps."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def local(kept: datetime, zone: ZoneInfo) -> datetime:
    """Turn a stored time into one of a site's zone."""
    return kept.replace(tzinfo=UTC).astimezone(zone)


def iso(kept: datetime | None, zone: ZoneInfo) -> str | None:
    """Write a stored time in ISO 8601 with the site's offset, to the millisecond."""
    return None if kept is None else local(kept, zone).isoformat(timespec="milliseconds")
