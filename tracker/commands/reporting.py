"""`footfall report` and `footfall export`."""

import shutil
import sys

import click

import reports
from reports.scope import BOTS, DEFAULT_LIMIT, DEFAULT_RANGE
from tracker.commands.asking import ask_house
from tracker.commands.options import of_site
from tracker.imports.counts import KIND_NAMES
from tracker.settings import Settings

NAMES = [report.name for report in reports.REPORTS]


UNCUT = 10_000


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@of_site
@click.option("--range", "range_", help=f"today, 7d, last_month, 2026-01-01..2026-01-31 …  [default: {DEFAULT_RANGE}]")
@click.option("--filter", "filters", multiple=True, help="DIMENSION:is|is_not|contains|matches:VALUE[|VALUE…]")
@click.option("--segment", help="The name of a saved segment, whose filters must hold too.")
@click.option("--compare", help="previous, year or weekday.")
@click.option("--bots", type=click.Choice(BOTS), help="Whether declared bots count.  [default: out]")
@click.option("--release", help="Which release to compare before with after, for the report `releases`.")
@click.option("--funnel", help="Which funnel to tell of, for the report `funnels`.  [default: the first]")
@click.option("--imported", type=click.Choice(KIND_NAMES), help="What to tell of, for the report `imported`.")
@click.option("--limit", help=f"Most rows.  [default: {DEFAULT_LIMIT}]")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_obj
def report(
    settings: Settings,
    *,
    name: str,
    site: str | None,
    range_: str | None,
    filters: tuple[str, ...],
    segment: str | None,
    compare: str | None,
    bots: str | None,
    release: str | None,
    funnel: str | None,
    imported: str | None,
    limit: str | None,
    format_: str,
) -> None:
    """Answer one of the reports."""
    single = {
        "range": range_,
        "segment": segment,
        "compare": compare,
        "bots": bots,
        "release": release,
        "funnel": funnel,
        "imported": imported,
        "limit": limit,
    }
    words = {word: [value] for word, value in single.items() if value is not None}
    words |= {"filter": list(filters)} if filters else {}
    # what is piped on has no edge at which to cut
    width = shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() else UNCUT
    for piece in ask_house(settings, "report", name=name, site=site, words=words, written=format_, width=width):
        click.echo(piece["text"], nl=not piece["text"].endswith("\n"))
