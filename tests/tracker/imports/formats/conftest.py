"""Reading the text of an export in a line."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from tracker.imports.counts import Count
from tracker.imports.files import ExportFile
from tracker.imports.formats.format import Format, Left

Read = Callable[..., tuple[list[Count], Left]]
Told = tuple[str, str, str, dict[str, int]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a text, or a file that is there: `read(FORMAT, text)`."""

    def reading(of: Format, given: str | Path, kind: str = "") -> tuple[list[Count], Left]:
        file = given if isinstance(given, Path) else tmp_path / "export"
        if isinstance(given, str):
            file.write_text(given)
        left = Left()
        with ExportFile(file) as export:
            return list(of.read(export, kind, left)), left

    return reading


def plain(counts: list[Count]) -> list[Told]:
    """Return counts as tuples, with those numbers that are told."""
    return [
        (one.kind, one.day.isoformat(), one.name, {n: v for n, v in asdict(one.numbers).items() if v is not None})
        for one in counts
    ]
