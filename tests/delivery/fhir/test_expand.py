"""`$expand` on the library's value sets."""

import pytest

from tests.fhir_client import SYSTEM, parameters


def named(answer) -> dict[str, list]:
    """Values of the expansion's parameters, by name."""
    found: dict[str, list] = {}
    for entry in answer.json["expansion"]["parameter"]:
        found.setdefault(entry["name"], []).append(next(v for k, v in entry.items() if k.startswith("value")))
    return found


def test_it_lists_the_members_and_what_it_used(fhir):
    answer = fhir.get("ValueSet/conditions/$expand")
    expansion = answer.json["expansion"]
    assert sorted(answer.codes) == [
        "amplified-musculoskeletal-pain-syndrome",
        "complex-regional-pain-syndrome",
        "fibromyalgia",
        "juvenile-fibromyalgia",
    ]
    assert expansion["total"] == 4
    assert named(answer) == {"used-codesystem": [f"{SYSTEM}|1.0.0"], "displayLanguage": ["en"]}
    assert expansion["identifier"].startswith("urn:uuid:")
    assert answer.json["version"] == "1.0.0"


def test_it_is_a_tree_unless_a_list_is_wanted(fhir):
    tree = fhir.get("ValueSet/symptom-types/$expand")
    assert "skin-pallor" in [entry["code"] for entry in tree.entry("skin-colour-change")["contains"]]
    flat = fhir.get("ValueSet/symptom-types/$expand", excludeNested="true")
    assert len(flat.json["expansion"]["contains"]) == len(tree.codes) == 24


def test_a_filter_looks_in_every_name_without_case_and_accents(fhir):
    assert fhir.get("ValueSet/all/$expand", filter="GOES palé").codes == ["skin-pallor"]
    assert fhir.get("ValueSet/all/$expand", filter="no such words").json["expansion"]["total"] == 0


def test_pages_are_cut_from_the_list(fhir):
    whole = fhir.get("ValueSet/all/$expand", excludeNested="true").codes
    page = fhir.get("ValueSet/all/$expand", count="10", offset="5")
    assert page.codes == whole[5:15]
    assert (page.json["expansion"]["total"], page.json["expansion"]["offset"]) == (74, 5)
    assert fhir.get("ValueSet/all/$expand", count="0").codes == []


def test_headings_are_abstract_and_can_be_left_out(fhir):
    assert fhir.get("ValueSet/symptom-types/$expand").entry("skin-change")["abstract"] is True
    assert "skin-change" not in fhir.get("ValueSet/symptom-types/$expand", excludeNotForUI="true").codes


def test_names_come_when_they_are_asked_for(fhir):
    assert "designation" not in fhir.get("ValueSet/conditions/$expand").entry("fibromyalgia")
    names = fhir.get("ValueSet/symptom-types/$expand", includeDesignations="true").entry("skin-pallor")["designation"]
    assert "Pallor" in [name["value"] for name in names]
    use = names[0]["use"]["system"]
    some = fhir.get(
        "ValueSet/symptom-types/$expand", includeDesignations="true", designation=f"{use}|clinical_term"
    ).entry("skin-pallor")["designation"]
    assert [name["value"] for name in some] == ["Pallor"]


def test_properties_come_when_they_are_asked_for(fhir):
    entry = fhir.get("ValueSet/symptom-types/$expand", property=["category", "definition"]).entry("skin-pallor")
    values = {part["extension"][0]["valueCode"]: part["extension"][1] for part in entry["extension"]}
    assert values["category"]["valueString"] == "autonomic_sign"
    assert values["definition"]["valueString"].startswith("Paleness of the skin")


@pytest.mark.parametrize("way", ["parameter", "header"])
def test_the_language_is_echoed_and_falls_back(fhir, way):
    headers = {"accept-language": "de"} if way == "header" else {}
    query = {"displayLanguage": "de"} if way == "parameter" else {}
    answer = fhir.get("ValueSet/conditions/$expand", headers=headers, **query)
    assert named(answer)["displayLanguage"] == ["de"]
    assert answer.entry("fibromyalgia")["display"] == "Fibromyalgia"


def test_a_language_that_must_be_has_no_display_instead_of_another(fhir):
    assert "display" not in fhir.get("ValueSet/conditions/$expand", displayLanguage="de,*;q=0").entry("fibromyalgia")


def test_value_sets_are_found_by_address_version_and_place(fhir):
    url = fhir.get("ValueSet/conditions").json["url"]
    for query in ({"url": url}, {"url": f"{url}|1.0.0"}, {"url": url, "valueSetVersion": "1.0.0"}):
        assert fhir.get("ValueSet/$expand", **query).json["expansion"]["total"] == 4
    assert fhir.get("ValueSet/$expand", url="http://testserver/fhir/ValueSet/conditions").json["url"] == url
    assert fhir.get("ValueSet/$expand", url=f"{url}|9.0.0").status == 404


def test_the_definition_comes_when_it_is_asked_for(fhir):
    assert "compose" not in fhir.get("ValueSet/conditions/$expand").json
    assert fhir.get("ValueSet/conditions/$expand", includeDefinition="true").json["compose"]


def test_a_value_set_that_is_brought_can_use_the_library(fhir):
    include = {"system": SYSTEM, "filter": [{"property": "concept", "op": "descendent-of", "value": "skin-change"}]}
    value_set = {"resourceType": "ValueSet", "status": "active", "compose": {"include": [include]}}
    answer = fhir.post("ValueSet/$expand", parameters(("valueSet", value_set), ("excludeNested", True)))
    assert {"skin-colour-change", "skin-pallor"} <= set(answer.codes)


@pytest.mark.parametrize(("unwanted", "left"), [(SYSTEM, 0), (f"{SYSTEM}|1.0.0", 0), (f"{SYSTEM}|2.0.0", 4), ("x", 4)])
def test_a_code_system_can_be_left_out(fhir, unwanted, left):
    expansion = fhir.get("ValueSet/conditions/$expand", exclude__system=unwanted).json["expansion"]
    assert expansion["total"] == left
    assert {"name": "exclude-system", "valueUri": unwanted} in expansion["parameter"]


@pytest.mark.parametrize("kind", ["conditions", "concepts", "symptom-types"])
def test_each_kind_has_its_value_set(fhir, kind):
    total = fhir.get(f"ValueSet/{kind}/$expand").json["expansion"]["total"]
    assert total == fhir.get("CodeSystem/amps").content.count(
        b'"valueString":"' + kind.rstrip("s").replace("-", "_").encode() + b'"'
    )


def test_the_symptoms_of_a_condition_are_a_value_set(fhir):
    codes = fhir.get("ValueSet/symptom-types-of-amplified-musculoskeletal-pain-syndrome/$expand").codes
    assert {"burning", "touch-evoked-pain"} <= set(codes)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("ValueSet/$expand", 400, "required"),
        ("ValueSet/$expand?url=http://x.example/vs", 404, "not-found"),
        ("ValueSet/conditions/$expand?url=x", 400, "invalid"),
        ("ValueSet/conditions/$expand?count=-1", 400, "invalid"),
        ("ValueSet/conditions/$expand?count=1&count=2", 400, "invalid"),
        ("ValueSet/conditions/$expand?date=2026", 400, "not-supported"),
        ("ValueSet/conditions/$expand?context=x", 400, "not-supported"),
        ("ValueSet/conditions/$expand?Filter=x", 400, "not-supported"),
        ("ValueSet/conditions/$expand?valueSetVersion=9.0.0", 404, "not-found"),
        ("ValueSet/conditions/$expand?force-system-version=1.0.0", 400, "invalid"),
        (f"ValueSet/conditions/$expand?force-system-version={SYSTEM}|9.0.0", 422, "not-found"),
        (f"ValueSet/conditions/$expand?check-system-version={SYSTEM}|9.0.0", 422, "exception"),
        ("ValueSet/conditions/$expand?useSupplement=http://x.example/s", 404, "not-found"),
        ("ValueSet/conditions/$expand?valueSet=x", 400, "invalid"),
    ],
)
def test_what_cannot_be_answered_says_why(fhir, address, status, code):
    answer = fhir.get(address)
    assert (answer.status, answer.issue["code"]) == (status, code)


def test_a_near_miss_is_named(fhir):
    assert "“filter”" in fhir.get("ValueSet/conditions/$expand?Filter=x").issue["details"]["text"]
