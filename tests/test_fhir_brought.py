"""Code systems and value sets that come with a request: every rule of composition, versions, languages, validation.

The cases follow what the public test suite of the FHIR terminology ecosystem asks of servers, written for resources of
our own: a code system of birds, in two versions and two languages.
"""

import time

import pytest

from tests.fhir_client import fhir, parameters  # noqa: F401 - a fixture

pytestmark = pytest.mark.urls("tests.fhir_urls")
BIRDS, VALUE_SET = "http://x.example/birds", "http://x.example/vs"


def birds(version: str = "1.0.0", **changes):
    """Owl and eagle are birds of prey; the dodo is no more; `bird` only groups."""
    return {
        "resourceType": "CodeSystem",
        "url": BIRDS,
        "version": version,
        "name": "Birds",
        "language": "en",
        "status": "active",
        "content": "complete",
        "caseSensitive": True,
        "hierarchyMeaning": "is-a",
        "property": [{"code": "diet", "type": "string"}],
        "concept": [
            {
                "code": "bird",
                "display": "Bird",
                "property": [{"code": "notSelectable", "valueBoolean": True}],
                "concept": [
                    {
                        "code": "prey",
                        "display": "Bird of prey",
                        "concept": [
                            {
                                "code": "owl",
                                "display": f"Owl ({version})",
                                "designation": [{"language": "de", "value": "Eule"}],
                                "property": [{"code": "diet", "valueString": "meat"}],
                            },
                            {"code": "eagle", "display": "Eagle", "definition": "A large one."},
                        ],
                    },
                    {
                        "code": "dodo",
                        "display": "Dodo",
                        "property": [
                            {"code": "status", "valueCode": "retired"},
                            {"code": "diet", "valueString": "fruit"},
                        ],
                    },
                ],
            }
        ],
    } | changes


def value_set(*includes, url: str = VALUE_SET, exclude=None, **changes):
    compose = {"include": list(includes) or [{"system": BIRDS}]} | ({"exclude": exclude} if exclude else {})
    compose |= {key: changes.pop(key) for key in ("inactive",) if key in changes}
    return {"resourceType": "ValueSet", "url": url, "version": "1", "status": "active", "compose": compose} | changes


def filtered(code: str, op: str, value: str):
    return {"system": BIRDS, "filter": [{"property": code, "op": op, "value": value}]}


def expand(fhir, *pairs, valueset=None, resources=(), **headers):  # noqa: F811
    body = parameters(
        ("valueSet", valueset or value_set()), *(("tx-resource", entry) for entry in resources or [birds()]), *pairs
    )
    return fhir.post("ValueSet/$expand", body, **headers)


def validate(fhir, *pairs, valueset=None, resources=(), **headers):  # noqa: F811
    brought = [valueset or value_set(), *(resources or [birds()])]
    body = parameters(("url", VALUE_SET), *(("tx-resource", entry) for entry in brought), *pairs)
    return fhir.post("ValueSet/$validate-code", body, **headers)


def coding(code: str, **more: str):
    return ("coding", {"system": BIRDS, "code": code} | more)


class TestFilters:
    @pytest.mark.parametrize(
        ("include", "codes"),
        [
            ({"system": BIRDS}, ["bird", "prey", "owl", "eagle", "dodo"]),
            (filtered("concept", "is-a", "prey"), ["prey", "owl", "eagle"]),
            (filtered("concept", "descendent-of", "prey"), ["owl", "eagle"]),
            (filtered("concept", "is-not-a", "prey"), ["bird", "dodo"]),
            (filtered("concept", "generalizes", "owl"), ["bird", "prey", "owl"]),
            (filtered("concept", "child-of", "bird"), ["prey", "dodo"]),
            (filtered("concept", "descendent-leaf", "bird"), ["owl", "eagle", "dodo"]),
            (filtered("concept", "is-a", "nothing"), []),
            (filtered("concept", "in", "owl, dodo"), ["owl", "dodo"]),
            (filtered("concept", "not-in", "owl,dodo,bird"), ["prey", "eagle"]),
            (filtered("diet", "=", "meat"), ["owl"]),
            (filtered("diet", "exists", "true"), ["owl", "dodo"]),
            (filtered("diet", "exists", "false"), ["bird", "prey", "eagle"]),
            (filtered("diet", "regex", "m.*"), ["owl"]),
            (filtered("code", "regex", "[a-z]{4}"), ["bird", "prey", "dodo"]),
            (filtered("inactive", "=", "true"), ["dodo"]),
            (filtered("parent", "=", "prey"), ["owl", "eagle"]),
            (filtered("notSelectable", "=", "true"), ["bird"]),
            ({"system": BIRDS, "concept": [{"code": "owl"}, {"code": "nothing"}]}, ["owl"]),
        ],
    )
    def test_an_include_means_these_codes(self, fhir, include, codes):  # noqa: F811
        answer = expand(fhir, ("excludeNested", True), valueset=value_set(include))
        assert answer.codes == codes

    @pytest.mark.parametrize(
        ("include", "status"),
        [
            ({"system": BIRDS, "filter": [{"property": "concept", "op": "is-a"}]}, 400),
            (filtered("diet", "sounds-like", "x"), 400),
            (filtered("colour", "=", "red"), 400),
            (filtered("code", "regex", "(((("), 400),
            (filtered("code", "regex", "a" * 2000), 400),
            ({"system": "http://x.example/fish"}, 422),
            ({"system": BIRDS, "version": "9"}, 422),
            ({"valueSet": ["http://x.example/no-such-vs"]}, 404),
            ({}, 400),
        ],
    )
    def test_what_is_not_understood_is_an_error(self, fhir, include, status):  # noqa: F811
        answer = expand(fhir, valueset=value_set(include))
        assert (answer.status, answer.json["resourceType"]) == (status, "OperationOutcome")

    def test_a_pattern_cannot_hang_the_server(self, fhir):  # noqa: F811
        system = birds(concept=[{"code": "a" * 200 + "!"}])
        began = time.monotonic()
        answer = expand(fhir, valueset=value_set(filtered("code", "regex", "(a+)+$")), resources=[system])
        assert answer.codes == []
        assert time.monotonic() - began < 5


class TestComposition:
    def test_excludes_take_away(self, fhir):  # noqa: F811
        chosen = value_set(exclude=[filtered("concept", "is-a", "prey")])
        assert expand(fhir, valueset=chosen).codes == ["bird", "dodo"]

    def test_value_sets_import_and_intersect(self, fhir):  # noqa: F811
        prey = value_set(filtered("concept", "is-a", "prey"), url="http://x.example/prey")
        meat = value_set(filtered("diet", "=", "meat"), url="http://x.example/meat")
        both = value_set({"valueSet": ["http://x.example/prey", "http://x.example/meat"]})
        answer = expand(fhir, valueset=both, resources=[birds(), prey, meat])
        assert answer.codes == ["owl"]
        used = [p["valueUri"] for p in answer.json["expansion"]["parameter"] if p["name"] == "used-valueset"]
        assert used == ["http://x.example/prey|1", "http://x.example/meat|1"]

    def test_a_system_narrows_an_import(self, fhir):  # noqa: F811
        prey = value_set(filtered("concept", "is-a", "prey"), url="http://x.example/prey")
        narrowed = value_set(
            {"system": BIRDS, "concept": [{"code": "owl"}, {"code": "dodo"}]} | {"valueSet": [prey["url"]]}
        )
        assert expand(fhir, valueset=narrowed, resources=[birds(), prey]).codes == ["owl"]

    def test_contained_value_sets_are_found(self, fhir):  # noqa: F811
        inner = {
            "resourceType": "ValueSet",
            "id": "in",
            "status": "active",
            "compose": {"include": [{"system": BIRDS}]},
        }
        assert len(expand(fhir, valueset=value_set({"valueSet": ["#in"]}, contained=[inner])).codes) == 5

    def test_a_circle_is_an_error(self, fhir):  # noqa: F811
        other = value_set({"valueSet": [VALUE_SET]}, url="http://x.example/other")
        answer = expand(fhir, valueset=value_set({"valueSet": [other["url"]]}), resources=[other, birds()])
        assert (answer.status, answer.issue["code"]) == (404, "not-found")
        first = value_set({"valueSet": [other["url"]]})
        answer = expand(fhir, valueset=first, resources=[first, other, birds()])
        assert (answer.status, answer.issue["code"]) == (422, "processing")

    def test_many_ways_to_one_value_set_are_walked_once(self, fhir):  # noqa: F811
        chain = [
            value_set(
                {"valueSet": [f"http://x.example/{n + 1}"]},
                {"valueSet": [f"http://x.example/{n + 1}"]},
                url=f"http://x.example/{n}",
            )
            for n in range(40)
        ]
        last = value_set(url="http://x.example/40")
        answer = expand(fhir, valueset=chain[0], resources=[birds(), last, *chain])
        assert len(answer.codes) == 5

    def test_too_many_codes_need_pages(self, fhir):  # noqa: F811
        many = birds(concept=[{"code": f"c{number}"} for number in range(1500)])
        assert expand(fhir, resources=[many]).issue["code"] == "too-costly"
        assert len(expand(fhir, ("count", 50), resources=[many]).codes) == 50

    def test_a_polyhierarchy_is_written_with_properties(self, fhir):  # noqa: F811
        both = [{"code": "parent", "valueCode": "a"}, {"code": "parent", "valueCode": "b"}]
        system = birds(concept=[{"code": "a"}, {"code": "b"}, {"code": "c", "property": both}])
        for code in "ab":
            chosen = value_set(filtered("concept", "is-a", code))
            assert expand(fhir, valueset=chosen, resources=[system]).codes == [code, "c"]


class TestInactive:
    def test_an_expansion_marks_what_is_retired(self, fhir):  # noqa: F811
        entry = expand(fhir).entry("dodo")
        assert entry["inactive"] is True
        assert {"url": "value", "valueCode": "retired"} in entry["extension"][0]["extension"]

    @pytest.mark.parametrize(("pairs", "changes"), [((("activeOnly", True),), {}), ((), {"inactive": False})])
    def test_it_can_be_left_out(self, fhir, pairs, changes):  # noqa: F811
        assert "dodo" not in expand(fhir, *pairs, valueset=value_set(**changes)).codes

    def test_a_value_set_of_active_codes_refuses_it(self, fhir):  # noqa: F811
        answer = validate(fhir, coding("dodo"), valueset=value_set(inactive=False))
        assert answer.value("result") is False
        assert answer.told == {"code-comment": "warning", "code-rule": "error", "not-in-vs": "error"}


class TestLanguages:
    def test_a_display_is_given_in_the_language(self, fhir):  # noqa: F811
        entry = expand(fhir, ("displayLanguage", "de"), ("includeDesignations", True)).entry("owl")
        assert entry["display"] == "Eule"
        assert [(name["language"], name["value"]) for name in entry["designation"]] == [("en", "Owl (1.0.0)")]

    @pytest.mark.parametrize("place", ["header", "extension", "language"])
    def test_the_language_can_stand_elsewhere(self, fhir, place):  # noqa: F811
        extension = {
            "url": "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
            "extension": [{"url": "name", "valueCode": "displayLanguage"}, {"url": "value", "valueCode": "de"}],
        }
        changes = {"extension": {"extension": [extension]}, "language": {"language": "de"}}.get(place, {})
        headers = {"accept-language": "de"} if place == "header" else {}
        assert expand(fhir, valueset=value_set(**changes), **headers).entry("owl")["display"] == "Eule"

    def test_the_parameter_goes_before_the_header(self, fhir):  # noqa: F811
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
    def test_a_display_is_right_for_a_language(self, fhir, display, language, told):  # noqa: F811
        pairs = [("displayLanguage", language)] if language else []
        assert validate(fhir, coding("owl", display=display), *pairs).told == told

    def test_a_supplement_adds_names(self, fhir):  # noqa: F811
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
    def test_an_expansion_uses_this_version(self, fhir, given, parameter, version):  # noqa: F811
        include = {"system": BIRDS} | ({"version": given} if given else {})
        pairs = [(parameter[0], f"{BIRDS}|{parameter[1]}")] if parameter else []
        answer = expand(fhir, *pairs, valueset=value_set(include), resources=self.RESOURCES)
        assert answer.entry("owl")["display"] == f"Owl ({version})"

    def test_a_version_that_is_not_allowed_is_an_error(self, fhir):  # noqa: F811
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
    def test_the_version_of_a_code_is_weighed(self, fhir, given, asked, told, version):  # noqa: F811
        include = {"system": BIRDS} | ({"version": given} if given else {})
        coded = coding("owl", **({"version": asked} if asked else {}))
        answer = validate(fhir, coded, valueset=value_set(include), resources=self.RESOURCES)
        assert (answer.told, answer.value("version"), answer.value("result")) == (told, version, not told)

    def test_two_versions_in_one_value_set_are_told_apart(self, fhir):  # noqa: F811
        includes = [
            {"system": BIRDS, "version": version, "concept": [{"code": code}]}
            for version, code in (("1.0.0", "owl"), ("1.2.0", "eagle"))
        ]
        answer = expand(fhir, valueset=value_set(*includes), resources=self.RESOURCES)
        assert [entry["version"] for entry in answer.json["expansion"]["contains"]] == ["1.0.0", "1.2.0"]

    def test_imports_can_be_pinned(self, fhir):  # noqa: F811
        old = value_set(filtered("concept", "is-a", "owl"), url="http://x.example/in")
        new = value_set(url="http://x.example/in") | {"version": "2"}
        outer = value_set({"valueSet": ["http://x.example/in"]})
        pin = ("default-valueset-version", "http://x.example/in|1")
        assert expand(fhir, pin, valueset=outer, resources=[birds(), old, new]).codes == ["owl"]
        assert len(expand(fhir, valueset=outer, resources=[birds(), old, new]).codes) == 5


class TestCodeSystems:
    def test_case_matters_only_where_the_system_says_so(self, fhir):  # noqa: F811
        assert validate(fhir, coding("OWL")).value("result") is False
        answer = validate(fhir, coding("OWL"), resources=[birds(caseSensitive=False)])
        assert (answer.value("result"), answer.value("normalized-code")) == (True, "owl")
        assert answer.told == {"code-rule": "information"}

    def test_a_fragment_may_lack_the_code(self, fhir):  # noqa: F811
        answer = validate(fhir, coding("kiwi"), resources=[birds(content="fragment")])
        assert (answer.value("result"), answer.told) == (True, {"invalid-code": "warning"})

    def test_a_system_without_its_content_is_no_help(self, fhir):  # noqa: F811
        assert expand(fhir, resources=[birds(content="not-present")]).status == 422

    def test_a_draft_is_told(self, fhir):  # noqa: F811
        answer = validate(fhir, coding("owl"), resources=[birds(status="draft")])
        assert (answer.value("result"), answer.told) == (True, {"status-check": "information"})

    def test_an_entry_that_is_deprecated_in_the_value_set_is_told(self, fhir):  # noqa: F811
        extension = {"url": "http://hl7.org/fhir/StructureDefinition/valueset-deprecated", "valueBoolean": True}
        include = {"system": BIRDS, "concept": [{"code": "owl", "extension": [extension]}]}
        answer = validate(fhir, coding("owl"), valueset=value_set(include))
        assert (answer.value("result"), answer.told) == (True, {"code-comment": "warning"})

    def test_the_value_set_is_named_where_it_needs_what_is_not_here(self, fhir):  # noqa: F811
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
    def test_a_system_that_is_none_is_told(self, fhir, system, told):  # noqa: F811
        assert validate(fhir, ("coding", {"system": system, "code": "owl"})).told == told

    def test_only_membership_can_be_asked(self, fhir):  # noqa: F811
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
    def test_a_broken_resource_is_400(self, fhir, broken):  # noqa: F811
        answer = expand(fhir, resources=[birds(), broken])
        assert (answer.status, answer.issue["code"]) == (400, "structure")

    @pytest.mark.parametrize(
        "broken", [{"system": 7, "code": "x"}, {"system": BIRDS, "code": ["x"]}, {"system": BIRDS, "display": {}}]
    )
    def test_a_broken_coding_is_400(self, fhir, broken):  # noqa: F811
        assert validate(fhir, ("coding", broken)).status == 400

    def test_nesting_is_bounded(self, fhir):  # noqa: F811
        concept: dict = {"code": "c0"}
        for depth in range(200):
            concept = {"code": f"c{depth + 1}", "concept": [concept]}
        assert expand(fhir, resources=[birds(concept=[concept])]).status == 400

    def test_a_loop_by_properties_ends(self, fhir):  # noqa: F811
        loop = [
            {"code": one, "property": [{"code": "parent", "valueCode": other}]}
            for one, other in (("a", "b"), ("b", "a"))
        ]
        chosen = value_set(filtered("concept", "is-a", "a"))
        answer = expand(fhir, valueset=chosen, resources=[birds(concept=loop)])
        assert sorted(answer.codes) == ["a", "b"]

    def test_the_library_cannot_be_replaced(self, fhir):  # noqa: F811
        system = "urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4"
        other = birds(url=system, version="1.0.0", concept=[{"code": "planted"}])
        chosen = value_set({"system": system})
        answer = expand(fhir, valueset=chosen, resources=[other])
        assert "planted" not in answer.codes
        assert "fibromyalgia" in answer.codes
