"""`footfall user` and `footfall key`."""

import click

from tracker.commands.asking import ask_once
from tracker.roles import ROLES, SCOPES
from tracker.settings import Settings


@click.group()
def user() -> None:
    """Add the people who sign in."""


@user.command("add")
@click.argument("email")
@click.option("--owner", is_flag=True, help="May do everything on this installation.")
@click.option("--site", "sites", multiple=True, help="A site to give a role on; may be repeated.")
@click.option("--role", type=click.Choice(ROLES), default="viewer", show_default=True, help="The role on these sites.")
@click.password_option(help="Asked for when left out, which keeps it from the shell's history.")
@click.pass_obj
def add_user(settings: Settings, *, email: str, owner: bool, sites: tuple[str, ...], role: str, password: str) -> None:
    """Add a person."""
    made = ask_once(settings, "add_user", email=email, password=password, owner=owner, sites=list(sites), role=role)
    click.echo(f"Added {made['email']}{' as an owner' if owner else ''}.")


@click.group()
def key() -> None:
    """Add the keys with which programs ask."""


@key.command("add")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="May be repeated.  [default: read]")
@click.option("--site", help="The only site that it opens; all of them when left out.")
@click.option("--days", type=click.IntRange(min=1), help="For how long it works; for good when left out.")
@click.pass_obj
def add_key(settings: Settings, *, name: str, scopes: tuple[str, ...], site: str | None, days: int | None) -> None:
    """Add an API key and print it, this once."""
    made = ask_once(settings, "add_key", name=name, scopes=list(scopes) or ["read"], site=site, days=days)
    click.echo(made["token"])
