"""`footfall signals`."""

import sys
from typing import Any

import click

from tracker.commands.asking import ask_house
from tracker.settings import Settings


@click.command()
@click.argument("site", required=False)
@click.option("--set", "changes", multiple=True, metavar="LIMIT=NUMBER", help="Change a limit; may be repeated.")
@click.pass_obj
def signals(settings: Settings, site: str | None, changes: tuple[str, ...]) -> None:
    """Tell what counts as a struggle on SITE (key, name or host; may be left out when there is only one).

    With --set, put other limits in force and decide the stored events again by them.
    """
    if not changes:
        for piece in ask_house(settings, "describe_signals", site=site):
            click.echo(piece["line"])
        return
    given = dict(_pair(change) for change in changes)
    progress: dict[str, Any] = {}
    for progress in ask_house(settings, "change_signals", site=site, values=given):
        show_progress(progress)
    click.echo(told(progress))


def show_progress(progress: dict[str, Any]) -> None:
    """Write what is going on, for somebody who watches."""
    if not progress["finished"] and sys.stderr.isatty():
        clicks = "counting what changes" if progress["changed"] is None else f"{progress['changed']:,} clicks change"
        click.echo(f"{progress['site']}, version {progress['version']}: {clicks} …", err=True)


def told(progress: dict[str, Any]) -> str:
    """Say in a line what deciding came to."""
    changed = progress["changed"]
    clicks = f"{changed:,} click{'' if changed == 1 else 's'}"
    return f"{progress['site']}: version {progress['version']}, {clicks} turned out otherwise."


def _pair(change: str) -> tuple[str, str]:
    name, equals, value = change.partition("=")
    if not equals:
        raise click.BadParameter(f"{change!r} is not written LIMIT=NUMBER, as silence=2000", param_hint="--set")
    return name.strip(), value
