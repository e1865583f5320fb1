"""`footfall site`."""

import click

from tracker.commands.asking import ask_house, ask_once
from tracker.commands.tags import tag_of
from tracker.settings import Settings


@click.group()
def site() -> None:
    """Add and list the websites that are tracked."""


@site.command("add")
@click.argument("name")
@click.option("--host", "hosts", multiple=True, required=True, help="A host its pages are on; may be repeated.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of its days, as Europe/Warsaw.")
@click.pass_obj
def add(settings: Settings, name: str, hosts: tuple[str, ...], zone: str) -> None:
    """Add a site and print the tag for its pages."""
    made = ask_once(settings, "add_site", name=name, hosts=list(hosts), zone=zone)
    click.echo(f"Added {made['name']} with the key {made['key']}. Put this tag on its pages:")
    click.echo(tag_of(settings, made["key"]))


@site.command("list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """Print each site's key, name and hosts."""
    for one in ask_house(settings, "list_sites"):
        note = "" if one["enabled"] else "  (disabled)"
        click.echo(f"{one['key']}  {one['name']}  {', '.join(one['hosts'])}  {one['zone']}{note}")
