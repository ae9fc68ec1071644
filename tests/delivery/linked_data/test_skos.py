"""The library in Turtle: read by rdflib, and checked against the integrity conditions of the SKOS Reference."""

import copy
from functools import cache

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, XSD

from content_app.delivery.linked_data import own_words, skos, turtle
from content_app.delivery.linked_data.words import CODE_PREFIXES
from tests.golden_files import assert_golden
from tests.linked_data import AMPS, BASE, GOLDEN, SCHEMA, of

OF_SCHEMA = {SCHEMA.CreativeWork, SCHEMA.Claim, SCHEMA.about, SCHEMA.text}
CLOSED = (SKOS, DCTERMS, PROV, OWL, RDF, RDFS, XSD)


def parsed(text: str) -> Graph:
    return Graph().parse(data=text, format="turtle")


def library(documents) -> Graph:
    """The whole library, at which tests only look."""
    return parsed_once("".join(skos.of_library(documents, BASE, 1, "2026-11-02T09:00:00Z")))


parsed_once = cache(parsed)


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
        for word in used - OF_SCHEMA
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
    assert (fibromyalgia, SKOS.broadMatch, URIRef(f"{CODE_PREFIXES['icd-11-mms'][1]}MG30.01")) in graph


def test_the_hierarchy_is_told_from_both_ends_and_every_concept_is_below_a_top_one(documents):
    graph = library(documents)
    assert set(graph.subject_objects(SKOS.broader)) == {(b, a) for a, b in graph.subject_objects(SKOS.narrower)}
    top = set(graph.subjects(SKOS.topConceptOf))
    assert top == set(graph.objects(None, SKOS.hasTopConcept))
    for concept in graph.subjects(RDF.type, SKOS.Concept):
        assert top & set(graph.transitive_objects(concept, SKOS.broader))


def test_every_statement_and_every_relation_is_there_with_its_words_and_its_sources(documents):
    graph = library(documents)
    items = [document for document in documents if document["kind"] != "source"]
    statements = [(document, statement) for document in items for statement in document["statements"]]
    for document, statement in statements:
        claim = URIRef(f"urn:uuid:{statement['id']}")
        assert graph.value(claim, SCHEMA.about) == URIRef(f"urn:uuid:{document['id']}")
        assert graph.value(claim, AMPS.assertion) == AMPS[f"assertions/{statement['assertion']}"]
        assert len(set(graph.objects(claim, AMPS.citation))) == len(statement["citations"])
    relations = [(document, each) for document in items for each in document["relations"] if each["id"]]
    for document, relation in relations:
        told = URIRef(f"urn:uuid:{relation['id']}")
        assert (URIRef(f"urn:uuid:{document['id']}"), AMPS.relation, told) in graph
        assert graph.value(told, AMPS.object) == URIRef(f"urn:uuid:{relation['object']['id']}")
        assert graph.value(told, AMPS.predicate) == AMPS[f"predicates/{relation['predicate']}"]
    assert len(set(graph.subjects(RDF.type, SCHEMA.Claim))) == len(statements) > 100
    assert len(set(graph.subjects(RDF.type, AMPS.Relation))) == len(relations) > 100


def test_things_and_words_are_called_the_same_on_every_server(documents):
    """Only addresses of documents change with the host: pages, and where something was made from."""
    places = {RDFS.isDefinedBy, PROV.wasDerivedFrom}
    for subject, predicate, value in library(documents):
        names = {subject, predicate} if predicate in places else {subject, predicate, value}
        assert not any(str(name).startswith(BASE) for name in names)


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
