"""`footfall identity export`, `erase`, `tombstones` and `rebuild`."""

import sys
from pathlib import Path

import click

from tracker.commands.asking import ask_house, ask_once
from tracker.commands.options import of_site
from tracker.control import Item
from tracker.errors import FootfallError
from tracker.settings import Settings

_NEGATIVE_IDS = {"ignore_unknown_options": True}  # which are no options
_LOGIN = click.option(
    "--login",
    "by_login",
    is_flag=True,
    help="Name the person by login instead of PROFILE. It is asked for, or read from standard input, so that it "
    "stands in no shell's history.",
)


@click.command("export", context_settings=_NEGATIVE_IDS)
@click.argument("profile", required=False)
@_LOGIN
@of_site
@click.option("--html", is_flag=True, help="A page to read, instead of JSON.")
@click.pass_obj
def export_person(settings: Settings, profile: str | None, *, by_login: bool, site: str | None, html: bool) -> None:
    """Write everything that is kept of a person (PROFILE: an id, or the address of its page) to standard output."""
    found = _find(settings, profile, site, by_login=by_login)
    for piece in ask_house(settings, "export_person", site=site, profile=found["profile"], html=html):
        sys.stdout.buffer.write(piece["text"].encode())


@click.command("erase", context_settings=_NEGATIVE_IDS)
@click.argument("profile", required=False)
@_LOGIN
@of_site
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--again", is_flag=True, help="Also when somebody who went by this id was erased before.")
@click.pass_obj
def erase_person(
    settings: Settings, profile: str | None, *, by_login: bool, site: str | None, yes: bool, again: bool
) -> None:
    """Erase a person (PROFILE: an id, or the address of its page) from everywhere, for good."""
    found = _find(settings, profile, site, by_login=by_login)
    shared = f", {found['shared']} of them shared with others" if found["shared"] else ""
    held = f"{found['events']:,} events, {found['identifiers']:,} identifiers{shared}"
    click.echo(f"Profile {found['profile']}: {held}.", err=True)
    if not yes and not click.confirm("Erase this person from everywhere? It cannot be undone.", err=True):
        raise FootfallError("nothing was erased")
    steps = list(ask_house(settings, "erase_person", site=site, profile=found["profile"], again=again))
    done = steps[-1]
    click.echo(f"Erased {done['events']:,} events and {done['identifiers']:,} identifiers.")
    click.echo(f"In the audit it stands under {done['reference']}. Older backups still hold the person.")


@click.group()
def tombstones() -> None:
    """Carry to another machine who was erased, so that no backup brings them back there."""


@tombstones.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def export_tombstones(settings: Settings, file: Path) -> None:
    """Write the tombstones of all sites into FILE: keyed hashes and times, nothing else of a person."""
    told = ask_once(settings, "export_tombstones", file=str(file.absolute()))
    click.echo(f"Wrote {told['stones']:,} tombstones to {file}.")


@tombstones.command("apply")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def apply_tombstones(settings: Settings, file: Path) -> None:
    """Put up the tombstones of FILE here, and erase whatever is here of those whom they name."""
    told = ask_once(settings, "apply_tombstones", file=str(file.absolute()))
    click.echo(f"{told['stones']:,} tombstones stand; whoever they name is erased here too.")
    for key in told["unknown"]:
        click.echo(f"There is no site {key} here; its tombstones were left out.", err=True)


@click.command("rebuild")
@of_site
@click.pass_obj
def rebuild_profiles(settings: Settings, site: str | None) -> None:
    """Make all profiles again from the edges. Nothing should change; says how many identifiers did."""
    for step in ask_house(settings, "rebuild_profiles", site=site):
        click.echo(f"{step['site']}: {step['changed']:,} identifiers changed their profile")


def _find(settings: Settings, profile: str | None, site: str | None, *, by_login: bool) -> Item:
    if by_login == (profile is not None):
        raise click.UsageError("name a profile, or give --login")
    login = _ask_login() if by_login else None
    return ask_once(settings, "find_one", site=site, profile=profile, login=login)


def _ask_login() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Login, as the page gave it to identify", err=True))
    return sys.stdin.readline().rstrip("\r\n")
