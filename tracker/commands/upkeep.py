"""`footfall migrate`, `rebuild`, `backup`, `restore` and `doctor`."""

import sys
import time
from pathlib import Path

import click

from tracker.backup import restore as put_back
from tracker.backup import verify
from tracker.commands.asking import ask_house, ask_once
from tracker.commands.signals import show_progress
from tracker.commands.snippet import examine_page
from tracker.errors import FootfallError
from tracker.rights.restoring import FILE as TOMBSTONES
from tracker.settings import Settings

_SIGNS = {"ok": "ok  ", "warning": "WARN", "bad": "BAD "}


@click.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring both stores to this version. `serve` does it by itself when it starts."""
    state = ask_once(settings, "status")
    click.echo(f"Relational store at {state['relational']}, event store ({state['store']}) at this version.")


@click.command()
@click.option("--site", help="Only this site's.")
@click.option("--signals", "only_signals", is_flag=True, help="Only decide clicks and struggles, by the site's limits.")
@click.pass_obj
def rebuild(settings: Settings, site: str | None, only_signals: bool) -> None:
    """Make all that is derived again from the stored events: signals, struggles, visits, rollups."""
    began = time.monotonic()
    if only_signals:
        changed = _decide(settings, site)
        click.echo(f"Done in {time.monotonic() - began:.1f} s: {changed:,} clicks turned out otherwise than before.")
        return
    for step in ask_house(settings, "rebuild", site=site):
        click.echo(f"{step['site']}: {step['visits']:,} visits")
    click.echo(f"Done in {time.monotonic() - began:.1f} s.")


def _decide(settings: Settings, site: str | None) -> int:
    changed = 0
    for progress in ask_house(settings, "decide", site=site):
        show_progress(progress)
        changed += progress["changed"] if progress["finished"] else 0
    return changed


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


@click.command()
@click.option("--page", help="URL of a page, to see whether its tag is right.")
@click.pass_obj
def doctor(settings: Settings, page: str | None) -> None:
    """Examine the installation; exits with 1 when something is bad."""
    findings = list(ask_house(settings, "examine"))
    if page:
        findings.append(examine_page(settings, page, list(ask_house(settings, "list_sites"))))
    for finding in findings:
        click.echo(f"{_SIGNS[finding['state']]}  {finding['about']:<10} {finding['text']}")
    if any(finding["state"] == "bad" for finding in findings):
        raise FootfallError("something is wrong; the lines marked BAD say what to do")
