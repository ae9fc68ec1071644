"""`$translate` on the library's concept maps: the direction of `equivalence`, and both directions of the question."""

import pytest

from tests.fhir_client import SYSTEM, parameters

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ICD_10 = "http://hl7.org/fhir/sid/icd-10"


def matches(answer) -> set[tuple[str, str | None]]:
    found = answer.values("match")
    return {(match["equivalence"], match.get("concept", {}).get("code")) for match in found}


def translate(fhir, code: str, system: str, **query: str):
    return fhir.get("ConceptMap/$translate", code=code, system=system, **query)


def test_a_wider_code_is_called_wider(fhir):
    """ICD-10-CM M79.7 covers fibromyalgia of all ages: seen from juvenile fibromyalgia it is wider."""
    answer = translate(fhir, "juvenile-fibromyalgia", SYSTEM, targetsystem=ICD)
    assert (answer.value("result"), matches(answer)) == (True, {("wider", "M79.7")})


def test_seen_from_the_other_side_it_is_narrower(fhir):
    found = matches(translate(fhir, "M79.7", ICD, targetsystem=SYSTEM))
    assert {("narrower", "juvenile-fibromyalgia"), ("equivalent", "fibromyalgia")} <= found
    assert found == matches(translate(fhir, "M79.7", ICD, targetsystem=SYSTEM, reverse="true"))


def test_nothing_found_is_unmatched_and_not_a_result(fhir):
    answer = translate(fhir, "juvenile-fibromyalgia", SYSTEM, targetsystem="http://human-phenotype-ontology.org")
    assert (answer.value("result"), matches(answer)) == (False, {("unmatched", None)})
    assert answer.value("message")


def test_a_code_that_no_map_has_is_no_result(fhir):
    answer = translate(fhir, "Z99.9", ICD)
    assert (answer.status, answer.value("result"), answer.values("match")) == (200, False, [])


def test_each_match_says_which_map_says_so(fhir):
    url = fhir.get("ConceptMap/to-icd-10").json["url"]
    answer = translate(fhir, "fibromyalgia", SYSTEM, targetsystem=ICD_10)
    assert {match["source"] for match in answer.values("match")} == {f"{url}|1.0.0"}
    assert answer.values("match")[0]["concept"]["version"] == "2019"


def test_one_map_can_be_asked(fhir):
    url = fhir.get("ConceptMap/to-icd-10").json["url"]
    by_instance = fhir.get("ConceptMap/to-icd-10/$translate", code="fibromyalgia", system=SYSTEM)
    by_address = translate(fhir, "fibromyalgia", SYSTEM, url=url, conceptMapVersion="1.0.0")
    assert by_instance.json == by_address.json
    assert {match["concept"]["system"] for match in by_instance.values("match")} == {ICD_10}


def test_a_concept_with_several_codings_is_translated(fhir):
    concept = {"coding": [{"system": ICD, "code": "M79.7"}, {"system": ICD_10, "code": "M79.7"}]}
    answer = fhir.post("ConceptMap/$translate", parameters(("codeableConcept", concept)))
    assert ("equivalent", "fibromyalgia") in matches(answer)


def test_the_scope_can_be_named_by_value_set(fhir):
    everything = fhir.get("ValueSet/all").json["url"]
    assert translate(fhir, "fibromyalgia", SYSTEM, source=everything).value("result") is True
    assert translate(fhir, "fibromyalgia", SYSTEM, source="http://x.example/vs").value("result") is False


def test_a_map_that_is_brought_is_used(fhir):
    concept_map = {
        "resourceType": "ConceptMap",
        "url": "http://x.example/map",
        "status": "active",
        "group": [
            {
                "source": "http://x.example/a",
                "target": "http://x.example/b",
                "element": [{"code": "1", "target": [{"code": "2", "equivalence": "wider"}]}],
            }
        ],
    }
    asked = [("code", "1"), ("system", "http://x.example/a"), ("conceptMap", concept_map)]
    assert matches(fhir.post("ConceptMap/$translate", parameters(*asked))) == {("wider", "2")}
    back = [("code", "2"), ("system", "http://x.example/b"), ("conceptMap", concept_map), ("reverse", True)]
    assert matches(fhir.post("ConceptMap/$translate", parameters(*back))) == {("narrower", "1")}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"system": ICD}, 400, "required"),
        ({"code": "M79.7"}, 400, "required"),
        ({"code": "M79.7", "system": ICD, "colour": "red"}, 400, "not-supported"),
        ({"code": "M79.7", "sourceCode": "M79.7", "system": ICD}, 400, "invalid"),
        ({"sourceCode": "M79.7", "targetCode": "M79.7", "sourceSystem": ICD}, 400, "invalid"),
        ({"targetsystem": SYSTEM, "targetSystem": SYSTEM, "code": "M79.7", "system": ICD}, 400, "invalid"),
        ({"code": "M79.7", "system": ICD, "url": "http://x.example/map"}, 404, "not-found"),
        ({"code": "M79.7", "system": ICD, "reverse": "maybe"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_answered_says_why(fhir, query, status, code):
    answer = fhir.get("ConceptMap/$translate", **query)
    assert (answer.status, answer.issue["code"]) == (status, code)


def test_a_question_in_the_names_of_r5_is_answered_in_them(fhir):
    asked = {"sourceCode": "juvenile-fibromyalgia", "sourceSystem": SYSTEM, "targetSystem": ICD}
    (match,) = fhir.get("ConceptMap/$translate", **asked).values("match")
    assert (match["equivalence"], match["concept"]["code"]) == ("wider", "M79.7")
    assert match["originMap"].startswith("urn:uuid:")
    assert "source" not in match


def test_a_question_from_the_target_side_says_what_each_match_is_mapped_from(fhir):
    asked = {"targetCode": "M79.7", "targetSystem": ICD, "sourceSystem": SYSTEM}
    found = fhir.get("ConceptMap/$translate", **asked).values("match")
    assert {match["concept"]["code"] for match in found} == {"M79.7"}
    assert ("wider", "juvenile-fibromyalgia") in {(match["equivalence"], match["source"]["code"]) for match in found}


def test_a_map_that_comes_in_the_form_of_r5_keeps_its_direction(fhir):
    target = {"code": "2", "relationship": "source-is-narrower-than-target"}
    concept_map = {
        "resourceType": "ConceptMap",
        "url": "http://x.example/map",
        "group": [
            {
                "source": "http://x.example/a",
                "target": "http://x.example/b",
                "element": [{"code": "1", "target": [target]}],
            }
        ],
    }
    asked = [("code", "1"), ("system", "http://x.example/a"), ("tx-resource", concept_map)]
    assert matches(fhir.post("ConceptMap/$translate", parameters(*asked))) == {("wider", "2")}


def test_every_coding_of_the_documents_is_in_a_map_and_the_right_way_round(fhir):
    """Read from the API's documents, whose `match` says how the code stands to the item."""
    equivalence = {
        "exact": "equivalent",
        "close": "inexact",
        "broad": "wider",
        "narrow": "narrower",
        "related": "relatedto",
    }
    checked = 0
    for collection in ("conditions", "symptom-types"):
        for listed in fhir.client.get(f"/api/v1/{collection}/?page_size=100").json()["results"]:
            document = fhir.client.get(listed["href"]).json()
            for coding in document["codings"]:
                if coding["code"]:
                    query = {"code": document["slug"], "system": SYSTEM, "targetsystem": coding["system_uri"]}
                    assert (equivalence[coding["match"]], coding["code"]) in matches(
                        fhir.get("ConceptMap/$translate", **query)
                    )
                    checked += 1
    assert checked > 50


@pytest.mark.parametrize(("name", "value"), [("system", "http://x.example"), ("version", "9.0.0")])
def test_what_stands_beside_a_coding_may_not_say_otherwise(fhir, name, value):
    coding = {"system": SYSTEM, "code": "fibromyalgia", "version": "1.0.0"}
    answer = fhir.post("ConceptMap/$translate", parameters(("coding", coding), (name, value)))
    assert (answer.status, answer.issue["code"]) == (400, "invalid")
    bare = {key: part for key, part in coding.items() if key != name}
    assert fhir.post("ConceptMap/$translate", parameters(("coding", bare), (name, coding[name]))).value("result")


def brought_map(url: str, unmapped: dict | None = None, **target: str):
    """A map of code 1 in system `a` to code 2 in system `b`, and what it says of all other codes."""
    element = {"code": "1", "target": [{"code": "2", "equivalence": "equivalent"} | target]}
    group = {"source": "http://x.example/a", "target": "http://x.example/b", "element": [element]}
    return {
        "resourceType": "ConceptMap",
        "url": url,
        "status": "active",
        "group": [group | ({"unmapped": unmapped} if unmapped else {})],
    }


MAP, OTHER_MAP = "http://x.example/map", "http://x.example/other"
TO_OTHER = {"mode": "other-map", "url": OTHER_MAP}


class TestUnmapped:
    """What a map that comes along says of the codes that it does not have (`group.unmapped`)."""

    def ask(self, fhir, code, *maps, **more):
        asked = [("code", code), ("system", "http://x.example/a"), ("url", MAP), *more.items()]
        return fhir.post("ConceptMap/$translate", parameters(*asked, *(("tx-resource", entry) for entry in maps)))

    @pytest.mark.parametrize(
        ("unmapped", "match"),
        [
            ({"mode": "provided"}, ("relatedto", "9")),
            ({"mode": "fixed", "code": "other", "display": "Other"}, ("relatedto", "other")),
            ({"mode": "use-source-code", "relationship": "equivalent"}, ("equivalent", "9")),
        ],
    )
    def test_a_code_that_the_map_does_not_have_is_translated_as_it_says(self, fhir, unmapped, match):
        answer = self.ask(fhir, "9", brought_map(MAP, unmapped))
        assert (answer.value("result"), matches(answer)) == (True, {match})
        assert answer.value("match")["concept"]["system"] == "http://x.example/b"

    def test_a_code_that_the_map_has_is_not(self, fhir):
        assert matches(self.ask(fhir, "1", brought_map(MAP, {"mode": "provided"}))) == {("equivalent", "2")}

    def test_nor_is_one_asked_for_from_the_other_side(self, fhir):
        answer = self.ask(fhir, "9", brought_map(MAP, {"mode": "provided"}), reverse=True)
        assert matches(answer) == set()

    def test_another_map_is_asked_where_the_map_refers_to_it(self, fhir):
        other = brought_map(OTHER_MAP, {"mode": "fixed", "code": "rest"}, code="3")
        other["group"][0]["element"][0]["code"] = "9"
        answer = self.ask(fhir, "9", brought_map(MAP, TO_OTHER), other)
        assert (matches(answer), answer.value("match")["source"]) == ({("equivalent", "3")}, OTHER_MAP)
        assert matches(self.ask(fhir, "10", brought_map(MAP, TO_OTHER), other)) == {("relatedto", "rest")}

    def test_maps_that_refer_to_each_other_come_to_an_end(self, fhir):
        back = brought_map(OTHER_MAP, {"mode": "other-map", "url": MAP})
        assert matches(self.ask(fhir, "9", brought_map(MAP, TO_OTHER), back)) == set()

    def test_a_map_that_is_referred_to_and_not_known_is_an_error(self, fhir):
        answer = self.ask(fhir, "9", brought_map(MAP, TO_OTHER))
        assert (answer.status, answer.issue["code"]) == (404, "not-found")


@pytest.mark.parametrize(("name", "value"), [("system", SYSTEM), ("version", "1.0.0"), ("sourceSystem", SYSTEM)])
def test_nothing_is_said_beside_a_concept_of_several_codings(fhir, name, value):
    concept = {"coding": [{"system": ICD, "code": "M79.7"}]}
    way = "sourceCodeableConcept" if name == "sourceSystem" else "codeableConcept"
    answer = fhir.post("ConceptMap/$translate", parameters((way, concept), (name, value)))
    assert (answer.status, answer.issue["code"]) == (400, "invalid")
