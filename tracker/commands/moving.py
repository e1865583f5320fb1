"""`footfall export` and `footfall import`."""

import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from collectors.accesslog import ImportSummary, import_log
from tracker.commands.asking import ask_house, house_or_none
from tracker.commands.finding import find_site
from tracker.database import Database
from tracker.errors import FootfallError
from tracker.house import House
from tracker.ingest.context import open_context
from tracker.ingest.places import Places
from tracker.settings import Settings
from tracker.sites import SiteBook
from tracker.spool import Spool, open_spool

_LOADING_STOPS_S = 60  # a loader that finishes no file of an import for so long is not at work


@click.command()
@click.argument("what", type=click.Choice(["events", "visits"]))
@click.option("--site", help="Key, name or host; may be left out when there is only one.")
@click.option("--cursor", help="Of the last line of an earlier export: only what was loaded since.")
@click.option("--limit", type=click.IntRange(min=1), help="Most lines.")
@click.pass_obj
def export(settings: Settings, what: str, site: str | None, cursor: str | None, limit: int | None) -> None:
    """Write what is stored to standard output, a JSON object a line, in the order of loading."""
    for piece in ask_house(settings, "export", what=what, site=site, cursor=cursor, limit=limit):
        sys.stdout.buffer.write(piece["lines"].encode())


@click.group("import")
def import_() -> None:
    """Take in what others have recorded."""


@import_.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--site", help="Key, name or host; may be left out when there is only one.")
@click.pass_obj
def accesslog(settings: Settings, file: Path, site: str | None) -> None:
    """Read a web server's access log (common or combined format, gzipped or not) as views.

    The same log, also one that has grown since, adds nothing twice.
    """
    house = house_or_none(settings)
    summary = _beside_server(settings, file, site) if house is None else _alone(house, file, site)
    click.echo(f"{summary.lines:,} lines: {summary.imported:,} views")
    for kind, counts in (("skipped", summary.skipped), ("bad", summary.bad)):
        for reason, count in counts.most_common():
            click.echo(f"{count:>12,} {kind}: {reason}")


def _alone(house: House, file: Path, site: str | None) -> ImportSummary:
    """Import into a house that this process has opened, and load all of it."""
    with ExitStack() as leaving:
        leaving.callback(house.close)
        summary = _import(house.sites, house.ingest.places, house.spool, file, site)
        house.spool.close()
        while not house.loader.drain(_LOADING_STOPS_S):
            if house.loader.last_error:
                raise FootfallError(f"the event store does not take it: {house.loader.last_error}")
    return summary


def _beside_server(settings: Settings, file: Path, site: str | None) -> ImportSummary:
    """Import through spool files of our own, and wait until the running server has loaded them."""
    with ExitStack() as leaving:
        database = Database(settings)
        leaving.callback(database.close)
        ingest = open_context(settings, database)
        leaving.callback(ingest.close)
        spool = open_spool(settings)
        leaving.callback(spool.close)
        summary = _import(SiteBook(database), ingest.places, spool, file, site)
    _wait_for_loader(settings.spool_folder)
    return summary


def _import(sites: SiteBook, places: Places | None, spool: Spool, file: Path, site: str | None) -> ImportSummary:
    with click.progressbar(length=file.stat().st_size, label="Reading", file=sys.stderr) as bar:
        return import_log(
            file, find_site(sites, site), places, spool.submit, lambda done, _: bar.update(done - bar.pos)
        )


def _wait_for_loader(folder: Path) -> None:
    """Wait until the spool files that this process wrote are loaded and gone."""
    ours = f"*-{os.getpid()}-*.spool"
    left, changed = len(list(folder.glob(ours))), time.monotonic()
    while left:
        time.sleep(0.1)
        now = len(list(folder.glob(ours)))
        if now != left:
            left, changed = now, time.monotonic()
        elif time.monotonic() - changed > _LOADING_STOPS_S:
            raise FootfallError("all is in the spool, but the server does not load it; `footfall doctor` may say why")
