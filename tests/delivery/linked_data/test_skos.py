"""The library in Turtle: read by rdflib, and checked against the integrity conditions of the SKOS Reference."""

import copy

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD

from content_app.delivery.linked_data import own_words, skos, turtle
from tests.golden_files import assert_golden
from tests.linked_data import AMPS, BASE, GOLDEN, SCHEMA, of

CLOSED = (SKOS, DCTERMS, PROV, OWL, RDF, RDFS, XSD)


def parsed(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def library(documents) -> Graph:
    return parsed("".join(skos.of_library(documents, BASE, 1, "2026-11-02T09:00:00Z")))


def broken_conditions(graph: Graph) -> list[str]:
    """What breaks a condition of the SKOS Reference (https://www.w3.org/TR/skos-reference/)."""
    wrong = []
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        labels = {name: set(graph.objects(concept, SKOS[name])) for name in ("prefLabel", "altLabel", "hiddenLabel")}
        if any(labels[a] & labels[b] for a, b in (("prefLabel", "altLabel"), ("prefLabel", "hiddenLabel"))):
            wrong.append(f"S13 {concept}")
        if labels["altLabel"] & labels["hiddenLabel"]:
            wrong.append(f"S13 {concept}")
        languages = [label.language for label in labels["prefLabel"]]
        if len(languages) != len(set(languages)):
            wrong.append(f"S14 {concept}")
        above = set(graph.transitive_objects(concept, SKOS.broader)) - {concept}
        related = set(graph.objects(concept, SKOS.related)) | set(graph.subjects(SKOS.related, concept))
        if above & related:
            wrong.append(f"S27 {concept}")
        if any((higher, SKOS.broader, concept) in graph for higher in above):
            wrong.append(f"a circle at {concept}")
        exact = set(graph.objects(concept, SKOS.exactMatch))
        if exact & (set(graph.objects(concept, SKOS.broadMatch)) | set(graph.objects(concept, SKOS.relatedMatch))):
            wrong.append(f"S46 {concept}")
    schemes = set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    return wrong + [f"S9 {both}" for both in schemes & set(graph.subjects(RDF.type, SKOS.Concept))]


def test_the_library_breaks_no_condition_of_skos(documents):
    assert broken_conditions(library(documents)) == []


@pytest.mark.parametrize(
    ("condition", "predicate", "value"),
    [
        ("S13", SKOS.altLabel, Literal("Cold skin", "en")),
        ("S14", SKOS.prefLabel, Literal("Chilly skin", "en")),
        ("S27", SKOS.related, URIRef("urn:uuid:9826cbbf-0928-5205-b600-0f779d1a5cff")),
        ("S46", SKOS.broadMatch, URIRef("http://purl.obolibrary.org/obo/HP_0033850")),
    ],
)
def test_a_broken_condition_is_noticed(documents, condition, predicate, value):
    cold = of(documents, "skin-cold")
    graph = parsed(skos.of_item(cold, BASE))
    graph.add((URIRef(f"urn:uuid:{cold['id']}"), predicate, value))
    assert [wrong.split()[0] for wrong in broken_conditions(graph)] == [condition]


def test_every_document_is_there_with_its_version(documents):
    graph = library(documents)
    told = {str(subject).removeprefix("urn:uuid:") for subject in graph.subjects(AMPS.sha256)}
    assert told == {document["id"] for document in documents}
    concepts = {str(concept).removeprefix("urn:uuid:") for concept in graph.subjects(RDF.type, SKOS.Concept)}
    kinds = ("condition", "concept", "symptom_type")
    assert concepts == {document["id"] for document in documents if document["kind"] in kinds}


def test_every_word_exists_in_its_vocabulary(documents):
    own = {str(subject) for subject in parsed(own_words.to_turtle(BASE)).subjects()}
    graph = library(documents)
    used = set(graph.predicates()) | set(graph.objects(predicate=RDF.type))
    used |= {term for term in graph.objects() if str(term).startswith(str(AMPS))}
    unknown = [
        word
        for word in used - {SCHEMA.CreativeWork}
        if str(word) not in own and not any(word in names for names in CLOSED if str(word).startswith(str(names)))
    ]
    assert unknown == []


@pytest.mark.parametrize("name", GOLDEN)
def test_it_is_as_agreed(documents, name):
    assert_golden(f"linked_data/{name}.ttl", skos.of_item(of(documents, GOLDEN[name]), BASE))


def test_an_item_alone_says_what_the_library_says_of_it(documents):
    whole = set(library(documents))
    for document in documents:
        item = URIRef(f"urn:uuid:{document['id']}")
        own = {triple for triple in parsed(skos.of_item(document, BASE)) if triple[0] == item}
        assert own
        assert own <= whole


def test_kinds_lead_upwards_and_codes_are_matched_in_the_right_direction(documents):
    graph = library(documents)
    cold, warmth = (
        URIRef(f"urn:uuid:{of(documents, slug)['id']}") for slug in ("skin-cold", "skin-temperature-change")
    )
    assert (cold, SKOS.broader, warmth) in graph
    fibromyalgia = URIRef(f"urn:uuid:{of(documents, 'fibromyalgia')['id']}")
    # “Chronic widespread pain” is wider than fibromyalgia.
    assert (fibromyalgia, SKOS.broadMatch, URIRef("http://id.who.int/icd/release/11/mms#MG30.01")) in graph


def test_a_name_in_every_role_is_told_once(documents):
    document = copy.deepcopy(of(documents, "skin-cold"))
    also = {"language": "en", "note": None, "citations": []}
    document["names"] += [
        {"text": "Cold skin", "type": "synonym", **also},
        {"text": "hand ice cold", "type": "synonym", **also},
        {"text": "Chilled skin", "type": "preferred", **also},
        {"text": "Kalte Haut", "type": "preferred", **also, "language": "de"},
    ]
    graph = parsed(skos.of_item(document, BASE))
    item = URIRef(f"urn:uuid:{document['id']}")
    assert broken_conditions(graph) == []
    assert set(graph.objects(item, SKOS.prefLabel)) == {Literal("Cold skin", "en"), Literal("Kalte Haut", "de")}
    assert Literal("hand ice cold", "en") in set(graph.objects(item, SKOS.altLabel))
    assert Literal("Chilled skin", "en") in set(graph.objects(item, SKOS.altLabel))


def test_a_code_with_two_matches_is_told_by_the_nearest(documents):
    document = copy.deepcopy(of(documents, "skin-cold"))
    document["codings"].append(document["codings"][0] | {"match": "related"})
    assert broken_conditions(parsed(skos.of_item(document, BASE))) == []


def test_what_is_only_the_view_of_some_is_no_hierarchy(documents):
    document = copy.deepcopy(of(documents, "skin-cold"))
    document["relations"][0]["attributed"] = True
    assert list(parsed(skos.of_item(document, BASE)).objects(None, SKOS.broader)) == []


def test_hostile_text_stays_text(documents):
    text = 'a "quote", a \\ and a \\u0041\n\t<script> """ é 😀 \x01 @en .'
    document = copy.deepcopy(of(documents, "skin-cold"))
    document["summary"]["clinical"] = text
    item = URIRef(f"urn:uuid:{document['id']}")
    assert parsed(skos.of_item(document, BASE)).value(item, SKOS.definition) == Literal(text, "en")


def test_a_hostile_address_stays_an_address():
    graph = parsed(turtle.block("<urn:a>", [("<urn:b>", turtle.iri('https://a.example/?q=<x>"{y}` \\ z'))]))
    assert [str(o) for o in graph.objects()] == ["https://a.example/?q=%3Cx%3E%22%7By%7D%60%20%5C%20z"]


def test_a_withdrawn_item_says_nothing_but_that(documents):
    grave = {name: of(documents, "skin-cold")[name] for name in ("id", "kind", "slug", "name", "meta")}
    other = {"id": of(documents, "skin-hot")["id"]}
    grave |= {"withdrawn": True, "reason": "replaced", "note": "Merged.", "replaced_by": other}
    graph = parsed("".join(skos.of_library([grave], BASE, 2, "2026-11-03T09:00:00Z")))
    item = URIRef(f"urn:uuid:{grave['id']}")
    assert graph.value(item, OWL.deprecated) == Literal(True)
    assert graph.value(item, DCTERMS.isReplacedBy) == URIRef(f"urn:uuid:{other['id']}")
    assert graph.value(item, SKOS.definition) is None
