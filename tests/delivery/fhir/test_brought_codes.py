"""Code systems and value sets that come with a request: languages, versions, validation, hostile shapes.

The cases follow what the public test suite of the FHIR terminology ecosystem asks of servers, written for resources of
our own: a code system of birds, in two versions and two languages.
"""

import pytest

from tests.fhir_birds import BIRDS, VALUE_SET, birds, coding, expand, filtered, validate, value_set
from tests.fhir_client import parameters


class TestLanguages:
    def test_a_display_is_given_in_the_language(self, fhir):
        entry = expand(fhir, ("displayLanguage", "de"), ("includeDesignations", True)).entry("owl")
        assert entry["display"] == "Eule"
        assert [(name["language"], name["value"]) for name in entry["designation"]] == [("en", "Owl (1.0.0)")]

    @pytest.mark.parametrize("place", ["header", "extension", "language"])
    def test_the_language_can_stand_elsewhere(self, fhir, place):
        extension = {
            "url": "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
            "extension": [{"url": "name", "valueCode": "displayLanguage"}, {"url": "value", "valueCode": "de"}],
        }
        changes = {"extension": {"extension": [extension]}, "language": {"language": "de"}}.get(place, {})
        headers = {"accept-language": "de"} if place == "header" else {}
        assert expand(fhir, valueset=value_set(**changes), **headers).entry("owl")["display"] == "Eule"

    def test_the_parameter_goes_before_the_header(self, fhir):
        answer = expand(fhir, ("displayLanguage", "en"), **{"accept-language": "de"})
        assert answer.entry("owl")["display"] == "Owl (1.0.0)"

    @pytest.mark.parametrize(
        ("display", "language", "told"),
        [
            ("Eule", "de", {}),
            ("Owl (1.0.0)", "en", {}),
            ("Eule", None, {}),
            ("Eule", "en", {"invalid-display": "error"}),
            ("Owl (1.0.0)", "de", {"invalid-display": "error"}),
            ("Owl (1.0.0)", "fr", {"invalid-display": "information"}),
            ("Hibou", "fr", {"invalid-display": "error"}),
            ("Owl  (1.0.0)", None, {"invalid-display": "error"}),
        ],
    )
    def test_a_display_is_right_for_a_language(self, fhir, display, language, told):
        pairs = [("displayLanguage", language)] if language else []
        assert validate(fhir, coding("owl", display=display), *pairs).told == told

    def test_a_supplement_adds_names(self, fhir):
        supplement = {
            "resourceType": "CodeSystem",
            "url": "http://x.example/french",
            "version": "3",
            "status": "active",
            "content": "supplement",
            "supplements": BIRDS,
            "concept": [{"code": "owl", "designation": [{"language": "fr", "value": "Hibou"}]}],
        }
        resources = [birds(), supplement]
        named = (("useSupplement", "http://x.example/french"), ("displayLanguage", "fr"))
        assert expand(fhir, *named, resources=resources).entry("owl")["display"] == "Hibou"
        assert expand(fhir, ("displayLanguage", "fr"), resources=resources).entry("owl")["display"] == "Owl (1.0.0)"
        assert expand(fhir, ("useSupplement", "http://x.example/none"), resources=resources).status == 404


class TestVersions:
    """Two versions are here; the value set names one, a pattern, or none."""

    RESOURCES = (birds("1.0.0"), birds("1.2.0"))

    @pytest.mark.parametrize(
        ("given", "parameter", "version"),
        [
            (None, None, "1.2.0"),
            ("1.0.0", None, "1.0.0"),
            ("1.x.x", None, "1.2.0"),
            ("1.0.x", None, "1.0.0"),
            (None, ("system-version", "1.0.0"), "1.0.0"),
            ("1.2.0", ("system-version", "1.0.0"), "1.2.0"),
            ("1.2.0", ("force-system-version", "1.0.x"), "1.0.0"),
            (None, ("check-system-version", "1.0.x"), "1.0.0"),
        ],
    )
    def test_an_expansion_uses_this_version(self, fhir, given, parameter, version):
        include = {"system": BIRDS} | ({"version": given} if given else {})
        pairs = [(parameter[0], f"{BIRDS}|{parameter[1]}")] if parameter else []
        answer = expand(fhir, *pairs, valueset=value_set(include), resources=self.RESOURCES)
        assert answer.entry("owl")["display"] == f"Owl ({version})"

    def test_a_version_that_is_not_allowed_is_an_error(self, fhir):
        include = {"system": BIRDS, "version": "1.2.0"}
        check = ("check-system-version", f"{BIRDS}|1.0.x")
        answer = expand(fhir, check, valueset=value_set(include), resources=self.RESOURCES)
        assert (answer.status, answer.issue["code"]) == (422, "exception")

    @pytest.mark.parametrize(
        ("given", "asked", "told", "version"),
        [
            (None, None, {}, "1.2.0"),
            (None, "1.0.0", {}, "1.0.0"),
            ("1.x.x", "1.0.0", {}, "1.0.0"),
            ("1.2.0", "1.0.0", {"vs-invalid": "error"}, "1.2.0"),
            ("1.2.0", "2.4.0", {"vs-invalid": "error", "not-found": "error"}, "1.2.0"),
            (None, "2.4.0", {"vs-invalid": "warning", "not-found": "error"}, "1.2.0"),
            ("1", "1.0.0", {"vs-invalid": "error", "not-found": "error"}, "1.0.0"),
        ],
    )
    def test_the_version_of_a_code_is_weighed(self, fhir, given, asked, told, version):
        include = {"system": BIRDS} | ({"version": given} if given else {})
        coded = coding("owl", **({"version": asked} if asked else {}))
        answer = validate(fhir, coded, valueset=value_set(include), resources=self.RESOURCES)
        assert (answer.told, answer.value("version"), answer.value("result")) == (told, version, not told)

    def test_two_versions_in_one_value_set_are_told_apart(self, fhir):
        includes = [
            {"system": BIRDS, "version": version, "concept": [{"code": code}]}
            for version, code in (("1.0.0", "owl"), ("1.2.0", "eagle"))
        ]
        answer = expand(fhir, valueset=value_set(*includes), resources=self.RESOURCES)
        assert [entry["version"] for entry in answer.json["expansion"]["contains"]] == ["1.2.0", "1.0.0"]

    def test_imports_can_be_pinned(self, fhir):
        old = value_set(filtered("concept", "is-a", "owl"), url="http://x.example/in")
        new = value_set(url="http://x.example/in") | {"version": "2"}
        outer = value_set({"valueSet": ["http://x.example/in"]})
        pin = ("default-valueset-version", "http://x.example/in|1")
        assert expand(fhir, pin, valueset=outer, resources=[birds(), old, new]).codes == ["owl"]
        assert len(expand(fhir, valueset=outer, resources=[birds(), old, new]).codes) == 5


class TestCodeSystems:
    def test_case_matters_only_where_the_system_says_so(self, fhir):
        assert validate(fhir, coding("OWL")).value("result") is False
        answer = validate(fhir, coding("OWL"), resources=[birds(caseSensitive=False)])
        assert (answer.value("result"), answer.value("normalized-code")) == (True, "owl")
        assert answer.told == {"code-rule": "information"}

    def test_a_fragment_may_lack_the_code(self, fhir):
        answer = validate(fhir, coding("kiwi"), resources=[birds(content="fragment")])
        assert (answer.value("result"), answer.told) == (True, {"invalid-code": "warning"})

    def test_a_system_without_its_content_is_no_help(self, fhir):
        assert expand(fhir, resources=[birds(content="not-present")]).status == 422

    def test_a_draft_is_told(self, fhir):
        answer = validate(fhir, coding("owl"), resources=[birds(status="draft")])
        assert (answer.value("result"), answer.told) == (True, {"status-check": "information"})

    def test_an_entry_that_is_deprecated_in_the_value_set_is_told(self, fhir):
        extension = {"url": "http://hl7.org/fhir/StructureDefinition/valueset-deprecated", "valueBoolean": True}
        include = {"system": BIRDS, "concept": [{"code": "owl", "extension": [extension]}]}
        answer = validate(fhir, coding("owl"), valueset=value_set(include))
        assert (answer.value("result"), answer.told) == (True, {"code-comment": "warning"})

    def test_the_value_set_is_named_where_it_needs_what_is_not_here(self, fhir):
        include = {"system": "http://x.example/fish"}
        asked = ("coding", {"system": "http://x.example/fish", "code": "cod"})
        answer = validate(fhir, asked, valueset=value_set(include))
        assert answer.told == {"not-found": "error"}
        assert answer.values("x-caused-by-unknown-system") == ["http://x.example/fish"]

    @pytest.mark.parametrize(
        ("system", "told"),
        [
            ("birds", {"not-in-vs": "error", "invalid-data": "error", "not-found": "error"}),
            (VALUE_SET, {"not-in-vs": "error", "invalid-data": "error"}),
        ],
    )
    def test_a_system_that_is_none_is_told(self, fhir, system, told):
        assert validate(fhir, ("coding", {"system": system, "code": "owl"})).told == told

    def test_only_membership_can_be_asked(self, fhir):
        answer = validate(fhir, coding("owl", display="Hoot"), ("valueset-membership-only", True))
        assert (answer.value("result"), answer.told) == (True, {})


class TestShapes:
    """What has the wrong shape is refused before anything reads it."""

    @pytest.mark.parametrize(
        "broken",
        [
            birds(concept="owl"),
            birds(concept=["owl"]),
            birds(concept=[{"code": 7}]),
            birds(concept=[{"code": "owl", "designation": {}}]),
            birds(concept=[{"code": "owl", "property": [7]}]),
            birds(url=7),
            birds(version=1.0),
            value_set() | {"compose": []},
            value_set({"system": BIRDS, "filter": {}}),
            value_set({"system": BIRDS, "valueSet": [7]}),
            {"resourceType": "ConceptMap", "url": "http://x.example/m", "group": [{"element": [{"target": [7]}]}]},
        ],
    )
    def test_a_broken_resource_is_400(self, fhir, broken):
        answer = expand(fhir, resources=[birds(), broken])
        assert (answer.status, answer.issue["code"]) == (400, "structure")

    @pytest.mark.parametrize(
        "broken", [{"system": 7, "code": "x"}, {"system": BIRDS, "code": ["x"]}, {"system": BIRDS, "display": {}}]
    )
    def test_a_broken_coding_is_400(self, fhir, broken):
        assert validate(fhir, ("coding", broken)).status == 400

    def test_nesting_is_bounded(self, fhir):
        concept: dict = {"code": "c0"}
        for depth in range(200):
            concept = {"code": f"c{depth + 1}", "concept": [concept]}
        assert expand(fhir, resources=[birds(concept=[concept])]).status == 400

    def test_a_loop_by_properties_ends(self, fhir):
        loop = [
            {"code": one, "property": [{"code": "parent", "valueCode": other}]}
            for one, other in (("a", "b"), ("b", "a"))
        ]
        chosen = value_set(filtered("concept", "is-a", "a"))
        answer = expand(fhir, valueset=chosen, resources=[birds(concept=loop)])
        assert sorted(answer.codes) == ["a", "b"]

    def test_the_library_cannot_be_replaced(self, fhir):
        system = "urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4"
        other = birds(url=system, version="1.0.0", concept=[{"code": "planted"}])
        chosen = value_set({"system": system})
        answer = expand(fhir, valueset=chosen, resources=[other])
        assert "planted" not in answer.codes
        assert "fibromyalgia" in answer.codes


@pytest.mark.parametrize(
    ("use", "is_right"),
    [
        (None, True),
        ({"system": "http://snomed.info/sct", "code": "900000000000013009"}, True),
        ({"system": "http://snomed.info/sct", "code": "900000000000550004"}, False),
        ({"system": "http://x.example/uses", "code": "poetic"}, False),
    ],
)
def test_a_designation_is_a_right_display_if_its_use_is_that_of_a_name(fhir, use, is_right):
    designation = {"value": "Night bird"} | ({"use": use} if use else {})
    system = birds(concept=[{"code": "owl", "display": "Owl", "designation": [designation]}])
    answer = validate(fhir, coding("owl", display="Night bird"), resources=[system])
    assert answer.value("result") is is_right
    assert ("'Night bird'" in (answer.value("message") or "")) is not is_right


class TestVersionsThatDisagree:
    """A version is named once: by its parameter, in the address, or by the resource that comes along."""

    @pytest.mark.parametrize(
        ("address", "name", "resource"),
        [
            ("ValueSet/$expand", "valueSetVersion", value_set()),
            ("ValueSet/$validate-code", "valueSetVersion", value_set()),
            ("CodeSystem/$validate-code", "version", birds()),
            ("ConceptMap/$translate", "conceptMapVersion", {"resourceType": "ConceptMap", "url": "http://x.example/m"}),
        ],
    )
    def test_they_are_refused(self, fhir, address, name, resource):
        kind, url = resource["resourceType"], resource["url"]
        code = [("code", "owl"), ("system", BIRDS)] if "expand" not in address else []
        brought = [("tx-resource", birds()), (kind[0].lower() + kind[1:], resource)]
        for said in ([(name, "9")], [("url", f"{url}|9")]):
            answer = fhir.post(address, parameters(*brought, *code, *said))
            assert (answer.status, answer.issue["code"], answer.issue["expression"]) == (400, "invalid", [name])
        answer = fhir.post(address, parameters(*code, ("url", f"{url}|8"), (name, "9")))
        assert (answer.status, answer.issue["code"], answer.issue["expression"]) == (400, "invalid", [name])

    def test_a_pattern_may_be_met(self, fhir):
        brought = (("valueSet", value_set(version="1.2.0")), ("tx-resource", birds()))
        assert fhir.post("ValueSet/$expand", parameters(*brought, ("valueSetVersion", "1.x"))).status == 200


def test_designations_that_are_named_are_given(fhir):
    by_language = ("designation", "urn:ietf:bcp:47|de")
    assert [name["value"] for name in expand(fhir, by_language).entry("owl")["designation"]] == ["Eule"]
    assert "designation" not in expand(fhir, by_language, ("includeDesignations", False)).entry("owl")
    unclear = expand(fhir, ("designation", "de"))
    assert (unclear.status, unclear.issue["expression"]) == (400, ["designation"])


def test_nothing_is_known_of_a_code_whose_code_system_comes_without_content(fhir):
    system = birds(content="not-present", concept=[])
    asked = (("system", BIRDS), ("code", "owl"), ("tx-resource", system))
    answer = fhir.post("CodeSystem/$lookup", parameters(*asked))
    assert (answer.status, answer.issue["code"]) == (422, "not-supported")


@pytest.mark.parametrize(
    ("resource", "code"),
    [
        ({"resourceType": "Patient"}, "not-supported"),
        ({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": birds()}]}, "not-supported"),
        ({key: value for key, value in birds().items() if key != "url"}, "required"),
    ],
)
def test_a_resource_that_would_be_of_no_use_is_refused(fhir, resource, code):
    answer = expand(fhir, resources=[birds(), resource])
    assert (answer.status, answer.issue["code"], answer.issue["expression"]) == (400, code, ["tx-resource"])


@pytest.mark.parametrize("name", ["system-version", "check-system-version", "force-system-version"])
def test_one_version_of_a_code_system_is_wanted(fhir, name):
    twice = [(name, f"{BIRDS}|1.0.0"), (name, f"{BIRDS}|2.0.0")]
    answer = expand(fhir, *twice, resources=[birds(), birds("2.0.0")])
    assert (answer.status, answer.issue["code"], answer.issue["expression"]) == (400, "invalid", [name])
    assert expand(fhir, twice[0], twice[0], resources=[birds(), birds("2.0.0")]).status == 200
