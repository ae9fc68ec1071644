"""Reads linked data with somebody else's parser (rdflib), offline.

In: JSON-LD or Turtle that we wrote for `BASE`, and the documents of a release. Out: graphs.
"""

import json
from functools import cache
from typing import Any

import pytest
from rdflib import Graph, Namespace

from content_app.delivery.linked_data import context
from content_app.delivery.linked_data.words import OWN_WORDS
from content_app.delivery.rest.export import kept_bundles
from content_app.delivery.store import reading, symmetric_query

BASE = "https://amps.example"
SCHEMA = Namespace("https://schema.org/")
AMPS = Namespace(OWN_WORDS)
# One document of each kind, and one of which another says what it is not: the files of each form are named so.
GOLDEN = {
    "condition": "juvenile-fibromyalgia",
    "condition-named-by-another": "complex-regional-pain-syndrome",
    "symptom-type": "skin-cold",
    "concept": "nervous-system-sensitisation",
    "example": "loudspeaker-volume",
    "source": "goebel-2021",
}


def released() -> list[dict[str, Any]]:
    """Every document of the current release as linked data is made of it: told from both ends."""
    moment = reading.current_moment()
    return symmetric_query.with_both_ends([json.loads(body) for _, body in kept_bundles.documents(moment)], moment)


def graph_of(json_ld: dict[str, Any]) -> Graph:
    """The triples of our JSON-LD. The context is what we serve at the address that it names."""
    assert json_ld["@context"] == context.address(BASE)
    return _parsed(json.dumps(json_ld | context.document()))


@cache
def _parsed(text: str) -> Graph:
    """A graph that tests only look at: parsing takes longer than everything else."""
    return Graph().parse(data=text, format="json-ld")


@pytest.fixture
def documents(first_content, db) -> list[dict[str, Any]]:
    """The documents of the first content."""
    return released()


def of(documents: list[dict[str, Any]], slug: str) -> dict[str, Any]:
    return next(document for document in documents if document["slug"] == slug)
