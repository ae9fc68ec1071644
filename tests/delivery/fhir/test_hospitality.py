"""What clients of the FHIR ecosystem send, and what they are told of it: bodies, preferences, names of requests."""

import gzip

import pytest

from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM_OID
from tests.fhir_birds import BIRDS, birds, expand, validate, value_set
from tests.fhir_client import FHIR_JSON, SYSTEM, parameters

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
GENDERS = {"system": "http://hl7.org/fhir/administrative-gender"}


def told(fhir, **headers):
    return fhir.get("CodeSystem", colour="green", headers=headers)


class TestBodies:
    def test_the_one_resource_that_an_operation_is_about_may_be_the_body(self, fhir):
        assert fhir.post("ValueSet/$expand?count=2", value_set(GENDERS)).codes == ["male", "female"]

    def test_another_resource_may_not(self, fhir):
        answer = fhir.post("ValueSet/$expand", birds())
        assert (answer.status, answer.issue["code"]) == (400, "structure")
        assert "Parameters or ValueSet" in answer.issue["details"]["text"]

    def test_it_is_not_given_twice(self, fhir):
        answer = fhir.post("ValueSet/$expand?url=http://x.example/other", value_set(GENDERS))
        assert (answer.status, answer.issue["code"]) == (400, "invalid")


class TestExpansionOnly:
    def frozen(self, **changes):
        contains = [{"code": "owl", "system": BIRDS, "contains": [{"code": "eagle", "system": BIRDS}]}]
        made = value_set() | {"expansion": {"timestamp": "2026-01-01T00:00:00Z", "contains": contains} | changes}
        del made["compose"]
        return made

    def test_it_contains_what_its_expansion_lists(self, fhir):
        assert expand(fhir, valueset=self.frozen()).codes == ["owl", "eagle"]
        for code, is_member in (("eagle", True), ("dodo", False)):
            asked = ("coding", {"system": BIRDS, "code": code})
            assert validate(fhir, asked, valueset=self.frozen()).value("result") is is_member

    def test_a_page_of_an_expansion_is_refused(self, fhir):
        answer = expand(fhir, valueset=self.frozen(total=7))
        assert (answer.status, answer.issue["code"]) == (422, "incomplete")


class TestStructure:
    def test_an_element_is_known_by_its_path_not_by_its_name(self, fhir):
        focus = {"code": {"code": "focus"}, "valueCodeableConcept": {"text": "birds"}}
        contact = [{"name": "A", "telecom": [{"use": "work", "value": "1"}]}]
        chosen = value_set(useContext=[focus], contact=contact)
        assert len(expand(fhir, valueset=chosen).codes) == 5

    def test_a_code_system_with_one_code_twice_is_refused(self, fhir):
        answer = expand(fhir, resources=[birds(concept=[{"code": "owl"}, {"code": "owl"}])])
        assert (answer.status, answer.issue["code"]) == (400, "duplicate")

    @pytest.mark.parametrize(
        ("broken", "path"),
        [
            (birds(concept=[{"display": "Owl"}]), "concept[0].code"),
            (birds(concept=[{"code": "owl", "designation": [{"language": "de"}]}]), "concept[0].designation[0].value"),
            (birds(status="final"), "status"),
            (birds(content="some"), "content"),
            (birds(caseSensitive="perhaps"), "caseSensitive"),
            (value_set({"system": BIRDS, "concept": [{"display": "Owl"}]}), "compose.include[0].concept[0].code"),
        ],
    )
    def test_an_invalid_resource_is_refused_with_its_place(self, fhir, broken, path):
        answer = expand(fhir, resources=[birds(), broken])
        assert answer.status == 400
        assert answer.issue["expression"] == [f"Parameters.parameter[2].resource.{path}"]


class TestPreferences:
    def test_an_unknown_search_parameter_is_refused(self, fhir):
        assert [told(fhir).status, told(fhir, prefer="handling=strict").status] == [400, 400]

    def test_a_lenient_client_gets_the_rest_and_sees_what_was_used(self, fhir):
        answer = told(fhir, prefer="return=representation, handling=lenient")
        assert (answer.status, answer.json["link"][0]["url"]) == (200, "http://testserver/fhir/CodeSystem")

    def test_a_known_parameter_still_counts(self, fhir):
        answer = fhir.get("CodeSystem", _id="amps", colour="green", headers={"prefer": "handling=lenient"})
        assert answer.json["total"] == 1

    @pytest.mark.parametrize("path", ["CodeSystem/amps", "CodeSystem/none"])
    def test_the_name_of_a_request_comes_back(self, fhir, path):
        assert fhir.get(path, headers={"x-request-id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
        assert "X-Request-Id" not in fhir.get(path, headers={"x-request-id": "a b"}).headers

    @pytest.mark.parametrize("address", ["", "metadata"])
    def test_a_browser_sees_what_the_server_can_do(self, fhir, address):
        answer = fhir.get(address, headers={"accept": "text/html,*/*;q=0.8"})
        assert (answer.status, b"ValueSet/$expand" in answer.content) == (200, True)
        assert fhir.get(address).json["resourceType"] == "CapabilityStatement"

    def test_a_client_that_reads_gzip_gets_it(self, fhir):
        plain = fhir.get("CodeSystem/amps")
        packed = fhir.get("CodeSystem/amps", headers={"accept-encoding": "gzip"})
        assert (packed.headers["Content-Encoding"], gzip.decompress(packed.content)) == ("gzip", plain.content)
        assert "Accept-Encoding" in plain.headers["Vary"]

    def test_what_has_no_page_is_answered_in_the_next_form_that_is_accepted(self, fhir):
        accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        assert fhir.get("CodeSystem", headers={"accept": accept}).headers["Content-Type"].startswith(FHIR_JSON)


class TestSearch:
    def found(self, fhir, address):
        return [entry["resource"]["id"] for entry in fhir.get(address).json.get("entry", [])]

    def test_sort_orders_and_its_reverse_does(self, fhir):
        names = [self.found(fhir, f"ValueSet?_count=100&_sort={order}") for order in ("_id", "-_id", "-status,-_id")]
        assert names == [sorted(names[0]), sorted(names[0], reverse=True), sorted(names[0], reverse=True)]

    def test_a_sort_by_nothing_known_is_refused(self, fhir):
        assert "title" in fhir.get("ValueSet?_sort=colour").issue["details"]["text"]

    @pytest.mark.parametrize(
        ("token", "is_found"),
        [
            ("http://hl7.org/fhir/publication-status|", True),
            ("http://example.org|", False),
            ("draft", True),
            ("|draft", False),
        ],
    )
    def test_a_token_may_be_a_system_or_a_code_alone(self, fhir, token, is_found):
        assert self.found(fhir, f"CodeSystem?_id=amps&status={token}") == (["amps"] if is_found else [])

    def test_a_code_of_a_map_is_found_with_its_system(self, fhir):
        assert self.found(fhir, f"ConceptMap?target-code={ICD}|M79.7") == ["to-icd-10-cm"]

    def test_what_is_hl7s_is_found_by_who_names_it_and_not_listed(self, fhir):
        assert "administrative-gender" not in self.found(fhir, "CodeSystem?_count=100")
        assert "administrative-gender" not in self.found(fhir, "ValueSet?_count=100")
        assert self.found(fhir, f"CodeSystem?url={GENDERS['system']}") == ["administrative-gender"]
        capabilities = fhir.get("metadata?mode=terminology").json
        assert GENDERS["system"] not in [entry["uri"] for entry in capabilities["codeSystem"]]


class TestCodes:
    def test_a_letter_that_is_written_in_two_ways_is_one_letter(self, fhir):
        system = birds(concept=[{"code": "g", "display": "Grünfink"}])
        coding = {"system": BIRDS, "code": "g", "display": "Gru\u0308nfink"}
        assert validate(fhir, ("coding", coding), resources=[system]).value("result") is True

    @pytest.mark.parametrize("system", [ICD, "urn:oid:2.16.840.1.113883.6.90", "2.16.840.1.113883.6.90"])
    @pytest.mark.parametrize("code", ["M79.7", "M797", "m79.7"])
    def test_translate_understands_the_spellings_of_a_code(self, fhir, system, code):
        assert fhir.get("ConceptMap/$translate", system=system, code=code).value("result") is True

    def test_the_librarys_own_code_system_is_understood_by_its_oid(self, fhir):
        for system in (SYSTEM, CODE_SYSTEM_OID):
            found = fhir.get("CodeSystem/$lookup", system=system, code="skin-pallor")
            assert (found.status, found.value("code")) == (200, "skin-pallor")
            coding = {"system": system, "code": "skin-pallor"}
            asked = parameters(("url", SYSTEM), ("coding", coding))
            assert fhir.post("CodeSystem/$validate-code", asked).value("result") is True

    def test_one_coding_of_a_concept_in_the_value_set_is_enough(self, fhir):
        codings = [{"system": BIRDS, "code": "owl"}, {"system": "http://x.example/fish", "code": "cod"}]
        answer = validate(fhir, ("codeableConcept", {"coding": codings}))
        assert (answer.value("result"), answer.told["not-found"]) == (True, "warning")

    def test_a_code_that_is_known_to_be_wrong_makes_a_concept_wrong(self, fhir):
        codings = [{"system": BIRDS, "code": "owl"}, {"system": BIRDS, "code": "cod"}]
        assert validate(fhir, ("codeableConcept", {"coding": codings})).value("result") is False
