"""What one request may cost: a few kilobytes never keep the server busy for long."""

import pytest

from content_app.delivery.fhir.server import service
from content_app.delivery.fhir.terminology import budget, expand
from tests.fhir_client import parameters

SYSTEM = "http://x.example/many"


def many(count: int) -> dict:
    concepts = [{"code": f"c{number}"} for number in range(count)]
    return {"resourceType": "CodeSystem", "url": SYSTEM, "status": "active", "content": "complete", "concept": concepts}


def all_of_it(*filters: dict) -> dict:
    include = {"system": SYSTEM, **({"filter": [*filters]} if filters else {})}
    return {"resourceType": "ValueSet", "url": f"{SYSTEM}/vs", "status": "active", "compose": {"include": [include]}}


def issue_of(answer) -> tuple[int, str]:
    return answer.status, answer.json["issue"][0]["code"]


def test_more_concepts_times_filters_than_the_budget_are_refused_before_any_is_looked_at(fhir, monkeypatch):
    looked = []
    monkeypatch.setattr(
        "content_app.delivery.fhir.terminology.compose.concept_test", lambda *given: looked.append(given)
    )
    regex = {"property": "code", "op": "regex", "value": "c[0-9]*"}
    body = parameters(("tx-resource", many(2000)), ("valueSet", all_of_it(*[regex] * 100)), ("count", 10))
    answer = fhir.post("ValueSet/$expand", body)
    assert issue_of(answer) == (422, "too-costly")
    assert looked == []


def test_the_budget_is_one_for_all_questions_of_a_call(fhir):
    questions = [("validation", parameters(("code", "c1"), ("system", SYSTEM)))] * 100
    shared = [("tx-resource", many(2000)), ("valueSet", all_of_it())]
    answer = fhir.post("ValueSet/$batch-validate-code", parameters(*shared, *questions))
    found = [entry["resource"] for entry in answer.json["parameter"]]
    assert found[0]["resourceType"] == "Parameters"
    assert found[-1]["issue"][0]["code"] == "too-costly"


def test_a_question_that_takes_too_long_is_stopped(fhir, monkeypatch):
    monkeypatch.setattr(budget.Budget, "__init__", out_of_time)
    answer = fhir.post("ValueSet/$expand", parameters(("tx-resource", many(5)), ("valueSet", all_of_it())))
    assert issue_of(answer) == (422, "too-costly")
    assert "seconds" in answer.json["issue"][0]["details"]["text"]


def out_of_time(self, steps, seconds):
    self.steps, self.seconds, self.until = steps, seconds, 0.0


def test_a_page_of_an_expansion_has_a_largest_size(fhir, monkeypatch):
    monkeypatch.setattr(expand, "MOST_IN_PAGE", 20)
    body = parameters(("tx-resource", many(30)), ("valueSet", all_of_it()), ("count", 25))
    assert issue_of(fhir.post("ValueSet/$expand", body)) == (422, "too-costly")


def test_a_batch_refuses_further_entries_once_its_answer_is_large(fhir, monkeypatch):
    monkeypatch.setattr(service, "MOST_BATCH_BYTES", 1000)
    entry = {"request": {"method": "GET", "url": "Composition?_count=2"}}
    answer = fhir.post("", {"resourceType": "Bundle", "type": "batch", "entry": [entry] * 3})
    assert [found["response"]["status"] for found in answer.json["entry"]] == ["200", "413", "413"]


@pytest.mark.parametrize("size", [1_000_001, 3_000_000])
def test_a_body_of_more_than_a_megabyte_is_refused(fhir, size):
    answer = fhir.post("ValueSet/$expand", {"resourceType": "Parameters", "id": "x" * size})
    assert issue_of(answer) == (413, "too-long")
