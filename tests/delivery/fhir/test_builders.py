"""The builders of FHIR resources, from documents to resources: what they must say, and what they must never say."""

import copy
from xml.etree import ElementTree

import pytest

from content_app.delivery.fhir.library import (
    codesystem,
    composition,
    conceptmaps,
    identity,
    narrative,
    valuesets,
)
from content_app.delivery.fhir.library.edition import Edition
from content_app.delivery.store import own_codes

REVIEW = {
    "state": "clinically_reviewed", "reviewed_on": "2026-11-01", "review_due_on": "2027-11-01",
    "reviewer_role": "Editor", "cycle_months": 12,
}  # fmt: skip


def item(kind: str = "condition", slug: str = "one", **changes):
    return {
        "id": f"00000000-0000-5000-8000-{abs(hash((kind, slug))) % 10**12:012}",
        "kind": kind,
        "slug": slug,
        "name": slug.capitalize(),
        "names": [{"text": slug.capitalize(), "type": "preferred", "language": "en", "note": None, "citations": []}],
        "summary": {"clinical": "Clinical.", "plain": "Plain.", "citations": []},
        "statements": [],
        "relations": [],
        "codings": [],
        "sources": [],
        "review": REVIEW,
        "not_covered": [],
        "notices": [{"type": "information_only", "text": "Information, not a diagnosis."}],
        "meta": {"version": 1, "release": 1, "published_at": "2026-11-02T09:00:00Z", "sha256": "0"},
    } | changes


def relation(predicate: str, end, **changes):
    return {
        "predicate": predicate,
        "label": predicate.replace("_", " "),
        "object": {key: end[key] for key in ("id", "kind", "slug", "name")},
        "modality": "asserted",
        "likelihood": None,
        "frequency": None,
        "ambiguous": False,
        "attributed": False,
        "display_with": None,
        "note": None,
        "citations": [],
    } | changes


def coding(code: str | None, match: str, **changes):
    return {
        "system": "icd-10-cm",
        "system_uri": "http://hl7.org/fhir/sid/icd-10-cm",
        "code": code,
        "display": code and "A title",
        "match": match,
        "version": "2026",
        "verification": "verified",
        "checked_on": "2026-11-01",
        "note": None,
    } | changes


def edition(*documents):
    firsts = [own_codes.FirstEdition(d["id"], d["kind"], d["slug"], 1) for d in documents]
    return Edition(1, "2026-11-02T09:00:00Z", documents, own_codes.codes(firsts))


class TestCodeSystem:
    def test_what_is_a_kind_of_something_stands_below_it(self):
        above = item(slug="above")
        below = item(slug="below", relations=[relation("is_kind_of", above)])
        tree = codesystem.concept_tree(edition(below, above))
        assert [(top["code"], [c["code"] for c in top["concept"]]) for top in tree] == [("above", ["below"])]

    def test_the_view_of_a_source_stands_beside_the_hierarchy(self):
        above = item(slug="above")
        below = item(slug="below", relations=[relation("is_kind_of", above, attributed=True)])
        tree = codesystem.concept_tree(edition(below, above))
        assert [top["code"] for top in tree] == ["below", "above"]
        assert {"code": "attributedKindOf", "valueCode": "above"} in tree[0]["property"]

    def test_examples_have_no_code(self):
        assert codesystem.code_system(edition(item(), item("example", "scene")))["count"] == 1

    def test_every_property_that_is_used_is_declared(self, fhir):
        resource = fhir.get("CodeSystem/amps").json
        declared = {entry["code"]: entry["type"] for entry in resource["property"]}
        waiting = list(resource["concept"])
        while waiting:
            concept = waiting.pop()
            waiting += concept.get("concept", [])
            for entry in concept["property"]:
                key = next(key for key in entry if key.startswith("value"))
                assert key == "value" + declared[entry["code"]][0].upper() + declared[entry["code"]][1:]


class TestCodes:
    def test_the_first_of_two_with_one_slug_has_the_plain_code(self):
        editions = [
            own_codes.FirstEdition("b", "symptom_type", "pain", 2),
            own_codes.FirstEdition("a", "condition", "pain", 1),
            own_codes.FirstEdition("c", "condition", "pain", 3),
            own_codes.FirstEdition("d", "condition", "pain", 4),
        ]
        assert own_codes.codes(editions) == {
            "a": "pain",
            "b": "pain.symptom-types",
            "c": "pain.conditions",
            "d": "pain.d",
        }

    def test_later_items_change_no_code(self):
        editions = [own_codes.FirstEdition(str(n), "condition", f"slug-{n % 3}", n) for n in range(9)]
        for release in range(1, 9):
            before = own_codes.codes(entry for entry in editions if entry.release < release)
            assert before.items() <= own_codes.codes(editions).items()

    @pytest.mark.parametrize(
        ("state", "status"), [("clinically_reviewed", "active"), ("not_clinically_reviewed", "draft")]
    )
    def test_what_no_clinician_has_reviewed_whole_is_a_draft(self, state, status):
        documents = item(), item(slug="two", review=REVIEW | {"state": state})
        assert codesystem.code_system(edition(*documents))["status"] == status

    def test_the_dates_of_a_whole_review_are_those_of_the_item_furthest_behind(self):
        behind = REVIEW | {"reviewed_on": "2026-03-01", "review_due_on": "2027-03-01"}
        made = codesystem.code_system(edition(item(), item(slug="two", review=behind)))
        told = {each.pop("url").rpartition("/")[2]: [*each.values()][0] for each in made["extension"]}
        assert told == {
            "resource-approvalDate": made["date"][:10],
            "resource-lastReviewDate": "2026-03-01",
            "resource-effectivePeriod": {"start": made["date"][:10], "end": "2027-03-01"},
        }

    def test_content_that_is_not_reviewed_whole_has_no_date_of_a_review(self):
        unreviewed = item(slug="two", review=REVIEW | {"state": "not_clinically_reviewed"})
        assert "extension" not in codesystem.code_system(edition(item(), unreviewed))

    def test_a_preview_that_nobody_has_signed_off_has_no_date_of_a_review(self):
        assert "extension" not in codesystem.code_system(edition(item(review=REVIEW | {"reviewed_on": None})))

    def test_addresses_name_no_host(self, fhir):
        for kind in ("CodeSystem", "ValueSet", "ConceptMap"):
            for entry in fhir.get(kind, _count="100", publisher="AMPS API", _elements="url").json["entry"]:
                assert entry["resource"]["url"].startswith("urn:uuid:")

    @pytest.mark.parametrize(("version", "release"), [("7.0.0", 7), ("7", None), ("x.0.0", None), ("7.1.0", None)])
    def test_versions_are_releases(self, version, release):
        assert identity.release_of(version) == release


class TestValueSets:
    def test_a_condition_of_which_nothing_is_said_has_an_empty_one(self):
        found = valuesets.value_sets(edition(item(slug="silent")))[-1]
        assert found["id"] == "symptom-types-of-silent"
        assert found["compose"]["exclude"] == found["compose"]["include"]

    def test_symptoms_of_a_pattern_belong_to_its_condition(self):
        symptom = item("symptom_type", "ache")
        pattern = item("concept", "pattern", relations=[relation("has_symptom", symptom)])
        one = item(relations=[relation("has_pattern", pattern)])
        assert [d["slug"] for d in valuesets.symptom_types_of(edition(one, pattern, symptom), one)] == ["ache"]

    def test_ids_are_short_enough(self):
        long = item(slug="x" * 100)
        assert all(len(entry["id"]) <= 64 for entry in valuesets.value_sets(edition(long)))


class TestConceptMaps:
    @pytest.mark.parametrize(
        ("match", "equivalence"),
        [
            ("exact", "equivalent"),
            ("close", "inexact"),
            ("broad", "wider"),
            ("narrow", "narrower"),
            ("related", "relatedto"),
        ],
    )
    def test_a_broad_match_is_a_wider_target(self, match, equivalence):
        one = item(codings=[coding("M79.7", match)])
        target = conceptmaps.concept_maps(edition(one))[0]["group"][0]["element"][0]["target"][0]
        assert (target["equivalence"], target["code"]) == (equivalence, "M79.7")
        assert target["comment"]

    def test_looked_for_and_not_there_is_unmatched(self):
        one = item(codings=[coding(None, "none", note="Looked everywhere.")])
        target = conceptmaps.concept_maps(edition(one))[0]["group"][0]["element"][0]["target"][0]
        assert (target["equivalence"], "code" in target) == ("unmatched", False)
        assert "Looked everywhere." in target["comment"]

    def test_no_code_of_its_own_is_a_remark_on_the_codes_it_has(self):
        one = item(codings=[coding("M79.7", "broad"), coding(None, "none", note="None of its own.")])
        targets = conceptmaps.concept_maps(edition(one))[0]["group"][0]["element"][0]["target"]
        assert [target["equivalence"] for target in targets] == ["wider"]
        assert "None of its own." in targets[0]["comment"]

    def test_codes_read_in_two_releases_stand_in_two_groups(self):
        one = item(codings=[coding("A", "exact"), coding("B", "exact", version="2027")])
        groups = conceptmaps.concept_maps(edition(one))[0]["group"]
        assert [(g["targetVersion"], g["element"][0]["target"][0]["code"]) for g in groups] == [
            ("2026", "A"),
            ("2027", "B"),
        ]


class TestComposition:
    SOURCE = {
        "slug": "s",
        "type": "article",
        "evidence_level": "cohort",
        "note": None,
        "title": "A <work>",
        "authors": ["A. Author"],
        "organisation": None,
        "container": "Journal",
        "year": 2020,
        "url": None,
        "doi": "10.1/x",
        "pmid": "1",
        "volume": None,
        "issue": None,
        "pages": None,
        "accessed_on": None,
        "retracted": True,
    }

    def made(self, **changes):
        one = item(**changes)
        return composition.composition(edition(one), one)

    def test_what_is_not_covered_is_a_section_that_says_so(self):
        silent = {"aspect": "red_flags", "label": "Red flags", "text": "This source does not cover red flags."}
        section = self.made(not_covered=[silent])["section"][-1]
        assert section["title"] == "Not covered"
        inner = section["section"][0]
        assert inner["emptyReason"]["coding"][0]["code"] == "unavailable"
        assert "does not cover red flags" in inner["text"]["div"]

    def test_every_statement_shows_its_likelihood_and_its_sources(self):
        statement = {
            "aspect": "mechanism",
            "clinical": "Signals are amplified.",
            "plain": "Pain is turned up.",
            "assertion": "stated",
            "likelihood": "hypothesis",
            "evidence": "cohort",
            "layer": "source_text",
            "population": None,
            "frequency": "often",
            "citations": [{"source": "s", "locator": "page 2"}],
        }
        made = self.made(statements=[statement], sources=[self.SOURCE])
        section = next(section for section in made["section"] if section["title"] == "Mechanism")
        for said in ("Pain is turned up.", "Signals are amplified.", "Likelihood: hypothesis", "often", "[1, page 2]"):
            assert said in section["text"]["div"]

    def test_sources_are_related_artifacts_and_links(self):
        made = self.made(sources=[self.SOURCE])
        artifact = made["extension"][-1]["valueRelatedArtifact"]
        assert (artifact["type"], artifact["url"]) == ("citation", "https://doi.org/10.1/x")
        assert artifact["citation"].endswith("RETRACTED.")
        assert 'href="https://doi.org/10.1/x"' in made["section"][-1]["text"]["div"]

    def test_the_view_of_a_source_and_what_must_stand_beside_are_said(self):
        other, beside = item(slug="other"), item(slug="beside")
        relations = [relation("is_kind_of", other, attributed=True, display_with=beside, likelihood="proposed")]
        one = item(relations=relations)
        made = composition.composition(edition(one, other, beside), one)
        said = next(section for section in made["section"] if section["title"] == "Relationships")["text"]["div"]
        assert "the view of the cited sources" in said
        assert "see also Beside" in said
        assert "likelihood: proposed" in said

    def test_words_are_never_markup(self):
        made = self.made(summary={"clinical": "a < b & c", "plain": "<script>alert(1)</script>\x00", "citations": []})
        for section in made["section"]:
            ElementTree.fromstring(section["text"]["div"])  # noqa: S314 - our own output
        assert "<script>" not in str(made)
        assert "&lt;script&gt;" in str(made)

    def test_notices_come_first(self):
        assert self.made()["section"][0]["title"] == "Please read first"

    def test_a_document_is_the_same_until_something_changes(self):
        one = item()
        again = copy.deepcopy(one)
        assert composition.document_bundle(edition(one), one, "http://x") == composition.document_bundle(
            edition(again), again, "http://x"
        )


class TestNarrative:
    def test_only_listed_elements_can_be_made(self):
        with pytest.raises(ValueError, match="script"):
            narrative.element("script")

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.example", "", "ftp://x"])
    def test_only_web_addresses_become_links(self, address):
        assert "<a" not in narrative.link(address, "words")

    def test_a_narrative_without_content_is_none(self):
        with pytest.raises(ValueError, match="content"):
            narrative.narrative(narrative.items([]))
