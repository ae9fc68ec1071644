"""The server for language models: its tools as functions, and the whole of it through the SDK's own client."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from content_app.delivery.mcp import tools
from tests import library, prepared

ROOT = Path(__file__).parents[3]
SHOWN_WITH = {"notices", "not_covered", "review", "version", "citation"}


@pytest.fixture(scope="module")
def two_releases_of_a_module(library_of_a_module):
    """Release 1 with a condition and a symptom, release 2 with the condition changed."""
    pain = library.condition("a-pain", codings=[library.coding(match="broad")], statements=[library.statement()])
    ache = library.symptom_type("an-ache")
    library.publish([pain, ache], library_of_a_module)
    library.publish([pain | {"name": "A changed pain"}], library_of_a_module)
    return pain


@pytest.fixture
def two_releases(two_releases_of_a_module, db):
    return two_releases_of_a_module


def assert_is_complete(answer):
    """Every answer names its release, and every item in it all that must be shown with it."""
    assert answer["release"]["number"] >= 1
    assert answer["licence"]["spdx"] == "CC-BY-4.0"
    assert "not a diagnosis" in answer["disclaimer"]
    items = [answer["item"]] if "item" in answer else []
    items += [entry.get("item", entry) for entry in answer.get("results", []) + answer.get("changes", [])]
    for item in items:
        if "withdrawn" in item:
            continue
        assert set(item) >= SHOWN_WITH
        assert item["notices"]
        assert f"in release {answer['release']['number']}" in item["citation"]


def test_search_finds_names_and_texts_and_says_that_it_is_no_diagnosis(two_releases):
    answer = tools.search("A CHANGED pain")
    assert_is_complete(answer)
    assert [item["name"] for item in answer["results"]] == ["A changed pain"]
    assert "not a diagnosis" in answer["detail"]
    assert [item["name"] for item in tools.search("it lasts")["results"]] == ["A changed pain"]
    assert [item["name"] for item in tools.search("M79.7")["results"]] == ["A changed pain"]


def test_search_says_how_it_took_a_misspelt_word(two_releases):
    answer = tools.search("chenged")
    assert [item["name"] for item in answer["results"]] == ["A changed pain"]
    assert answer["interpreted_as"]["corrected"] == [{"from": "chenged", "to": "changed"}]


def test_search_without_a_hit_says_what_that_means(two_releases):
    answer = tools.search("nothing like it")
    assert answer["results"] == []
    assert "only means that none of our content uses them" in answer["detail"]


@pytest.mark.parametrize("asked", ["conditions/a-pain", "/api/v1/conditions/a-pain/?release=2", "a changed pain", None])
def test_an_item_is_read_by_identifier_address_or_name(two_releases, asked):
    answer = tools.read_item(asked or two_releases["uuid"])
    assert_is_complete(answer)
    item = answer["item"]
    assert item["statements"][0] == {
        "id": library.uuid_of("statement", "It lasts."),
        "aspect": "overview",
        "text": "It lasts.",
        "assertion": "stated",
        "likelihood": None,
        "evidence": "unreferenced_lay_text",
        "layer": "source_text",
        "population": None,
        "frequency": None,
        "sources": [{"source": "a-text", "locator": "paragraph 1"}],
    }
    assert item["not_covered"][0].startswith("This page does not cover")
    assert item["review"]["is_overdue"] is False


def test_an_item_is_read_for_the_audience_that_is_asked_for(two_releases):
    assert tools.read_item("a changed pain", "plain")["item"]["summary"].endswith("in plain words.")
    assert tools.read_item("a changed pain", "clinical")["item"]["summary"].endswith("for clinicians.")


def test_an_older_release_can_be_read(two_releases):
    answer = tools.read_item("conditions/a-pain", release=1)
    assert_is_complete(answer)
    assert answer["item"]["name"] == "A pain"


def test_a_code_says_how_well_it_fits(two_releases):
    answer = tools.look_up_code("m79.7", "2.16.840.1.113883.6.90")
    assert_is_complete(answer)
    assert [entry["match"] for entry in answer["results"]] == ["broad"]
    assert "is broader than" in answer["results"][0]["meaning"]


def test_a_code_that_nothing_has_says_what_that_means(two_releases):
    answer = tools.look_up_code("Z99.9")
    assert answer["results"] == []
    assert "does not mean that the code does not exist" in answer["detail"]


def test_changes_between_releases_are_listed(two_releases):
    answer = tools.list_changes(1)
    assert_is_complete(answer)
    assert [(entry["change"], entry["item"]["name"]) for entry in answer["changes"]] == [("changed", "A changed pain")]
    assert {entry["change"] for entry in tools.list_changes(0, until_release=1)["changes"]} == {"new"}


def test_what_is_withdrawn_is_said_and_not_shown(two_releases, people):
    item = library.item_of(two_releases)
    library.withdraw(item=item, by=people.publisher, reason="withdrawn", note="It was wrong.")
    answer = tools.read_item("conditions/a-pain")
    assert answer["withdrawn"]["note"] == "It was wrong."
    assert "It lasts." not in json.dumps(answer)
    assert tools.list_changes(2)["changes"][0]["change"] == "withdrawn"
    assert tools.search("a changed pain")["results"] == []


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: tools.search(" "), "query"),
        (lambda: tools.search("a\x00"), "query"),
        (lambda: tools.search("?!"), "letter or digit"),
        (lambda: tools.search("a", limit=0), "limit"),
        (lambda: tools.search("a", limit=51), "limit"),
        (lambda: tools.search("a", release=0), "release"),
        (lambda: tools.search("a", release=9), "no release 9"),
        (lambda: tools.read_item("a"), "conditions/a-pain"),
        (lambda: tools.read_item("conditions/nothing"), "Call search first"),
        (lambda: tools.look_up_code("M79.7", "icd"), "icd-10-cm"),
        (lambda: tools.list_changes(3), "since_release"),
        (lambda: tools.list_changes(-1), "since_release"),
    ],
)
def test_what_cannot_be_answered_says_what_to_do_instead(two_releases, call, hint):
    with pytest.raises(tools.Unanswerable, match=hint):
        call()


def test_before_the_first_release_there_is_nothing_to_read(db):
    with pytest.raises(tools.Unanswerable, match="Nothing has been published yet"):
        tools.search("a")


# The server as a client meets it: a process of its own, with a library of its own.


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """How to start the server on a library with the first content."""
    environment = prepared.environment_of_a_server(tmp_path_factory.mktemp("mcp"))
    from mcp import StdioServerParameters

    return StdioServerParameters(command=sys.executable, args=["manage.py", "mcp"], cwd=ROOT, env=environment)


def conversation(server, talk, **options):
    """What `talk`, a coroutine function, returns when it is given a client that is connected to the server."""

    from mcp.client import Client

    async def converse():
        async with Client(server, **options) as client:
            return await talk(client)

    return asyncio.run(converse())


def test_a_client_sees_four_tools_that_only_read(server):
    async def talk(client):
        return (await client.list_tools()).tools

    found = conversation(server, talk)
    assert [tool.name for tool in found] == ["search", "read_item", "look_up_code", "list_changes"]
    for tool in found:
        assert tool.annotations.read_only_hint
        assert tool.input_schema["additionalProperties"] is False
        assert all("description" in argument for argument in tool.input_schema["properties"].values())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_goes_from_a_code_to_a_quotation(server, mode):
    async def talk(client):
        found = await client.call_tool("look_up_code", {"code": "M79.7", "system": "icd-10-cm"})
        best = next(each for each in found.structured_content["results"] if each["match"] == "exact")
        return await client.call_tool("read_item", {"item": best["item"]["id"], "audience": "plain"})

    answer = conversation(server, talk, mode=mode)
    assert_is_complete(answer.structured_content)
    assert answer.structured_content["item"]["name"] == "Fibromyalgia"
    assert json.loads(answer.content[0].text) == answer.structured_content


WRONG_CALLS = [
    ("read_item", {"item": "nothing"}, "has no item “nothing”"),
    ("search", {"query": "AMPS", "colour": "red"}, "colour"),
    ("search", {}, "query"),
    ("list_changes", {"since_release": "yesterday"}, "since_release"),
]


def test_a_client_that_asks_wrongly_is_told_so_and_can_go_on(server):
    async def talk(client):
        return [await client.call_tool(tool, arguments) for tool, arguments, _ in WRONG_CALLS] + [
            await client.call_tool("search", {"query": "AMPS"})
        ]

    *answers, last = conversation(server, talk)
    assert all(answer.is_error for answer in answers)
    for answer, (_, _, hint) in zip(answers, WRONG_CALLS, strict=True):
        assert hint in answer.content[0].text
    assert last.structured_content["results"][0]["name"] == "Amplified musculoskeletal pain syndrome"
