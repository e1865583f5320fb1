"""What the archive holds, as an engine reads it."""

from pathlib import Path
from typing import Any

import duckdb

from tracker import archive


def archived(folder: Path, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of every event of an archive, in the order of loading."""
    files = [str(part) for part in archive.parts(folder)]
    if not files:
        return []
    with duckdb.connect() as engine:
        asked = f"SELECT {', '.join(columns)} FROM read_parquet(?) ORDER BY ingest_id"
        return engine.execute(asked, [files]).fetchall()
