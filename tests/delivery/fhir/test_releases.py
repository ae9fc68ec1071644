"""Every release is a version of every resource, for ever; codes outlive renames, and withdrawn items stay as codes."""

import pytest

from content_app.delivery.fhir.server import releases
from tests import library
from tests.fhir_client import SYSTEM, FhirClient


def test_before_the_first_release_there_is_nothing(fhir_of):
    assert (fhir_of.get("CodeSystem").status, fhir_of.get("metadata").status) == (404, 404)


@pytest.fixture(scope="module")
def first_then_second(library_of_a_module):
    library.publish([library.condition("first")], library_of_a_module)
    library.publish([library.condition("second")], library_of_a_module)


@pytest.fixture
def two_releases(first_then_second, fhir_of) -> FhirClient:
    return fhir_of


def test_reads_by_release_by_version_and_by_search_agree(two_releases):
    fhir = two_releases
    now = fhir.get("CodeSystem/amps").json
    then = fhir.get("CodeSystem/amps/_history/1").json
    assert (now["version"], now["count"], now["meta"]["versionId"]) == ("2.0.0", 2, "2")
    assert (then["version"], then["count"], then["meta"]["versionId"]) == ("1.0.0", 1, "1")
    assert fhir.get("CodeSystem/amps?release=1").json == then
    assert fhir.get(f"CodeSystem?url={SYSTEM}&version=1.0.0").json["entry"][0]["resource"] == then


def test_history_lists_versions_newest_first(two_releases):
    body = two_releases.get("CodeSystem/amps/_history").json
    assert [entry["resource"]["version"] for entry in body["entry"]] == ["2.0.0", "1.0.0"]
    assert [entry["response"]["etag"] for entry in body["entry"]] == ['W/"2"', 'W/"1"']


def test_history_begins_where_the_resource_began(two_releases):
    body = two_releases.get("ValueSet/symptom-types-of-second/_history").json
    assert [entry["resource"]["version"] for entry in body["entry"]] == ["2.0.0"]


def test_history_comes_in_pages(two_releases):
    first = two_releases.get("CodeSystem/amps/_history?_count=1").json
    link = next(link["url"] for link in first["link"] if link["relation"] == "next")
    second = two_releases.get(link.removeprefix("http://testserver/fhir/")).json
    versions = [entry["resource"]["version"] for page in (first, second) for entry in page["entry"]]
    assert versions == ["2.0.0", "1.0.0"]
    assert [link["relation"] for link in second["link"]] == ["self"]


def test_operations_answer_as_of_a_release_and_name_it(two_releases):
    fhir = two_releases
    assert fhir.get(f"CodeSystem/$lookup?system={SYSTEM}&code=second").value("version") == "2.0.0"
    then = fhir.get(f"CodeSystem/$lookup?system={SYSTEM}&code=second&release=1")
    assert (then.status, fhir.get("ValueSet/all/$expand?release=1").codes) == (404, ["first"])
    assert fhir.get("ValueSet/all/$expand?release=1").headers["Content-Release"] == "1"


def test_operations_take_versions_of_resources(two_releases):
    fhir = two_releases
    lookup = fhir.get(f"CodeSystem/$lookup?system={SYSTEM}&code=first&version=1.0.0")
    assert lookup.value("version") == "1.0.0"
    assert fhir.get("ValueSet/all/$expand?valueSetVersion=1.0.0").codes == ["first"]
    assert fhir.get("ValueSet/all/$expand").codes == ["first", "second"]
    assert fhir.get(f"CodeSystem/$lookup?system={SYSTEM}&code=first&version=3.0.0").status == 404


def test_metadata_lists_every_version(two_releases):
    systems = two_releases.get("metadata?mode=terminology").json["codeSystem"]
    versions = next(system["version"] for system in systems if system["uri"] == SYSTEM)
    assert versions == [{"code": "2.0.0", "isDefault": True}, {"code": "1.0.0", "isDefault": False}]


@pytest.fixture
def renamed(people, fhir_of) -> FhirClient:
    """Release 1: `old`. Release 2: the same item as `new`, and another item that takes the slug `old`."""
    library.publish([library.condition("old")], people)
    library.publish([library.condition("old") | {"slug": "new", "name": "New"}], people)
    return fhir_of


def test_a_rename_changes_the_address_and_not_the_code(renamed):
    answer = renamed.get(f"CodeSystem/$lookup?system={SYSTEM}&code=old")
    properties = {part["code"]: part["value"] for part in answer.values("property")}
    assert (answer.value("display"), properties["slug"]) == ("New", "new")
    assert renamed.get(f"CodeSystem/$lookup?system={SYSTEM}&code=new").status == 404


def test_two_kinds_with_one_slug_have_two_codes(people, fhir_of):
    library.publish([library.condition("pain")], people)
    library.publish([library.symptom_type("pain")], people)
    assert fhir_of.get("ValueSet/all/$expand").codes == ["pain", "pain.symptom-types"]


@pytest.fixture
def withdrawn(people, fhir_of) -> FhirClient:
    """Release 2 takes `gone` back, in favour of `kept`."""
    gone, kept = library.condition("gone"), library.condition("kept")
    library.publish([gone, kept], people)
    library.withdraw(
        item=library.item_of(gone),
        by=people.publisher,
        reason="replaced",
        replaced_by=library.item_of(kept),
        note="Kept is better.",
    )
    return fhir_of


def test_a_withdrawn_item_is_an_inactive_concept_that_says_why(withdrawn):
    answer = withdrawn.get(f"CodeSystem/$lookup?system={SYSTEM}&code=gone")
    properties = {part["code"]: part["value"] for part in answer.values("property")}
    assert (answer.value("display"), answer.value("definition")) == ("Gone", None)
    assert (properties["status"], properties["inactive"]) == ("retired", True)
    assert (properties["withdrawalReason"], properties["replacedBy"]) == ("replaced", "kept")


def test_an_expansion_marks_it_or_leaves_it_out(withdrawn):
    assert withdrawn.get("ValueSet/conditions/$expand").entry("gone")["inactive"] is True
    assert withdrawn.get("ValueSet/conditions/$expand", activeOnly="true").codes == ["kept"]


def test_validating_it_warns(withdrawn):
    answer = withdrawn.get(f"ValueSet/conditions/$validate-code?system={SYSTEM}&code=gone")
    assert (answer.value("result"), answer.value("inactive"), answer.value("status")) == (True, True, "retired")
    assert answer.told == {"code-comment": "warning"}
    strict = withdrawn.get(f"ValueSet/conditions/$validate-code?system={SYSTEM}&code=gone&activeOnly=true")
    assert (strict.value("result"), strict.told["code-rule"], strict.told["not-in-vs"]) == (False, "error", "error")


def test_its_prose_is_gone_and_names_what_takes_its_place(withdrawn):
    gone, kept = (library.uuid_of("condition", slug) for slug in ("gone", "kept"))
    answer = withdrawn.get(f"Composition/{gone}")
    assert (answer.status, answer.issue["code"]) == (410, "deleted")
    assert kept in answer.issue["details"]["text"]
    assert withdrawn.get(f"Composition/{gone}/_history/1").json["title"] == "Gone"
    assert withdrawn.get(f"Composition/{gone}/$document").status == 410


def test_its_value_set_is_retired_and_stays(withdrawn):
    assert withdrawn.get("ValueSet/symptom-types-of-gone").json["status"] == "retired"
    assert withdrawn.get("ValueSet/symptom-types-of-gone/$expand").json["expansion"]["total"] == 0


def test_a_draft_changes_nothing(people, fhir_of):
    document = library.condition("public")
    library.publish([document], people)
    addresses = ["CodeSystem/amps", "ValueSet/conditions/$validate-code?code=public&system=" + SYSTEM, "Composition"]
    before = [fhir_of.get(address).content for address in addresses]
    library.edit(library.item_of(document), people.author, name="Secret")
    library.bring_in([library.condition("draft")], people.author)
    assert [fhir_of.get(address).content for address in addresses] == before


def test_a_canonical_with_a_version_is_found_after_later_releases(people, fhir_of):
    for slug in ("one", "two"):
        library.publish([library.condition(slug)], people)
    for version, count in (("1.0.0", 1), ("2.0.0", 2)):
        (entry,) = fhir_of.get(f"CodeSystem?url={SYSTEM}|{version}").json["entry"]
        assert (entry["resource"]["version"], entry["resource"]["count"]) == (version, count)
    assert fhir_of.get(f"CodeSystem?url={SYSTEM}|3.0.0").json["total"] == 0


def test_few_releases_are_kept_in_memory(people, fhir_of):
    for number in range(releases.KEPT + 2):
        library.publish([library.condition(f"condition-{number}")], people)
        assert fhir_of.get("CodeSystem/amps").json["count"] == number + 1
    assert len(releases._kept) == releases.KEPT
