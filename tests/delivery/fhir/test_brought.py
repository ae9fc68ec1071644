"""Code systems and value sets that come with a request: filters, composition, inactive codes.

The cases follow what the public test suite of the FHIR terminology ecosystem asks of servers, written for resources of
our own: a code system of birds, in two versions and two languages.
"""

import time

import pytest

from tests.fhir_birds import BIRDS, VALUE_SET, birds, coding, expand, filtered, validate, value_set


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
    def test_an_include_means_these_codes(self, fhir, include, codes):
        answer = expand(fhir, ("excludeNested", True), valueset=value_set(include))
        assert answer.codes == codes

    @pytest.mark.parametrize(
        ("include", "status"),
        [
            ({"system": BIRDS, "filter": [{"property": "concept", "op": "is-a"}]}, 400),
            (filtered("diet", "sounds-like", "x"), 400),
            (filtered("diet", "exists", "perhaps"), 400),
            (filtered("colour", "=", "red"), 400),
            (filtered("code", "regex", "(((("), 400),
            (filtered("code", "regex", "a" * 2000), 400),
            ({"system": "http://x.example/fish"}, 422),
            ({"system": BIRDS, "version": "9"}, 422),
            ({"valueSet": ["http://x.example/no-such-vs"]}, 404),
            ({}, 400),
        ],
    )
    def test_what_is_not_understood_is_an_error(self, fhir, include, status):
        answer = expand(fhir, valueset=value_set(include))
        assert (answer.status, answer.json["resourceType"]) == (status, "OperationOutcome")

    def test_an_operator_that_only_r5_has_may_come_as_an_extension(self, fhir):
        url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.include.filter.op"
        operator = {"extension": [{"url": url, "valueCode": "child-of"}]}
        include = {"system": BIRDS, "filter": [{"property": "concept", "_op": operator, "value": "bird"}]}
        assert expand(fhir, valueset=value_set(include)).codes == ["prey", "dodo"]

    def test_a_pattern_cannot_hang_the_server(self, fhir):
        system = birds(concept=[{"code": "a" * 200 + "!"}])
        began = time.monotonic()
        answer = expand(fhir, valueset=value_set(filtered("code", "regex", "(a+)+$")), resources=[system])
        assert answer.codes == []
        assert time.monotonic() - began < 60  # it would take years


def versioned(answer):
    return [f"{entry['code']} {entry['version']}" for entry in answer.json["expansion"]["contains"]]


class TestComposition:
    def test_of_two_versions_the_later_comes_first(self, fhir):
        chosen = value_set(*({"system": BIRDS, "version": v, "concept": [{"code": "owl"}]} for v in ("1.0.0", "2.0.0")))
        answer = expand(fhir, valueset=chosen, resources=[birds(), birds("2.0.0")])
        assert versioned(answer) == ["owl 2.0.0", "owl 1.0.0"]

    def test_an_include_without_a_version_keeps_its_place(self, fhir):
        first, second = {"system": BIRDS, "version": "1.0.0"}, {"system": BIRDS}
        chosen = value_set(*(include | {"concept": [{"code": "owl"}]} for include in (first, second)))
        answer = expand(fhir, valueset=chosen, resources=[birds(), birds("2.0.0")])
        assert versioned(answer) == ["owl 1.0.0", "owl 2.0.0"]

    def test_excludes_take_away(self, fhir):
        chosen = value_set(exclude=[filtered("concept", "is-a", "prey")])
        assert expand(fhir, valueset=chosen).codes == ["bird", "dodo"]

    def test_value_sets_import_and_intersect(self, fhir):
        prey = value_set(filtered("concept", "is-a", "prey"), url="http://x.example/prey")
        meat = value_set(filtered("diet", "=", "meat"), url="http://x.example/meat")
        both = value_set({"valueSet": ["http://x.example/prey", "http://x.example/meat"]})
        answer = expand(fhir, valueset=both, resources=[birds(), prey, meat])
        assert answer.codes == ["owl"]
        used = [p["valueUri"] for p in answer.json["expansion"]["parameter"] if p["name"] == "used-valueset"]
        assert used == ["http://x.example/prey|1", "http://x.example/meat|1"]

    def test_a_system_narrows_an_import(self, fhir):
        prey = value_set(filtered("concept", "is-a", "prey"), url="http://x.example/prey")
        narrowed = value_set(
            {"system": BIRDS, "concept": [{"code": "owl"}, {"code": "dodo"}]} | {"valueSet": [prey["url"]]}
        )
        assert expand(fhir, valueset=narrowed, resources=[birds(), prey]).codes == ["owl"]

    def test_contained_value_sets_are_found(self, fhir):
        inner = {
            "resourceType": "ValueSet",
            "id": "in",
            "status": "active",
            "compose": {"include": [{"system": BIRDS}]},
        }
        assert len(expand(fhir, valueset=value_set({"valueSet": ["#in"]}, contained=[inner])).codes) == 5

    def test_a_circle_is_an_error(self, fhir):
        other = value_set({"valueSet": [VALUE_SET]}, url="http://x.example/other")
        answer = expand(fhir, valueset=value_set({"valueSet": [other["url"]]}), resources=[other, birds()])
        assert (answer.status, answer.issue["code"]) == (404, "not-found")
        first = value_set({"valueSet": [other["url"]]})
        answer = expand(fhir, valueset=first, resources=[first, other, birds()])
        assert (answer.status, answer.issue["code"]) == (422, "processing")

    def test_many_ways_to_one_value_set_are_walked_once(self, fhir):
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

    def test_too_many_codes_need_pages(self, fhir):
        many = birds(concept=[{"code": f"c{number}"} for number in range(1500)])
        assert expand(fhir, resources=[many]).issue["code"] == "too-costly"
        assert len(expand(fhir, ("count", 50), resources=[many]).codes) == 50

    def test_a_polyhierarchy_is_written_with_properties(self, fhir):
        both = [{"code": "parent", "valueCode": "a"}, {"code": "parent", "valueCode": "b"}]
        system = birds(concept=[{"code": "a"}, {"code": "b"}, {"code": "c", "property": both}])
        for code in "ab":
            chosen = value_set(filtered("concept", "is-a", code))
            assert expand(fhir, valueset=chosen, resources=[system]).codes == [code, "c"]


class TestInactive:
    def test_an_expansion_marks_what_is_retired(self, fhir):
        entry = expand(fhir).entry("dodo")
        assert entry["inactive"] is True
        assert {"url": "value", "valueCode": "retired"} in entry["extension"][0]["extension"]

    @pytest.mark.parametrize(("pairs", "changes"), [((("activeOnly", True),), {}), ((), {"inactive": False})])
    def test_it_can_be_left_out(self, fhir, pairs, changes):
        assert "dodo" not in expand(fhir, *pairs, valueset=value_set(**changes)).codes

    def test_a_value_set_of_active_codes_refuses_it(self, fhir):
        answer = validate(fhir, coding("dodo"), valueset=value_set(inactive=False))
        assert answer.value("result") is False
        assert answer.told == {"code-comment": "warning", "code-rule": "error", "not-in-vs": "error"}


class TestVersionsThatMatch:
    """Whether a code of one version is the same in another: the expansion parameter `versionsMatch`."""

    ONE, TWO = {"system": BIRDS, "version": "1.0.0"}, {"system": BIRDS, "version": "2.0.0"}

    def expanded(self, fhir, *includes, said: str | None = None, **changes):
        extension = {
            "url": "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
            "extension": [{"url": "name", "valueCode": "versionsMatch"}, {"url": "value", "valueString": said}],
        }
        changes |= {"extension": [extension]} if said else {}
        later = birds("2.0.0", concept=[{"code": "owl", "display": "Owl"}, {"code": "emu", "display": "Emu"}])
        return expand(fhir, valueset=value_set(*includes, **changes), resources=[birds(), later])

    def test_a_code_of_two_versions_stands_twice(self, fhir):
        assert sorted(self.expanded(fhir, self.ONE, self.TWO).codes).count("owl") == 2

    def test_merged_it_stands_once_as_the_later_version_has_it(self, fhir):
        answer = self.expanded(fhir, self.ONE, self.TWO, said="true")
        assert (answer.codes.count("owl"), answer.entry("owl")["version"]) == (1, "2.0.0")
        assert {"name": "versionsMatch", "valueBoolean": True} in answer.json["expansion"]["parameter"]

    def test_to_exclude_another_version_excludes_its_codes(self, fhir):
        assert self.expanded(fhir, self.TWO, exclude=[self.ONE]).codes == ["emu"]

    def test_it_does_not_where_the_value_set_says_that_versions_differ(self, fhir):
        assert self.expanded(fhir, self.TWO, exclude=[self.ONE], said="false").codes == ["owl", "emu"]

    def test_to_exclude_a_version_that_is_included_leaves_the_other(self, fhir):
        assert self.expanded(fhir, self.ONE, self.TWO, exclude=[self.ONE]).codes == ["owl", "emu"]
