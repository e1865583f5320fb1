"""How far an import is while it reads, and what became of all that it read."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from collectors.footprints import Progress, Taken
from tracker.imports.reasons import firsts_of, said_place


@contextmanager
def reading(*files: Path) -> Iterator[Progress]:
    """Show how far files are read; what is yielded is told how many bytes are done."""
    length = sum(file.stat().st_size for file in files)
    with click.progressbar(length=length, label="Reading", file=sys.stderr) as bar:
        yield lambda done, _: bar.update(done - bar.pos)


def tell(taken: Taken, rows: str, events: str) -> None:
    """Say what was taken of what was read, and why the rest was not."""
    click.echo(f"{taken.rows:,} {rows}: {taken.taken:,} {events}")
    for kind, counts in (("skipped", taken.skipped), ("bad", taken.bad)):
        for reason, count in counts.most_common():
            tell_reason(count, kind, reason, firsts_of(counts).get(reason))


def tell_reason(count: int, end: str, reason: str, first: Sequence[str | int] | None) -> None:
    """Say how many rows met an end, why, and where that was met first."""
    where = f" ({said_place(str(first[0]), int(first[1]))})" if first else ""
    click.echo(f"{count:>12,} {end}: {reason}{where}")
