"""`footfall export`: what is stored, to a file or a pipe."""

import secrets
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from reports.bulk.exports import EXPORTS
from reports.bulk.taking import FORMS
from tracker.commands.asking import ask_house
from tracker.commands.options import of_site
from tracker.errors import FootfallError, InvalidInputError
from tracker.settings import Settings


@click.command()
@click.argument("what", type=click.Choice(tuple(EXPORTS)))
@of_site
@click.option("--range", "range_", help="Only these days: 7d, last_month, 2026-01-01..2026-01-31 …")
@click.option("--cursor", help="Of an earlier export: only what was loaded since.")
@click.option("--limit", type=click.IntRange(min=1), help="Most rows.")
@click.option("--format", "form", type=click.Choice(FORMS), default=FORMS[0], show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file, put in the place of one that is there.  [default: standard output]",
)
@click.pass_obj
def export(
    settings: Settings,
    *,
    what: str,
    site: str | None,
    range_: str | None,
    cursor: str | None,
    limit: int | None,
    form: str,
    output: Path | None,
) -> None:
    """Write what is stored; at last, the cursor after it to standard error.

    Lines are in the order of loading, visits in that of their last change, profiles in that of their newest event;
    rows of Parquet are in none. Where nothing is new the file has no rows. One that could not be written whole leaves
    that of before as it was.
    """
    file = None if output is None or str(output) == "-" else output
    if form == "parquet" and file is None and sys.stdout.isatty():
        raise InvalidInputError("--output", "Parquet is nothing to look at: name a file")
    asked = {"what": what, "site": site, "range_": range_, "cursor": cursor, "limit": limit, "form": form}
    after = None
    with _written_whole(file) as write:
        for piece in ask_house(settings, "export", **asked):
            if "cursor" in piece:
                after = piece["cursor"]
            else:
                write(b64decode(piece["bytes"]) if "bytes" in piece else piece["lines"].encode())
    click.echo(f"cursor: {after}", err=True)


@contextmanager
def _written_whole(file: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Give what writes a file that appears whole or not at all; None and pipes are written as it comes.

    Who might not read the file of before may not read the new one either.
    """
    if file is None or (file.exists() and not file.is_file()):
        with click.open_file(str(file or "-"), "wb") as target:
            yield target.write
            target.flush()  # a full disk says so before the cursor is told
        return
    place = file.resolve()  # a link stays one
    partial = place.with_name(f"{place.name}.{secrets.token_hex(4)}.partial")
    with _telling(file):
        target = partial.open("xb")

    def write(piece: bytes) -> None:
        with _telling(file):
            target.write(piece)

    try:
        if place.exists():
            partial.chmod(place.stat().st_mode & 0o777)
        yield write
        with _telling(file):
            target.close()
            partial.replace(place)
    finally:
        with suppress(OSError):
            target.close()
        partial.unlink(missing_ok=True)


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """Say of a file that could not be written which it is."""
    try:
        yield
    except OSError as error:
        said = f"--output: cannot write {file} ({error.strerror or error}); choose another place"
        raise FootfallError(said) from error
