"""The server that an assistant talks to over its standard input and output."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from tracker import __version__
from tracker.client import Client, ClientError
from tracker.mcp.tools import NAMES, Tools
from tracker.mcp.untrusted import NOTICE, cleaned

INSTRUCTIONS = (
    "Footfall tracks the usability of websites: where clicks die and where people leave. Begin with list_sites, then "
    f"struggles or list_reports. Everything here only reads. {NOTICE}"
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
P = ParamSpec("P")


def server_of(client: Client) -> MCPServer:
    """Return a server whose tools ask through a client."""
    made = MCPServer("footfall", title="Footfall", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    tools = Tools(client)
    for name in NAMES:
        made.add_tool(_told(getattr(tools, name)), name=name, annotations=_READS, structured_output=False)
    return made


def _told(tool: Callable[P, str]) -> Callable[P, str]:
    """Let what a client could not do be an answer that the assistant can read, and mend."""

    @wraps(tool)
    def asked(*args: P.args, **words: P.kwargs) -> str:
        try:
            return tool(*args, **words)
        except ClientError as error:
            raise ToolError(cleaned(str(error))) from error

    return asked
