"""The server over streamable HTTP, at `/mcp`: one message a request, one answer, no session.

In: a POST with a JSON-RPC message. Out: what the official SDK answers, as JSON
(https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#streamable-http). The SDK speaks ASGI, so
each request runs it once, with its tools in the thread of the request. Pages of other origins are refused, as the
protocol asks: only those of this server and of programs on the reader's own machine may ask.
"""

import importlib.util
from typing import Any, ClassVar
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from content_app.canonical import compact_json
from content_app.delivery.http.problems import base_url, problem_response

METHODS = ("POST", "OPTIONS")
KEPT = ("content-type", "mcp-protocol-version")  # headers of the SDK's answer
EVERYTHING = "application/json, text/event-stream"  # what the protocol has clients accept
LOOPBACK = ("localhost", "127.0.0.1", "::1")
Message = dict[str, Any]


@method_decorator(csrf_exempt, name="dispatch")
class McpView(View):
    """The one address of the server."""

    http_method_names: ClassVar[list[str]] = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if importlib.util.find_spec("mcp") is None:
            return problem_response(request, "not-found", "This server was installed without the extra “mcp”.")
        if not may_ask(request):
            return refusal(403, "Web pages of another origin cannot use this address.")
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        status, headers, body = async_to_sync(_answered)(scope_of(request), request.body)
        return HttpResponse(body, status=status, headers={name: value for name, value in headers if name in KEPT})

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": ", ".join(METHODS)})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = problem_response(
            request, "method-not-allowed", "Use POST. This server keeps no sessions and opens no streams."
        )
        response["Allow"] = ", ".join(METHODS)
        return response


def refusal(status: int, detail: str) -> HttpResponse:
    """An error of JSON-RPC that answers no message (https://www.jsonrpc.org/specification#error_object)."""
    error = {"code": -32600, "message": detail}
    return HttpResponse(
        compact_json({"jsonrpc": "2.0", "id": None, "error": error}), status=status, content_type="application/json"
    )


def may_ask(request: HttpRequest) -> bool:
    """Whether the page that asks, if it is one, is ours or of a program on the reader's machine."""
    origin = request.headers.get("Origin")
    if origin is None or origin in (base_url(request), settings.PUBLIC_URL):
        return True
    try:
        return urlsplit(origin).hostname in LOOPBACK
    except ValueError:
        return False


def scope_of(request: HttpRequest) -> Message:
    """The request as ASGI has it. Who accepts anything accepts what the protocol answers in."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if "*/*" in headers.get("accept", "*/*"):
        headers["accept"] = EVERYTHING
    headers["content-type"] = request.content_type or ""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()],
    }


async def _answered(scope: Message, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of the SDK's answer to one request."""
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from content_app.delivery.mcp.server import the_server

    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(the_server()._lowlevel_server, json_response=True, stateless=True)
    async with manager.run():
        await manager.handle_request(scope, receive, send)
    start = next(message for message in sent if message["type"] == "http.response.start")
    headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"]]
    return start["status"], headers, b"".join(message.get("body", b"") for message in sent)
