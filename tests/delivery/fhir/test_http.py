"""FHIR over HTTP: media types, conditional reads, errors as OperationOutcome, reads by version, search, batch."""

import pytest

from tests.fhir_client import FHIR_JSON, SYSTEM

HERE = "http://testserver/fhir"


class TestMediaTypes:
    @pytest.mark.parametrize(
        ("accept", "given"),
        [
            (None, "application/fhir+json; fhirVersion=4.0"),
            ("*/*", "application/fhir+json; fhirVersion=4.0"),
            ("application/fhir+json", "application/fhir+json; fhirVersion=4.0"),
            ("application/fhir+json; fhirVersion=4.0", "application/fhir+json; fhirVersion=4.0"),
            ("application/json", "application/json"),
            ("application/fhir+xml;q=0.9, application/fhir+json;q=0.5", "application/fhir+xml; fhirVersion=4.0"),
            ("application/xml+fhir", "application/fhir+xml; fhirVersion=4.0"),
            ("text/xml", "application/xml"),
            ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ],
    )
    def test_accept_decides(self, fhir, accept, given):
        answer = fhir.get("CodeSystem/amps", headers={"accept": accept} if accept else {})
        assert (answer.status, answer.headers["Content-Type"]) == (200, given)

    @pytest.mark.parametrize(
        "accept", ["application/fhir+turtle", "text/turtle", "application/fhir+xml; fhirVersion=5.0"]
    )
    def test_what_is_not_spoken_is_406(self, fhir, accept):
        answer = fhir.get("CodeSystem/amps", headers={"accept": accept})
        assert (answer.status, answer.issue["code"]) == (406, "not-supported")

    @pytest.mark.parametrize(("named", "status"), [("json", 200), ("application/fhir+xml", 200), ("ttl", 406)])
    def test_format_overrides_accept(self, fhir, named, status):
        assert fhir.get("CodeSystem/amps", _format=named, headers={"accept": "text/turtle"}).status == status

    def test_pretty_is_for_people(self, fhir):
        assert b'\n  "id": "amps"' in fhir.get("CodeSystem/amps", _pretty="true").content

    def test_an_operation_has_no_page(self, fhir):
        assert (
            fhir.get(f"CodeSystem/$lookup?system={SYSTEM}&code=finger", headers={"accept": "text/html"}).status == 406
        )


class TestConditionalReads:
    def test_the_entity_tag_is_the_version(self, fhir):
        answer = fhir.get("ValueSet/conditions")
        assert (answer.headers["ETag"], answer.headers["Content-Release"]) == ('W/"1"', "1")
        assert answer.headers["Last-Modified"] == "Mon, 02 Nov 2026 09:00:00 GMT"

    def test_what_the_client_has_is_304(self, fhir):
        answer = fhir.get("ValueSet/conditions", headers={"if-none-match": 'W/"1"'})
        assert (answer.status, answer.content, answer.headers["ETag"]) == (304, b"", 'W/"1"')
        modified = {"if-modified-since": "Mon, 02 Nov 2026 09:00:00 GMT"}
        assert fhir.get("ValueSet/conditions", headers=modified).status == 304

    def test_head_has_the_headers_alone(self, fhir):
        response = fhir.client.head("/fhir/ValueSet/conditions")
        assert (response.status_code, response.content, response["ETag"]) == (200, b"", 'W/"1"')

    def test_an_answer_that_names_its_release_never_changes(self, fhir):
        assert "immutable" in fhir.get("ValueSet/conditions", release="1").headers["Cache-Control"]
        assert "immutable" in fhir.get("ValueSet/conditions/_history/1").headers["Cache-Control"]
        assert "immutable" not in fhir.get("ValueSet/conditions").headers["Cache-Control"]


class TestErrors:
    @pytest.mark.parametrize(
        ("address", "status", "code"),
        [
            ("Patient", 404, "not-supported"),
            ("ValueSet/nothing", 404, "not-found"),
            ("ValueSet/conditions/_history/2", 404, "not-found"),
            ("ValueSet/conditions/_history/0", 404, "not-found"),
            ("ValueSet/conditions/_history/01", 404, "not-found"),
            ("ValueSet/conditions/nothing", 404, "not-found"),
            ("ValueSet/$nothing", 404, "not-supported"),
            ("CodeSystem/amps/$lookup?code=finger", 404, "not-supported"),
            ("ValueSet/conditions?release=2", 404, "not-found"),
            ("ValueSet/conditions?release=0", 404, "not-found"),
            ("ValueSet/conditions?release=x", 400, "invalid"),
            ("ValueSet/conditions?colour=red", 400, "not-supported"),
            ("ValueSet?colour=red", 400, "not-supported"),
            ("ValueSet?name:above=x", 400, "not-supported"),
            ("ValueSet?_count=many", 400, "invalid"),
            ("ValueSet?_summary=most", 400, "invalid"),
            ("ValueSet?_lastUpdated=recently", 400, "invalid"),
            ("ValueSet?date=ge2026-13-01", 400, "invalid"),
            ("ValueSet?status=", 400, "invalid"),
            ("ValueSet?identifier:missing=perhaps", 400, "invalid"),
            ("metadata?mode=all", 400, "invalid"),
            ("metadata?colour=red", 400, "not-supported"),
        ],
    )
    def test_a_bad_address_is_an_operation_outcome(self, fhir, address, status, code):
        answer = fhir.get(address)
        assert (answer.status, answer.issue["code"]) == (status, code)
        assert answer.headers["Content-Type"].startswith(FHIR_JSON)

    @pytest.mark.parametrize(
        ("body", "content_type", "status", "code"),
        [
            ("{", FHIR_JSON, 400, "structure"),
            ("[" * 100_000, FHIR_JSON, 400, "structure"),
            ("[]", FHIR_JSON, 400, "structure"),
            ('{"resourceType": "Patient"}', FHIR_JSON, 400, "structure"),
            ('{"resourceType": "Parameters", "parameter": 7}', FHIR_JSON, 400, "structure"),
            ('{"resourceType": "Parameters", "parameter": [{"name": 7}]}', FHIR_JSON, 400, "structure"),
            ("<Parameters/>", "text/turtle", 415, "not-supported"),
        ],
    )
    def test_a_bad_body_is_an_operation_outcome(self, fhir, body, content_type, status, code):
        answer = fhir.post("ValueSet/$expand", body, content_type)
        assert (answer.status, answer.issue["code"]) == (status, code)

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_writing_is_405(self, fhir, method):
        response = getattr(fhir.client, method)("/fhir/ValueSet/conditions")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
        assert response.json()["resourceType"] == "OperationOutcome"

    def test_posting_to_a_resource_is_405(self, fhir):
        answer = fhir.post("ValueSet", {"resourceType": "ValueSet"})
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")

    def test_a_body_that_a_search_would_pass_over_is_refused(self, fhir):
        answer = fhir.post("CodeSystem/_search", {"resourceType": "Parameters"})
        assert (answer.status, answer.issue["code"]) == (415, "not-supported")

    def test_an_answer_names_the_language_of_its_resource(self, fhir):
        for address in ("CodeSystem/amps", "ValueSet/conditions/$expand"):
            assert fhir.get(address).headers["Content-Language"] == "en"
        again = fhir.get("CodeSystem/amps", headers={"if-none-match": 'W/"1"'})
        assert (again.status, again.headers["Content-Language"]) == (304, "en")
        assert "Content-Language" not in fhir.get(f"CodeSystem/$lookup?system={SYSTEM}&code=finger").headers


class TestSearch:
    def found(self, fhir, address: str) -> list[str]:
        return [entry["resource"]["id"] for entry in fhir.get(address).json.get("entry", [])]

    @pytest.mark.parametrize(
        ("address", "ids"),
        [
            (f"CodeSystem?url={SYSTEM}", ["amps"]),
            (f"CodeSystem?url={SYSTEM}&version=1.0.0", ["amps"]),
            (f"CodeSystem?url={SYSTEM}&version=2.0.0", []),
            (f"CodeSystem?system={SYSTEM}", ["amps"]),
            (f"CodeSystem?url={SYSTEM}|1.0.0", ["amps"]),
            ("CodeSystem?code=skin-pallor", ["amps"]),
            (f"CodeSystem?code={SYSTEM}|skin-pallor", ["amps"]),
            ("CodeSystem?code=http://loinc.org|skin-pallor", []),
            ("CodeSystem?_id=amps&status=http://hl7.org/fhir/publication-status|draft", ["amps"]),
            ("CodeSystem?_id=amps&status=http://example.org|draft", []),
            ("CodeSystem?_id=amps,aspects", ["amps", "aspects"]),
            ("CodeSystem?status=retired", []),
            ("ValueSet?name=ampsconditions", ["conditions"]),
            ("ValueSet?title:contains=autonomic sign", ["symptom-types-autonomic-sign"]),
            ("ValueSet?title:exact=AMPS library: concepts", ["concepts"]),
            ("ValueSet?_id=conditions&identifier:missing=true", ["conditions"]),
            ("ConceptMap?target-system=http://www.nlm.nih.gov/none", []),
            ("ConceptMap?target-code=M79.7", ["to-icd-10-cm", "to-icd-10"]),
            ("ConceptMap?source-code=skin-pallor&target-system=http://human-phenotype-ontology.org", ["to-hpo"]),
            ("NamingSystem?kind=codesystem", ["amps"]),
            (f"NamingSystem?value={SYSTEM}", ["amps"]),
            ("OperationDefinition?code=subsumes", ["CodeSystem-subsumes"]),
            ("ValueSet?_id=conditions&_lastUpdated=ge2026-11-02", ["conditions"]),
            ("ValueSet?_id=conditions&_lastUpdated=lt2026-11-02", []),
            ("ValueSet?_id=conditions&date=2026-11", ["conditions"]),
            ("ValueSet?_id=conditions&date=sa2026-11-02", []),
        ],
    )
    def test_parameters_narrow(self, fhir, address, ids):
        assert self.found(fhir, address) == ids

    def test_a_composition_is_found_by_its_code(self, fhir):
        body = fhir.get(f"Composition?event-code={SYSTEM}|fibromyalgia").json
        assert [entry["resource"]["title"] for entry in body["entry"]] == ["Fibromyalgia"]

    def test_pages_lead_to_each_other_and_end(self, fhir):
        page, ids = fhir.get("ValueSet", _count="7").json, []
        total = page["total"]
        while True:
            ids += [entry["resource"]["id"] for entry in page["entry"]]
            links = {link["relation"]: link["url"] for link in page["link"]}
            if "next" not in links:
                break
            page = fhir.get(links["next"].removeprefix(f"{HERE}/")).json
        assert len(ids) == len(set(ids)) == total > 20
        assert "previous" in links

    def test_summary_count_counts(self, fhir):
        body = fhir.get("ValueSet", _summary="count").json
        assert body["total"] > 20
        assert "entry" not in body

    def test_summary_leaves_the_concepts_out_and_says_so(self, fhir):
        resource = fhir.get("CodeSystem", _summary="true").json["entry"][0]["resource"]
        assert "concept" not in resource
        assert resource["count"] == 74
        assert resource["meta"]["tag"][0]["code"] == "SUBSETTED"

    def test_elements_keeps_what_is_mandatory(self, fhir):
        resource = fhir.get("CodeSystem/amps", _elements="title").json
        assert set(resource) == {"resourceType", "id", "meta", "language", "title", "status", "content"}

    def test_search_can_be_posted_as_a_form(self, fhir):
        form = "application/x-www-form-urlencoded"
        assert fhir.post("CodeSystem/_search", "code=skin-pallor", form).json["total"] == 1


class TestBatch:
    def test_each_entry_has_its_own_answer(self, fhir):
        lookup = {
            "resourceType": "Parameters",
            "parameter": [{"name": "coding", "valueCoding": {"system": SYSTEM, "code": "finger"}}],
        }
        entries = [
            {"request": {"method": "GET", "url": "ValueSet/conditions"}},
            {"request": {"method": "GET", "url": f"{HERE}/CodeSystem/$lookup?system={SYSTEM}&code=nothing"}},
            {"request": {"method": "POST", "url": "CodeSystem/$lookup"}, "resource": lookup},
            {"request": {"method": "DELETE", "url": "ValueSet/conditions"}},
            {"request": {"method": "POST", "url": ""}},
            {},
            {"request": 5},
            {"request": {"method": "GET", "url": "http://[bad"}},
        ]
        answer = fhir.post("", {"resourceType": "Bundle", "type": "batch", "entry": entries})
        statuses = [entry["response"]["status"] for entry in answer.json["entry"]]
        assert (answer.status, statuses) == (200, ["200", "404", "200", "400", "400", "400", "400", "400"])
        assert answer.json["entry"][0]["response"]["etag"] == 'W/"1"'
        assert answer.json["entry"][1]["response"]["outcome"]["issue"][0]["code"] == "not-found"

    def test_it_is_posted_to_the_address_of_the_server_which_has_no_slash(self, fhir):
        bundle = '{"resourceType": "Bundle", "type": "batch"}'
        answer = fhir.client.post("/fhir", bundle, content_type=FHIR_JSON)
        assert (answer.status_code, answer.json()["type"]) == (200, "batch-response")

    def test_entries_that_are_no_list_are_refused(self, fhir):
        answer = fhir.post("", {"resourceType": "Bundle", "type": "batch", "entry": {}})
        assert (answer.status, answer.issue["code"]) == (400, "structure")

    @pytest.mark.parametrize("kind", ["transaction", "document"])
    def test_other_bundles_are_refused(self, fhir, kind):
        assert fhir.post("", {"resourceType": "Bundle", "type": kind}).status == 400

    def test_a_batch_is_answered_as_of_its_release(self, fhir):
        bundle = {
            "resourceType": "Bundle",
            "type": "batch",
            "entry": [{"request": {"method": "GET", "url": "ValueSet/conditions"}}],
        }
        assert fhir.post("?release=7", bundle).status == 404
        assert fhir.post("?release=1", bundle).json["entry"][0]["resource"]["meta"]["versionId"] == "1"
