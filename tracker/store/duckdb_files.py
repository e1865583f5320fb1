"""How files are named and written in DuckDB's SQL, which takes neither as a value."""

from pathlib import Path

# larger groups of so many columns fall out of the processor's cache, take more memory and four times as long
PARQUET = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480"


def quoted(path: Path) -> str:
    """Return a path as a literal."""
    return "'" + str(path.resolve()).replace("'", "''") + "'"
