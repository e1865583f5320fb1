"""Where acknowledged events wait on disk: `Spool` writes, `SegmentReader` reads, files are removed whole."""

from tracker.spool.layout import Row, opened_ms
from tracker.spool.reader import SegmentReader, Total, files, is_closed, remove
from tracker.spool.refused import SpoolRefusedError
from tracker.spool.writer import Listener, Spool, open_spool

__all__ = [
    "Listener",
    "Row",
    "SegmentReader",
    "Spool",
    "SpoolRefusedError",
    "Total",
    "files",
    "is_closed",
    "open_spool",
    "opened_ms",
    "remove",
]
