"""Batches of rows on disk, between the spool and the store: written whole, then named in a manifest beside them.

What has a manifest is loaded exactly as it stands, however often the process dies, and is
kept until it is in the archive.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from tracker.store.base import Batch

_MANIFEST = ".json"


class _Manifest(msgspec.Struct):
    file: str
    rows: int
    last_row: int
    earliest_received_at_ms: int
    tallies: list[tuple[int, str, str, int]]


class BatchFolder:
    """The batches of all spool files, each file's in a folder of its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def fix(
        self,
        spool_file: str,
        last_row: int,
        lines: Sequence[bytes],
        earliest_received_at_ms: int,
        tallies: dict[tuple[int, str, str], int],
    ) -> Batch:
        """Write a batch, so that from now on it is this and no other; a batch of the same last row is replaced."""
        folder = self._folder / spool_file
        folder.mkdir(exist_ok=True)
        manifest = folder / f"{last_row:012}{_MANIFEST}"
        # an engine may remember a file by its name: what it refused must not come back under the same
        attempt = len(list(folder.glob(f"{last_row:012}-*.ndjson")))
        file = folder / f"{last_row:012}-{attempt}.ndjson"
        _write(file, lines)
        told = [(*key, events) for key, events in tallies.items()]
        about = _Manifest(file.name, len(lines), last_row, earliest_received_at_ms, told)
        fresh = manifest.with_suffix(".new")
        _write(fresh, [msgspec.json.encode(about)])
        fresh.rename(manifest)
        return _batch(manifest)

    def of(self, spool_file: str) -> list[Batch]:
        """Return a spool file's batches in the order of its rows."""
        return [_batch(manifest) for manifest in sorted((self._folder / spool_file).glob(f"*{_MANIFEST}"))]

    def sift(self, keep: Callable[[bytes], bool]) -> int:
        """Write those batches anew that hold lines which are not to be kept; returns how many lines went."""
        gone = 0
        for spool_file in self.spool_files():
            for batch in self.of(spool_file):
                lines = batch.file.read_bytes().splitlines(keepends=True)
                kept = [line for line in lines if keep(line)]
                if len(kept) < len(lines):
                    self.fix(spool_file, batch.last_row, kept, batch.earliest_received_at_ms, batch.tallies)
                    gone += len(lines) - len(kept)
            named = {batch.file for batch in self.of(spool_file)}
            for file in (self._folder / spool_file).glob("*.ndjson"):
                if file not in named:  # an earlier try, of which nobody reads any more
                    file.unlink()
        self.scratch([])
        return gone

    def spool_files(self) -> list[str]:
        """Return the names of the spool files with batches."""
        return sorted(path.name for path in self._folder.iterdir() if path.is_dir())

    def forget(self, spool_file: str) -> None:
        """Remove a spool file's batches."""
        shutil.rmtree(self._folder / spool_file, ignore_errors=True)

    def scratch(self, lines: Sequence[bytes]) -> Path:
        """Write lines to a file that the next call overwrites."""
        file = self._folder / "scratch.ndjson"
        file.write_bytes(b"".join(lines))
        return file


def _batch(manifest: Path) -> Batch:
    about = msgspec.json.decode(manifest.read_bytes(), type=_Manifest)
    return Batch(
        file=manifest.with_name(about.file),
        rows=about.rows,
        spool_file=manifest.parent.name,
        last_row=about.last_row,
        earliest_received_at_ms=about.earliest_received_at_ms,
        tallies={(site_id, outcome, reason): events for site_id, outcome, reason, events in about.tallies},
    )


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
