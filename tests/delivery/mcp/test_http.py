"""The server for language models over HTTP: the SDK's own client, and what a web page or a misled program is told."""

import asyncio
import json

import pytest

from content_app import VERSION
from content_app.delivery.mcp import http

CALL = {
    "jsonrpc": "2.0", "id": 7, "method": "tools/call",
    "params": {"name": "search", "arguments": {"query": "AMPS", "limit": 1}},
}  # fmt: skip


def post(client, body, **headers):
    sent = body if isinstance(body, str) else json.dumps(body)
    return client.post("/mcp", sent, content_type="application/json", headers=headers)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_foreign_client_reads_an_item_over_http(live_library, mode):
    from mcp.client import Client

    async def converse():
        async with Client(f"{live_library}/mcp", mode=mode) as client:
            names = [tool.name for tool in (await client.list_tools()).tools]
            return names, await client.call_tool("read_item", {"item": "fibromyalgia", "aspect": "treatment"})

    names, answer = asyncio.run(converse())
    assert names == ["search", "read_item", "look_up_code", "list_changes"]
    assert json.loads(answer.content[0].text)["item"]["name"] == "Fibromyalgia"


class TestMessages:
    @pytest.mark.parametrize("accept", [None, "*/*", "application/json, text/event-stream"])
    def test_a_call_needs_no_session(self, first_content, db, client, accept):
        response = post(client, CALL, **({"accept": accept} if accept else {}))
        answer = response.json()
        assert (response.status_code, answer["id"], response["Cache-Control"]) == (200, 7, "no-store")
        assert json.loads(answer["result"]["content"][0]["text"])["results"][0]["kind"] == "condition"

    def test_the_server_says_which_version_it_is(self, db, client):
        given = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
        asked = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": given}
        assert post(client, asked).json()["result"]["serverInfo"]["version"] == VERSION

    def test_schemas_have_one_type_for_each_argument(self, db, client):
        tools = post(client, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).json()["result"]["tools"]
        arguments = [each for tool in tools for each in tool["inputSchema"]["properties"].values()]
        assert all(each.keys() <= {"type", "description", "enum", "default"} for each in arguments)
        assert all(each["type"] in ("string", "integer", "boolean") and each["description"] for each in arguments)

    def test_what_is_no_message_is_refused_as_the_protocol_says(self, db, client):
        response = post(client, "{")
        assert (response.status_code, response.json()["error"]["code"]) == (400, -32700)


class TestAddress:
    @pytest.mark.parametrize("origin", ["http://testserver", "http://localhost:6274", "http://127.0.0.1"])
    def test_a_page_of_this_server_or_machine_may_ask(self, first_content, db, client, origin):
        assert post(client, CALL, origin=origin).status_code == 200

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[", "http://localhost.example"])
    def test_a_page_of_another_origin_is_refused(self, db, client, origin):
        response = post(client, CALL, origin=origin)
        assert (response.status_code, response.json()["error"]["code"]) == (403, -32600)

    def test_there_is_no_stream_to_wait_for(self, db, client):
        response = client.get("/mcp")
        assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")

    def test_it_is_limited_like_the_rest(self, db, client, settings):
        settings.LIMIT_ANONYMOUS = 1
        assert [post(client, CALL).status_code for _ in range(2)][1] == 429

    def test_without_the_sdk_there_is_nothing_here(self, db, client, monkeypatch):
        monkeypatch.setattr(http.importlib.util, "find_spec", lambda name: None)
        assert post(client, CALL).status_code == 404
