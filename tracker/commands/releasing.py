"""`footfall release`."""

import click

from tracker.commands.asking import ask_once
from tracker.settings import Settings


@click.command()
@click.argument("name")
@click.option("--site", help="Key, name or host; may be left out when there is only one.")
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
