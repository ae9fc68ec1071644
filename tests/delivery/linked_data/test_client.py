"""Somebody else's JSON-LD and Turtle parser (rdflib) does a piece of work against the running server.

It knows one address. Everything else it is told by the server: the context, the symptoms, their codes.
"""

import json
import urllib.request

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS

from content_app.delivery.linked_data.words import OWN_WORDS

AMPS = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome/"
HPO, ICD_11 = "http://human-phenotype-ontology.org", "http://id.who.int/icd/entity"

# Symptoms of the condition whose pages have been loaded, with the codes that mean exactly them.
SYMPTOMS_WITH_EXACT_CODES = """
PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?name ?set ?code WHERE {
  ?condition a schema:MedicalCondition ; schema:signOrSymptom ?symptom .
  ?symptom schema:name ?name ; schema:code ?coded .
  ?coded schema:codeValue ?code ; schema:inCodeSet ?set .
} ORDER BY ?name ?code
"""
WHERE_THEY_ARE = """
PREFIX schema: <https://schema.org/>
PREFIX amps: <%s>
SELECT ?page WHERE {
  ?condition amps:relation ?relation .
  ?relation amps:predicate <%spredicates/has_symptom> ; amps:object ?symptom .
  ?symptom schema:url ?page .
}
"""


def sent(address: str, accept: str):
    request = urllib.request.Request(address, headers={"Accept": accept})  # noqa: S310 - our own server
    return urllib.request.urlopen(request, timeout=60)  # noqa: S310


@pytest.fixture(scope="module")
def graph(live_library):
    """The page about AMPS and those of its symptoms, dereferenced by rdflib, which also loads our context."""
    found = Graph().parse(f"{live_library}{AMPS}", format="json-ld")
    for (page,) in list(found.query(WHERE_THEY_ARE % (OWN_WORDS, OWN_WORDS))):
        found.parse(str(page), format="json-ld")
    return found


def test_it_finds_the_symptoms_of_amps_that_have_an_exact_code(graph, live_library):
    rows = {(str(name), str(code_set), str(code)) for name, code_set, code in graph.query(SYMPTOMS_WITH_EXACT_CODES)}
    assert ("Cold skin", HPO, "HP:0033850") in rows
    with sent(f"{live_library}/api/v1/codings/?page_size=100&system=hpo", "application/json") as answer:
        exact = {
            (entry["item"]["name"], HPO, entry["code"])
            for entry in json.load(answer)["results"]
            if entry["match"] == "exact" and entry["item"]["kind"] == "symptom_type"
        }
    assert {row for row in rows if row[1] == HPO} <= exact
    assert len(rows) > 5


def test_it_never_learns_an_exact_code_for_amps(graph, live_library):
    with sent(f"{live_library}{AMPS}", "application/json") as answer:
        amps = URIRef(f"urn:uuid:{json.load(answer)['id']}")
    assert list(graph.objects(amps, URIRef("https://schema.org/code"))) == []
    assert list(graph.objects(amps, SKOS.relatedMatch))


def test_it_walks_the_library_in_turtle(live_library):
    library = Graph().parse(f"{live_library}/api/v1/library.ttl?release=1", format="turtle")
    query = """
        SELECT ?label WHERE {
          ?concept skos:broader+ ?top ; skos:prefLabel ?label . ?top skos:prefLabel "Altered skin temperature"@en
        } ORDER BY ?label
    """
    labels = [str(label) for (label,) in library.query(query, initNs={"skos": SKOS})]
    assert labels == ["Cold skin", "Hot skin"]


def test_a_browser_at_the_same_address_gets_a_page(live_library):
    with sent(f"{live_library}{AMPS}", "text/html,application/xhtml+xml,*/*;q=0.8") as answer:
        assert answer.headers.get_content_type() == "text/html"
        assert "<h1" in answer.read().decode()
