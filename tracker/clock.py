"""The one place that asks what time it is, so that tests can move it."""

from datetime import UTC, datetime

MS_A_DAY = 86_400_000


def utc_now() -> datetime:
    """Return the present as an aware datetime in UTC."""
    return datetime.now(UTC)


def now_ms() -> int:
    """Return milliseconds since 1970-01-01T00:00Z."""
    return int(datetime.now(UTC).timestamp() * 1000)
