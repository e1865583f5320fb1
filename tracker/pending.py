"""What is acknowledged and not yet loaded: how much, and since when."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from tracker.spool import SegmentReader, files, opened_ms


def pending_events(folder: Path, marks: Mapping[str, int]) -> int:
    """Return how many events wait in the spool folder beyond the loader's marks (by file name)."""
    waiting = 0
    for path in files(folder):
        try:
            with SegmentReader(path) as reader:
                waiting += max(0, reader.total().events - reader.events_until(marks.get(path.name, 0)))
        except FileNotFoundError:  # loaded and removed meanwhile
            continue
    return waiting


def waiting_since(folder: Path, marks: Mapping[str, int]) -> int | None:
    """Return when the first event that waits came in, in ms since 1970; None when nothing waits."""
    waiting: list[int] = []
    for path in files(folder):
        try:
            with SegmentReader(path) as reader:
                bodies = [body for _, _, body in reader.read(marks.get(path.name, 0), 1) if body is not None]
        except FileNotFoundError:  # loaded and removed meanwhile
            continue
        waiting += [_came_at(body, path) for body in bodies]
    return min(waiting, default=None)


class _Arrived(msgspec.Struct):
    received_at: int
    keeps_time: bool = False


def _came_at(body: bytes, path: Path) -> int:
    """Return when a footprint came in; not before its file was opened, where it tells of the past or cannot be read."""
    try:
        arrived = msgspec.json.decode(body, type=_Arrived)
    except msgspec.DecodeError:
        return opened_ms(path)
    return opened_ms(path) if arrived.keeps_time else arrived.received_at
