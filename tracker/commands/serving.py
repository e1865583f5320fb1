"""`footfall serve`."""

import click

from tracker.serve import serve as run_server
from tracker.settings import Settings


@click.command()
@click.option("--host", help="Address to listen on.  [FOOTFALL_HOST]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [FOOTFALL_PORT]")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Collect, load and show until told to stop."""
    settings.host = host or settings.host
    settings.port = port or settings.port
    run_server(settings)
