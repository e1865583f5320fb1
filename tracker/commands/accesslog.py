"""`footfall import accesslog`: a web server's log as views, at once or as it grows."""

from pathlib import Path

import click

from collectors.accesslog.taking import import_log
from collectors.footprints import Taken
from tracker.commands.asking import house_or_none
from tracker.commands.finding import find_site
from tracker.commands.following import follow as follow_log
from tracker.commands.following import say
from tracker.commands.options import of_site
from tracker.commands.spooling import WayIn, load_spool, through_spool
from tracker.commands.telling import reading, tell
from tracker.settings import Settings

_STANDARD_INPUT = Path("-")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@of_site
@click.option("--follow", is_flag=True, help="Go on with what is appended, until told to stop.")
@click.pass_obj
def accesslog(settings: Settings, *, file: Path, site: str | None, follow: bool) -> None:
    """Read a web server's access log (common or combined format, gzipped or not) as views.

    The same log, also one that has grown since, adds nothing twice. With - it is read from
    standard input. With --follow it is read as it grows, also when it is renamed or cut; a
    second start goes on where the first one ended.
    """

    def take(way_in: WayIn) -> Taken:
        found = find_site(way_in.sites, site)
        with reading(file) as progress:
            return import_log(file, found, way_in.ingest.places, way_in.spool.submit, progress)

    if file == _STANDARD_INPUT or follow:
        taken = _as_it_comes(settings, file, site, follow=follow)
    else:
        taken = through_spool(settings, take)
    tell(taken, "lines", "views")


def _as_it_comes(settings: Settings, file: Path, site: str | None, *, follow: bool) -> Taken:
    """Import lines as they come, by spool files of our own; of standard input that has ended, all is loaded as well."""
    house = house_or_none(settings)
    if house is not None:
        house.close()  # it was brought up to date; a server that is started meanwhile must have it for itself
        if follow:
            say("no server runs here: what is read waits in the spool for one")
    taken = follow_log(settings, None if file == _STANDARD_INPUT else file, site)
    if not follow:
        load_spool(settings)
    return taken
