"""From a code in a record to the document about it: by any code that means the item or a part of it, by no other."""

import json

import pytest

from content_app.models.publication import Document
from tests.fhir_client import SYSTEM

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def found(fhir, **asked):
    """The titles that were found, and what was said of the search."""
    bundle = fhir.get("Composition", **asked).json
    entries = bundle.get("entry", [])
    titles = [entry["resource"]["title"] for entry in entries if entry["search"]["mode"] == "match"]
    assert bundle["total"] == len(titles)
    told = [entry["resource"]["issue"] for entry in entries if entry["search"]["mode"] == "outcome"]
    return titles, [issue["details"]["text"] for issues in told for issue in issues]


@pytest.mark.parametrize("name", ["event-code", "context"])
@pytest.mark.parametrize(
    "token",
    [f"{ICD}|M79.7", f"{ICD}|M797", "m79.7", "urn:oid:2.16.840.1.113883.6.90|M79.7", "fibromyalgia", "x,M79.7",
     f"{SYSTEM}|fibromyalgia"],
)  # fmt: skip
def test_a_code_in_any_spelling_finds_the_item_that_it_means(fhir, name, token):
    assert found(fhir, **{name.replace("-", "__"): token}) == (["Fibromyalgia"], [])


def test_a_code_for_a_part_of_the_item_finds_it_and_says_so(fhir):
    titles, told = found(fhir, event__code=f"{ICD}|G90.50")
    assert titles == ["Complex regional pain syndrome"]
    assert "narrower than the topic" in told[0]


def test_every_code_finds_the_items_that_it_means_and_no_others(fhir):
    """A code that is broader than an item, or only related to it, never leads to it."""
    documents = [json.loads(bytes(body)) for body in Document.objects.values_list("body", flat=True)]
    codings = [(entry, document["id"]) for document in documents for entry in document.get("codings", ())]
    meant: dict[str, set[str]] = {
        f"{entry['system_uri']}|{entry['code']}": set() for entry, _ in codings if entry["code"]
    }
    for entry, item_id in codings:
        if entry["match"] in ("exact", "close", "narrow"):
            meant[f"{entry['system_uri']}|{entry['code']}"].add(item_id)
    assert set() in meant.values()
    for token, wanted in meant.items():
        entries = fhir.get("Composition", event__code=token, _elements="title").json.get("entry", [])
        assert {entry["resource"]["id"] for entry in entries if entry["search"]["mode"] == "match"} == wanted


def test_codes_given_twice_are_both_meant(fhir):
    asked = f"Composition?event-code={ICD}|M79.7&event-code="
    assert fhir.get(f"{asked}fibromyalgia").json["total"] == 1
    assert fhir.get(f"{asked}finger").json["total"] == 0


def test_other_parameters_narrow_it_and_nothing_is_said_of_what_they_leave_out(fhir):
    assert found(fhir, event__code=f"{ICD}|G90.50", status="final") == ([], [])


def test_an_unknown_code_system_is_named(fhir):
    titles, told = found(fhir, event__code="http://x.example|1")
    assert (titles, told) == ([], ["This server does not know the code system http://x.example"])


def test_a_system_without_a_code_is_refused(fhir):
    answer = fhir.get("Composition", event__code=f"{ICD}|")
    assert (answer.status, answer.issue["code"]) == (400, "not-supported")


def test_the_server_says_which_codes_it_takes(fhir):
    told = next(each for each in fhir.get("metadata").json["rest"][0]["resource"] if each["type"] == "Composition")
    documented = {entry["name"] for entry in told["searchParam"] if "ICD-10-CM" in entry.get("documentation", "")}
    assert documented == {"event-code", "context"}
