"""The tools as a server of the official SDK.

In: nothing. Out: `make_server()`. The SDK calls each tool in a thread of its own, so connections to the database are
looked after around every call.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.db import Error, close_old_connections
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import ConfigDict

from content_app.delivery.mcp import tools
from content_app.delivery.store.prose import HOW_TO_USE

logger = logging.getLogger(__name__)
READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
INSTRUCTIONS = (
    "Coded and cited content on amplified musculoskeletal pain syndrome (AMPS) and the conditions it is confused with. "
    f"Each item says how it has been reviewed. {HOW_TO_USE} Start with search or look_up_code, then call read_item. "
    "Every response names its release; pass `release` to read an older one."
)
TOOLS = {
    "search": ("Search items by name or text", tools.search),
    "read_item": ("Read one item", tools.read_item),
    "look_up_code": ("Look up a code", tools.look_up_code),
    "list_changes": ("List changes between releases", tools.list_changes),
}


def make_server() -> MCPServer:
    """The server with its four tools; it can read and nothing else."""
    return MCPServer(
        "amps-api",
        title="AMPS API",
        instructions=INSTRUCTIONS,
        tools=[make_tool(name, title, function) for name, (title, function) in TOOLS.items()],
        log_level="WARNING",
    )


def make_tool(name: str, title: str, function: Callable[..., dict[str, Any]]) -> Tool:
    """The tool of a function. Unlike the SDK's own it refuses arguments that it does not know."""
    tool = Tool.from_function(
        answering(function), name=name, title=title, annotations=READ_ONLY, structured_output=True
    )
    arguments = tool.fn_metadata.arg_model
    strict = type(arguments.__name__, (arguments,), {"model_config": ConfigDict(extra="forbid")})
    tool.fn_metadata.arg_model = strict
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


def answering(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """The tool with its errors in words that a model can act on, and its connection closed when it has gone stale."""

    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> dict[str, Any]:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        except tools.Unanswerable as problem:
            raise ToolError(str(problem))
        except Error as fault:
            logger.error("The database cannot be read: %s", fault)
            raise ToolError("The library cannot be read at the moment. Try again shortly.")
        finally:
            close_old_connections()

    return answer
