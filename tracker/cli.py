"""The command line: `footfall`."""

from importlib import import_module
from typing import Any

import click

import tracker
from tracker.errors import NO_ROOM, FootfallError
from tracker.settings import load_settings

# Each command and the module in tracker.commands that holds it, which is imported only when it is called for:
# the server's master stays small, and a question to a running server costs little.
COMMANDS = {
    "serve": "serving",
    "site": "sites",
    "user": "people",
    "key": "people",
    "signals": "signals",
    "identity": "identity",
    "report": "reporting",
    "release": "releasing",
    "check": "checking",
    "mcp": "assisting",
    "export": "moving",
    "import": "importing",
    "demo": "practice",
    "migrate": "upkeep",
    "rebuild": "upkeep",
    "backup": "backups",
    "restore": "backups",
    "doctor": "upkeep",
}


class _Footfall(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tracker.commands.{COMMANDS[cmd_name]}")
        return next(one for one in vars(module).values() if isinstance(one, click.Command) and one.name == cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Say in one line what the operator can mend."""
        try:
            return super().invoke(ctx)
        except FootfallError as error:
            click.echo(f"footfall: {error}", err=True)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            click.echo(f"footfall: there is no room for what is written ({error.strerror}); make some", err=True)
        return ctx.exit(1)


@click.group(cls=_Footfall, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tracker.__version__, prog_name="footfall")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Track a website's usability: where clicks die and where people leave.

    Settings are FOOTFALL_… variables; FOOTFALL_DATA names the data folder. Every command
    also works while `footfall serve` runs.
    """
    ctx.obj = load_settings()


def main() -> None:
    """Run the command line."""
    cli(prog_name="footfall")
