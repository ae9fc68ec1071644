"""The tools as a server of the official SDK.

In: nothing. Out: `the_server()`. Tools run in the thread that Django's code of a request runs in, so they use its
connection to the database.
"""

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections, connection
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import BaseModel, create_model, model_validator

from content_app import VERSION
from content_app.canonical import compact_json
from content_app.delivery.mcp import tools
from content_app.delivery.store.prose import HOW_TO_USE
from content_app.nearest import nearest

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


@functools.cache
def the_server() -> MCPServer:
    """The server with its four tools; it can read and nothing else, and keeps nothing between two calls."""
    return MCPServer(
        "amps-api",
        title="AMPS API",
        version=VERSION,
        instructions=INSTRUCTIONS,
        tools=[make_tool(name, title, function) for name, (title, function) in TOOLS.items()],
        log_level="WARNING",
    )


def make_tool(name: str, title: str, function: Callable[..., dict[str, Any]]) -> Tool:
    """The tool of a function. It answers in JSON text alone, which every client reads: nothing is sent twice."""
    tool = Tool.from_function(
        answering(function), name=name, title=title, annotations=READ_ONLY, structured_output=False
    )
    tool.fn_metadata.arg_model = tolerant(tool.fn_metadata.arg_model)
    tool.parameters = plain(tool.parameters)
    return tool


def tolerant(arguments: type[BaseModel]) -> type[BaseModel]:
    """The arguments of a tool, without those that agents add to every call; a misspelt one is refused."""
    known = list(arguments.model_fields)

    def without_others(given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        for name in given.keys() - set(known):
            if near := nearest(str(name), known, cutoff=0.75):
                raise ValueError(f"There is no argument “{str(name)[:60]}”; did you mean “{near[0]}”?")
        return {name: value for name, value in given.items() if name in known}

    return create_model(
        arguments.__name__,
        __base__=arguments,
        __validators__={"others": model_validator(mode="before")(without_others)},
    )


def plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema in words that every vendor's client understands: one type for each argument, none that may be null."""
    arguments = {}
    for name, told in schema["properties"].items():
        kind = next((each for each in told.get("anyOf", ()) if each.get("type") != "null"), {})
        kept = {key: value for key, value in told.items() if key not in ("anyOf", "title")}
        if kept.get("default", "") is None:
            del kept["default"]
        arguments[name] = {**kind, **kept}
    return {"type": "object", "properties": arguments, "required": schema.get("required", [])}


def answering(function: Callable[..., dict[str, Any]]) -> Callable[..., Awaitable[str]]:
    """The tool with its errors in words that a model can act on, and its connection closed when it has gone stale."""

    def answer(*args: Any, **kwargs: Any) -> str:
        if not connection.in_atomic_block:
            close_old_connections()
        try:
            return compact_json(function(*args, **kwargs)).decode()
        except tools.Unanswerable as problem:
            raise ToolError(str(problem))
        except Error as fault:
            logger.error("The database cannot be read: %s", fault)
            raise ToolError("The library cannot be read at the moment. Try again shortly.")

    @functools.wraps(function)
    async def in_the_thread_of_the_request(*args: Any, **kwargs: Any) -> str:
        return await sync_to_async(answer, thread_sensitive=True)(*args, **kwargs)

    in_the_thread_of_the_request.__annotations__ = {**function.__annotations__, "return": str}
    return in_the_thread_of_the_request
