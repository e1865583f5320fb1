"""`footfall backup` and `restore`."""

import sys
from pathlib import Path

import click

from tracker.backup import restore as put_back
from tracker.backup import verify
from tracker.commands.asking import ask_house, ask_once
from tracker.rights.restoring import FILE as TOMBSTONES
from tracker.settings import Settings


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[verify] FILE")
@click.pass_obj
def backup(settings: Settings, words: tuple[str, ...]) -> None:
    """Copy everything into FILE, while the server runs; with `verify`, read all of FILE and open the stores in it."""
    match words:
        case ("verify", file):
            _verify(Path(file))
        case (file,):
            _make(settings, Path(file))
        case _:
            raise click.UsageError("name one file")


def _make(settings: Settings, file: Path) -> None:
    done = 0
    for step in ask_house(settings, "backup", file=str(file.absolute())):
        done = step["bytes"]
        if sys.stderr.isatty():
            click.echo(f"\r{done / 1e6:,.0f} MB", nl=False, err=True)
    click.echo(f"Wrote {file} ({done / 1e6:,.1f} MB).")


def _verify(file: Path) -> None:
    found = verify(file)
    click.echo(
        f"{file} is whole: made {found['made_at']} by Footfall {found['footfall']}, "
        f"{found['bytes'] / 1e6:,.1f} MB, {found.get('sites', 'no')} sites, {found.get('stored', 'no')} events."
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Set aside what the data folder holds.")
@click.pass_obj
def restore(settings: Settings, file: Path, force: bool) -> None:
    """Put the backup FILE into the data folder, which no server may be using."""
    manifest = put_back(settings, file, force=force)
    if (settings.data / TOMBSTONES).exists():
        ask_once(settings, "finish_erasures")
        click.echo("Whoever was erased here stays erased.")
    if not manifest["tombstones"]:
        click.echo("Who was erased before cannot be read any more: apply an export of the tombstones.", err=True)
    click.echo(f"Restored what was kept at {manifest['made_at']} into {settings.data}. Start with `footfall serve`.")
