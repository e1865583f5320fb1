"""`footfall release`."""

import click

from tracker.commands.asking import ask_once
from tracker.commands.options import of_site
from tracker.settings import Settings


@click.command()
@click.argument("name")
@of_site
@click.option("--at", help="When it was, as 2026-03-01T12:00:00Z.  [default: now]")
@click.pass_obj
def release(settings: Settings, name: str, site: str | None, at: str | None) -> None:
    """Mark that the site changed, as `footfall release v2.3` after putting it out.

    The report `releases` then compares what came before with what came after.
    """
    marked = ask_once(settings, "mark_release", name=name, site=site, at=at)
    click.echo(
        f"{'Marked' if marked['new'] else 'Known already:'} {marked['name']} of {marked['site']}, {marked['at']}."
    )
