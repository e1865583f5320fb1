"""Decides when an event happened, by the server's clock wherever there is one to go by."""

from datetime import UTC, datetime
from functools import lru_cache

from tracker.clock import MS_A_DAY
from tracker.event import Footprint
from tracker.ingest.rows import Row
from tracker.sites import SiteInfo


def tell_time(footprint: Footprint, rows: list[Row], site: SiteInfo) -> None:
    """Set `received_at` and `occurred_at`, and `time_adjusted` where the sender's clock was not believed.

    Clocks of browsers are wrong, but how long ago something was, they measure well: an
    event is as old as its sender says, if that is 0 to 24 h. Imports keep their own time.
    """
    received = footprint.received_at
    received_text = as_text(received)
    for event, row in zip(footprint.events, rows, strict=True):
        row["received_at"] = received_text
        if footprint.keeps_time:
            row["occurred_at"] = as_text(event.at)
            continue
        age = footprint.sent_at - event.at if footprint.sent_at is not None else -1
        if 0 <= age <= MS_A_DAY:
            row["occurred_at"] = as_text(received - age)
        else:
            row["occurred_at"] = received_text
            row["time_adjusted"] = True


def as_text(ms: int) -> str:
    """Spell ms since 1970 as `YYYY-MM-DD HH:MM:SS.mmm` in UTC, which every engine reads."""
    minute, rest = divmod(ms, 60_000)
    return f"{_minute_as_text(minute)}:{rest // 1000:02}.{rest % 1000:03}"


@lru_cache(maxsize=4096)
def _minute_as_text(minute: int) -> str:
    return datetime.fromtimestamp(60 * minute, UTC).strftime("%Y-%m-%d %H:%M")
