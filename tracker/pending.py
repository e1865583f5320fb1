"""Counts what is acknowledged and not yet loaded."""

from collections.abc import Mapping
from pathlib import Path

from tracker.spool import SegmentReader, files


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
