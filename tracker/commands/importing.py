"""`footfall import` of what other products have recorded or counted, and what became of it."""

from datetime import date
from pathlib import Path

import click

from collectors.footprints import Taken
from collectors.history import FORMATS
from collectors.history.hit import Format
from collectors.history.noting import note_taken
from collectors.history.taking import stretch_of, take_history
from tracker.commands.accesslog import accesslog
from tracker.commands.asking import ask_house, ask_once
from tracker.commands.counts import WHO
from tracker.commands.finding import find_site
from tracker.commands.options import of_site, until_day
from tracker.commands.spooling import WayIn, through_spool
from tracker.commands.telling import reading, tell, tell_reason
from tracker.control import Item
from tracker.errors import InvalidInputError
from tracker.imports.book import WantedImport
from tracker.imports.counts import KIND_NAMES
from tracker.imports.files import GivenFile
from tracker.settings import Settings

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OF = {one.name: one for one in FORMATS}


@click.group("import")
def import_() -> None:
    """Take in what others have recorded."""


import_.add_command(accesslog)


@import_.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@of_site
@until_day
@click.pass_obj
def umami(settings: Settings, *, files: tuple[Path, ...], site: str | None, until: str | None) -> None:
    """Read Umami's export as views and custom events.

    FILES are the archive that its cloud gives, or tables of its database as CSV: website_event.csv and, where
    they are apart, session.csv and event_data.csv. The same again adds nothing twice.
    """
    _take(settings, _OF["umami"], files, site, until)


@import_.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@of_site
@until_day
@click.pass_obj
def goatcounter(settings: Settings, *, files: tuple[Path, ...], site: str | None, until: str | None) -> None:
    """Read GoatCounter's export (CSV of version 1 or 2, gzipped or not) as views and custom events.

    The same again, or one that has grown since, adds nothing twice.
    """
    _take(settings, _OF["goatcounter"], files, site, until)


@import_.command()
@click.argument("file", type=_FILE)
@of_site
@click.pass_obj
def plausible(settings: Settings, *, file: Path, site: str | None) -> None:
    """Read Plausible's export, a zip archive, as counts by day.

    They are kept apart from what Footfall counts, and take the place of those that it had of these days.
    """
    _count(settings, "plausible", (file,), site)


@import_.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@of_site
@click.pass_obj
def ga4(settings: Settings, *, files: tuple[Path, ...], site: str | None) -> None:
    """Read tables of Google Analytics 4 as counts by day: answers of its Data API (JSON), or downloads (CSV).

    Each is by date, or by date and one dimension more, such as the page.
    """
    _count(settings, "ga4", files, site)


@import_.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@of_site
@click.option("--kind", type=click.Choice(KIND_NAMES), help="What is counted, where the file does not say.")
@click.pass_obj
def matomo(settings: Settings, *, files: tuple[Path, ...], site: str | None, kind: str | None) -> None:
    """Read answers of Matomo's reporting API (JSON or CSV, period=day) as counts by day."""
    _count(settings, "matomo", files, site, kind or "")


@import_.command("list")
@of_site
@click.pass_obj
def list_(settings: Settings, site: str | None) -> None:
    """List what was taken in of other products."""
    for one in ask_house(settings, "list_imports", site=site):
        click.echo(_line(one))


@import_.command()
@click.argument("number")
@of_site
@click.pass_obj
def remove(settings: Settings, number: str, site: str | None) -> None:
    """Let go of an import of counts by its NUMBER, and of all it counted."""
    click.echo(f"Removed {_line(ask_once(settings, 'remove_import', site=site, number=number))}")


def _count(settings: Settings, product: str, files: tuple[Path, ...], site: str | None, kind: str = "") -> None:
    paths = [str(file.resolve()) for file in files]
    made = ask_once(settings, "import_counts", product=product, site=site, files=paths, kind=kind)
    click.echo(f"{made['site']}: {_line(made)}")
    for word in ("taken", "skipped", "bad"):
        for reason, count in made[word].items():
            tell_reason(count, word, reason, made["first"].get(reason) if word == "bad" else None)


def _line(one: Item) -> str:
    days = f"{one['first_day']} to {one['last_day']}"
    return f"{one['number']}  {one['product']}  {days}  {one['rows']:,} {one['of']}  from {one['files']}"


def _take(settings: Settings, of: Format, files: tuple[Path, ...], site: str | None, until: str | None) -> None:
    def take(way_in: WayIn) -> Taken:
        found = find_site(way_in.sites, site)
        stretch = stretch_of(found, _day(until))
        with reading(*files) as progress:
            given = [GivenFile(file) for file in files]
            taken = take_history(of, given, found, way_in.spool.submit, stretch, progress)
        wanted = WantedImport(of.name, ", ".join(file.name for file in files), WHO)
        note_taken(way_in.database, found, wanted, taken)
        return taken

    tell(through_spool(settings, take), "rows", "views and events")


def _day(until: str | None) -> date | None:
    try:
        return date.fromisoformat(until) if until else None
    except ValueError as error:
        raise InvalidInputError("--until", f"{until!r} is no day such as 2026-03-01") from error
