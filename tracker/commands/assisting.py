"""`footfall mcp`."""

from importlib import import_module

import click

from tracker.client import Client
from tracker.client.connection import URL_VARIABLE
from tracker.errors import FootfallError


@click.command()
@click.option("--url", envvar=URL_VARIABLE, help="The server to ask, with the key in FOOTFALL_KEY.")
@click.option("--check", is_flag=True, help="Only say which sites the key may read, and end.")
def mcp(url: str | None, check: bool) -> None:
    """Serve assistants over standard input and output, by the Model Context Protocol.

    It only reads. The key needs no more than the scope `read`.
    """
    with Client.from_environment(url) as client:
        if check:
            names = ", ".join(f"{one.name} ({one.key})" for one in client.sites())
            click.echo(f"This key may read: {names or 'no site'}.")
            return
        try:
            serving = import_module("tracker.mcp.server")
        except ModuleNotFoundError as error:
            raise FootfallError(f"{error.name} is missing; `pip install 'footfall[mcp]'`") from error
        serving.server_of(client).run("stdio")
