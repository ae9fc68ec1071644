"""JSON-LD: every word exists, everything stands where schema.org has it, and nothing is claimed that is not so."""

import copy
import json
from functools import cache

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SDO, SKOS, XSD

from content_app.delivery.linked_data import context, own_words, page, works
from tests import schema_org
from tests.golden_files import assert_golden
from tests.linked_data import AMPS, BASE, GOLDEN, SCHEMA, graph_of, of

CLOSED = {str(SCHEMA): SDO, str(SKOS): SKOS, str(RDF): RDF, str(XSD): XSD}


def unknown_words(graph: Graph) -> set[str]:
    """Predicates, types and data types that their vocabulary does not have."""
    used = set(graph.predicates()) | set(graph.objects(predicate=RDF.type))
    used |= {term.datatype for term in graph.objects() if isinstance(term, Literal) and term.datatype}
    used |= {term for term in graph.objects() if str(term).startswith((str(SCHEMA), str(AMPS)))}
    return {str(word) for word in used if str(word) not in our_own() and not is_known(str(word))}


@cache
def our_own() -> frozenset[str]:
    return frozenset(map(str, Graph().parse(data=own_words.to_turtle(BASE), format="turtle").subjects()))


def is_known(word: str) -> bool:
    closed = next((names for namespace, names in CLOSED.items() if word.startswith(namespace)), None)
    return closed is not None and URIRef(word) in closed


def test_every_word_exists_in_its_vocabulary(documents):
    assert {d["slug"]: unknown for d in documents if (unknown := unknown_words(graph_of(page.json_ld(d, BASE))))} == {}


def test_a_word_that_does_not_exist_is_noticed(documents):
    told = page.json_ld(of(documents, "fibromyalgia"), BASE)
    told["mainEntity"] |= {"signsAndSymptoms": "pain", "amps:severity": "high", "@type": "MedicalIllness"}
    expected = {SCHEMA.signsAndSymptoms, AMPS.severity, SCHEMA.MedicalIllness}
    assert unknown_words(graph_of(told)) == {str(word) for word in expected}


def test_every_property_stands_on_a_type_that_has_it_with_a_value_that_it_takes(documents):
    assert [
        wrong for d in documents for wrong in schema_org.complaints(page.json_ld(d, BASE) | {"@context": None})
    ] == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"lastReviewed": "2026-01-01"}, "has no property lastReviewed"),
        ({"@type": "MedicalConditon"}, "there is no type MedicalConditon"),
        ({"signOrSymptom": {"@type": "Person"}}, "['Person'] is none of"),
        ({"code": "M79.7"}, "'M79.7' is none of"),
    ],
)
def test_what_schema_org_does_not_allow_is_noticed(documents, change, complaint):
    told = page.json_ld(of(documents, "fibromyalgia"), BASE)
    told["mainEntity"] |= change
    assert any(complaint in wrong for wrong in schema_org.complaints(told | {"@context": None}))


@pytest.mark.parametrize("name", GOLDEN)
def test_it_is_as_agreed(documents, name):
    told = page.json_ld(of(documents, GOLDEN[name]), BASE)
    assert_golden(f"linked_data/{name}.jsonld", json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def test_the_whole_library_is_one_graph_of_what_its_documents_say(documents):
    grave = {"id": "1" * 32, "name": "Gone", "reason": "gone", "replaced_by": {"id": "2" * 32}, "withdrawn": True}
    told = json.loads("".join(page.of_library([*documents[:3], grave], BASE, 1, "2026-11-02T09:00:00Z")))
    assert told["@graph"][1:4] == [
        {key: value for key, value in page.json_ld(document, BASE).items() if key != "@context"}
        for document in documents[:3]
    ]
    graph = graph_of(told)
    assert graph.value(URIRef(f"urn:uuid:{'1' * 32}"), AMPS.replaced_by) == URIRef(f"urn:uuid:{'2' * 32}")
    assert unknown_words(graph) == set()


def test_the_context_is_as_agreed():
    """Its address says version 1 and caches keep it for a year: a change of meaning is a new version."""
    told = json.dumps(context.document(), ensure_ascii=False, indent=1) + "\n"
    assert_golden("linked_data/context-1.jsonld", told)


def test_only_exact_matches_are_codes_of_the_item(documents):
    for document in documents:
        graph = graph_of(page.json_ld(document, BASE))
        item = URIRef(f"urn:uuid:{document['id']}")
        codes = {str(graph.value(code, SCHEMA.codeValue)) for code in graph.objects(item, SCHEMA.code)}
        codings = document.get("codings", [])
        assert codes == {coding["code"] for coding in codings if coding["match"] == "exact"}
        assert set(graph.objects(item, SKOS.exactMatch)) == set(graph.objects(item, SCHEMA.code))


def test_every_other_match_is_told_as_what_it_is(documents):
    predicates = {"close": SKOS.closeMatch, "broad": SKOS.broadMatch, "narrow": SKOS.narrowMatch}
    predicates |= {"related": SKOS.relatedMatch}
    for document in documents:
        graph, item = graph_of(page.json_ld(document, BASE)), URIRef(f"urn:uuid:{document['id']}")
        for match, predicate in predicates.items():
            told = {str(graph.value(code, SCHEMA.codeValue)) for code in graph.objects(item, predicate)}
            assert told == {c["code"] for c in document.get("codings", []) if c["match"] == match}


def test_that_there_is_no_code_is_told_but_not_as_a_code(documents):
    graph = graph_of(page.json_ld(of(documents, "amplified-musculoskeletal-pain-syndrome"), BASE))
    looked_for = list(graph.subjects(AMPS.match, AMPS["matches/none"]))
    assert len(looked_for) > 3
    assert [code for coding in looked_for for code in graph.objects(coding, AMPS.code)] == []
    assert all(graph.value(coding, AMPS.code_system) for coding in looked_for)


@pytest.mark.parametrize(
    ("observation", "kind"),
    [("reported", "MedicalSymptom"), ("observed", "MedicalSign"), ("reported_or_observed", "MedicalSignOrSymptom")],
)
def test_what_is_felt_is_a_symptom_and_what_is_seen_is_a_sign(documents, observation, kind):
    document = of(documents, "skin-cold") | {"observation": observation}
    assert page.json_ld(document, BASE)["mainEntity"]["@type"] == kind


@pytest.mark.parametrize("qualifier", [{"ambiguous": True}, {"attributed": True}, {"modality": "illustrative"}])
def test_a_symptom_that_the_source_does_not_claim_is_told_with_its_qualifiers_only(documents, qualifier):
    document = copy.deepcopy(of(documents, "amplified-musculoskeletal-pain-syndrome"))
    relation = next(r for r in document["relations"] if r["predicate"] == "has_symptom")
    end = {"@id": f"urn:uuid:{relation['object']['id']}"}.items()
    symptoms = page.json_ld(document, BASE)["mainEntity"]["signOrSymptom"]
    assert any(end <= symptom.items() for symptom in symptoms)
    relation |= qualifier
    thing = page.json_ld(document, BASE)["mainEntity"]
    assert not any(end <= symptom.items() for symptom in thing["signOrSymptom"])
    assert any(end <= told["amps:object"].items() for told in thing["amps:relation"])


def test_the_reviewer_is_a_role_and_nobody_is_invented(documents):
    document = of(documents, "fibromyalgia")
    review = document["review"] | {"state": "clinically_reviewed", "reviewer_role": "Consultant rheumatologist"}
    told = page.json_ld(document | {"review": review}, BASE)
    person = {"@type": "Person", "jobTitle": "Consultant rheumatologist"}
    assert told["reviewedBy"] == {"@type": "Role", "roleName": "Consultant rheumatologist", "reviewedBy": person}
    assert (told["lastReviewed"], told["version"], told["amps:release"]) == ("2026-11-02", 1, 1)


def test_what_no_clinician_has_reviewed_names_no_review(documents):
    told = page.json_ld(of(documents, "fibromyalgia"), BASE)
    assert not {"reviewedBy", "lastReviewed"} & told.keys()
    assert told["amps:review_state"] == "not_clinically_reviewed"


def test_what_is_not_covered_and_what_must_be_shown_is_there(documents):
    for document in documents:
        if document["kind"] != "source":
            told = page.json_ld(document, BASE)
            assert [entry["description"] for entry in told.get("amps:not_covered", [])] == [
                entry["text"] for entry in document["not_covered"]
            ]
            assert [entry["description"] for entry in told["amps:notice"]] == [n["text"] for n in document["notices"]]


def test_an_aspect_of_schema_org_is_named_only_where_it_has_one(documents):
    parts = page.json_ld(of(documents, "amplified-musculoskeletal-pain-syndrome"), BASE)["hasPart"]
    told = {part["amps:aspect"]: part.get("hasHealthAspect") for part in parts}
    assert told["amps:aspects/cause"] == "CausesHealthAspect"
    assert told["amps:aspects/onset_and_course"] is None
    members = schema_org.kinds_of("HealthAspectEnumeration")
    assert set(page.HEALTH_ASPECTS.values()) <= members


def test_every_statement_is_cited_with_its_place_in_the_source(documents):
    document = of(documents, "juvenile-fibromyalgia")
    graph = graph_of(page.json_ld(document, BASE))
    for statement in document["statements"]:
        claim = URIRef(f"urn:uuid:{statement['id']}")
        places = {str(graph.value(place, AMPS.locator)) for place in graph.objects(claim, AMPS.citation)}
        assert places == {str(citation["locator"]) for citation in statement["citations"]}
        cited = {str(source) for source in graph.objects(claim, SCHEMA.citation)}
        assert {str(graph.value(URIRef(source), SCHEMA.name)) for source in cited} <= {
            source["title"] for source in document["sources"]
        }


def test_what_is_embedded_in_a_page_says_the_same(documents):
    """Search engines read it with schema.org's own context, which stands here for its first line."""
    document = of(documents, "fibromyalgia")
    embedded = page.embedded(document, BASE)
    first, ours = embedded["@context"]
    assert first == "https://schema.org"
    theirs = {"@vocab": str(SCHEMA), **context.OF_SCHEMA}
    graph = Graph().parse(data=json.dumps(embedded | {"@context": [theirs, ours]}), format="json-ld")
    assert graph.isomorphic(graph_of(page.json_ld(document, BASE)))


def test_a_retracted_source_says_so(documents):
    source = of(documents, "goebel-2021") | {"retracted": True, "authors": ["Doe J", "et al."]}
    told = works.work(source, BASE)
    assert (told["creativeWorkStatus"], told["author"]) == ("Retracted", [{"@type": "Person", "name": "Doe J"}])


def test_an_identifier_of_a_work_is_an_iri_whatever_characters_it_has(documents):
    odd = {"doi": "10.1000/(sici)1099(1999)1:1<1::aid-abc1>3.0.co;2-z", "url": "https://example.org/a|b", "pmid": None}
    told = works.work(of(documents, "goebel-2021") | odd, BASE)
    assert told["sameAs"] == ["https://doi.org/10.1000/(sici)1099(1999)1:1%3C1::aid-abc1%3E3.0.co;2-z"]
    assert told["url"] == "https://example.org/a%7Cb"
