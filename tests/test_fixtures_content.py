"""What the first content must keep to: provenance, silence where the sources are silent, and its own words.

Reads the files under `fixtures/` as plain YAML. No Django, no database, no network.
"""

import hashlib
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from content_app.manuscripts.schema import SCHEMAS_BY_KIND
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import ASPECTS

TESTS = Path(__file__).parent
FILES = sorted((TESTS.parent / "fixtures").rglob("*.yaml"))
DOCUMENTS = {file: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}
ITEMS = {f"{d['kind']}/{d['slug']}": d for d in DOCUMENTS.values() if d["kind"] not in ("source", "coding_pack")}
SOURCES = {d["slug"]: d for d in DOCUMENTS.values() if d["kind"] == "source"}
INVENTORY = json.loads((TESTS / "inventory_relations.json").read_text(encoding="utf-8"))
SOURCE_RUNS = set(json.loads((TESTS / "source_text_four_word_runs.json").read_text(encoding="utf-8")))

AMPS = "condition/amplified-musculoskeletal-pain-syndrome"
CRPS = "condition/complex-regional-pain-syndrome"
JUVENILE_FIBROMYALGIA, FIBROMYALGIA = "condition/juvenile-fibromyalgia", "condition/fibromyalgia"
CONDITIONS = {AMPS, CRPS, JUVENILE_FIBROMYALGIA, FIBROMYALGIA}
LAY_TEXT = "what-is-amps"
SENTENCES = {1: 3, 2: 5, 3: 5, 4: 5, 5: 6}  # by paragraph
LOCATORS = {f"paragraph {p}, sentence {s}" for p, last in SENTENCES.items() for s in range(1, last + 1)} | {"title"}

# Every aspect on which the lay text says nothing.
SPOKEN_OF = ["overview", "mechanism", "cause", "normal_function", "symptoms", "onset_and_course", "who_is_affected"]
SPOKEN_OF += ["presentation", "related_conditions", "impact", "lived_experience", "terminology", "classification"]
SILENT_ASPECTS = set(ASPECTS) - set(SPOKEN_OF)
NEEDED_BY_SYMPTOMS = {"diagnosis", "differential", "red_flags", "treatment"}
SIGNS_THAT_OVERLAP = {"swelling", "skin-hot", "skin-cold", "skin-temperature-change", "skin-redness", "skin-pallor"}
SIGNS_THAT_OVERLAP |= {"skin-mottling", "skin-colour-change", "skin-change"}
EXAMPLE_TEXTS = ["trigger", "context", "expected_response", "amplified_response"]
EXAMPLE_TEXTS += ["analogy_source", "analogy_target", "limits"]

# Openings of words on which the lay text is silent and drug names.
SILENT_WORDS = re.compile(
    r"\b(prevalen|inciden|ethnic|gender|girl|boys?\b|genetic|heredit|inherit|risk|predispos|stress|mood|anxi|depress"
    r"|famil|school|parent|illness behav|fatigue|tired|sleep|headache|gut\b|stomach|memory|attention|concentration"
    r"|walk|disab|disuse|limp|criteria|diagnos|examin|tests?\b|imaging|scan|doctor|differential|red flag|urgent"
    r"|emergenc|treat|therap|physio|medic|drug|tablet|dose|rehab|exercise|psycholog|self-care|prognos|remission"
    r"|relaps|recover|cure|outcome|complication|prevent|neurotransmitter|receptor|serotonin|dopamine|glutamate"
    r"|cortisol|months?\b|years?\b|percent"
    r"|paracetamol|acetaminophen|ibuprofen|naproxen|aspirin|opioid|morphine|tramadol|gabapentin|pregabalin"
    r"|amitriptyline|duloxetine|ketamine|lidocaine)",
    re.IGNORECASE,
)
CLINICAL_TERMS = re.compile(
    r"hyperhidrosis|anhidrosis|allodynia|hyperalgesia|\bcentral|\bautonomic|nociplastic|sensiti[sz]ation|erythema|livedo",
    re.IGNORECASE,
)
FIGURES_OF_SPEECH = re.compile(r"\b(loud)?speakers?\b|\bvolume\b|\bbetray", re.IGNORECASE)

# Fixed terms that also stand in the lay text and cannot be said otherwise.
FIXED_TERMS = {
    "amplified musculoskeletal pain syndrome",
    "complex regional pain syndrome",
    "musculoskeletal pain syndrome amps",
}
LONG_NAMES = re.compile(
    r"complex regional pain syndrome|amplified musculoskeletal pain syndrome|reflex sympathetic dystrophy"
    r"|juvenile (primary )?fibromyalgia( syndrome)?",
    re.IGNORECASE,
)
HARDEST_GRADE = 10


def rests_on_lay_text(citations):
    return bool(citations) and all(citation["source"] == LAY_TEXT for citation in citations)


def all_citations():
    for item in ITEMS.values():
        yield from item.get("citations", [])
        for entry in [*item.get("names", []), *item.get("statements", []), *item.get("relations", [])]:
            yield from entry.get("citations", [])


def all_statements():
    return ((reference, statement) for reference, item in ITEMS.items() for statement in item.get("statements", []))


def all_relations():
    return ((reference, relation) for reference, item in ITEMS.items() for relation in item.get("relations", []))


def lay_texts():
    """Every text that rests on the lay text alone: summaries, example fields, statements and relation notes."""
    for reference, item in ITEMS.items():
        if rests_on_lay_text(item["citations"]):
            yield from ((reference, text) for text in item["summary"].values())
            yield from ((reference, item[field]) for field in EXAMPLE_TEXTS if field in item)
        for statement in item.get("statements", []):
            if rests_on_lay_text(statement["citations"]):
                yield from ((reference, statement[audience]) for audience in ("clinical", "plain"))
        for relation in item.get("relations", []):
            if rests_on_lay_text(relation["citations"]) and "note" in relation:
                yield reference, relation["note"]


def plain_texts():
    for reference, item in ITEMS.items():
        yield reference, item["summary"]["plain"]
        yield from ((reference, statement["plain"]) for statement in item.get("statements", []))


def stored_texts(value):
    """Every string below `value` that is text, not an identifier, an address or a place in a source."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for entry in value:
            yield from stored_texts(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key not in ("uuid", "slug", "source", "locator", "url", "uri"):
                yield from stored_texts(entry)


def four_word_runs(text):
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’‘`]", "", text.casefold()))
    return {" ".join(words[start : start + 4]) for start in range(len(words) - 3)}


def fingerprint(run):
    return hashlib.sha256(run.encode()).hexdigest()[:16]


def reading_grade(text):
    """Automated readability index, with long medical names counted as two short words."""
    text = LONG_NAMES.sub("pain condition", text)
    words = re.findall(r"[\w'’-]+", text)
    sentences = len(re.findall(r"[.!?…]+(?:\s|$)", text)) or 1
    return 4.71 * sum(map(len, words)) / len(words) + 0.5 * len(words) / sentences - 21.43


def relations_of(reference, predicate):
    return [relation for relation in ITEMS[reference].get("relations", []) if relation["predicate"] == predicate]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_each_file_fits_the_schema_of_its_kind(file):
    document = DOCUMENTS[file]
    checker = jsonschema.FormatChecker()
    validator = jsonschema.Draft202012Validator(SCHEMAS_BY_KIND[document["kind"]], format_checker=checker)

    assert [error.message for error in validator.iter_errors(document)] == []


def test_no_identifier_is_used_twice():
    uuids = [document["uuid"] for document in DOCUMENTS.values() if "uuid" in document]
    uuids += [statement["uuid"] for _, statement in all_statements()]

    assert len(uuids) == len(set(uuids))


def test_every_summary_statement_and_relation_has_a_citation():
    uncited = [reference for reference, item in ITEMS.items() if not item.get("citations")]
    uncited += [statement["uuid"] for _, statement in all_statements() if not statement.get("citations")]
    uncited += [(reference, r["object"]) for reference, r in all_relations() if not r.get("citations")]

    assert uncited == []


def test_every_clinical_term_has_a_published_citation():
    terms = [name for item in ITEMS.values() for name in item.get("names", []) if name["type"] == "clinical_term"]

    assert terms
    assert [n["text"] for n in terms if not n.get("citations") or rests_on_lay_text(n["citations"])] == []


def test_every_citation_names_a_source_that_exists():
    assert {citation["source"] for citation in all_citations()} - SOURCES.keys() == set()


def test_every_relation_leads_to_an_item_that_exists():
    ends = {relation[end] for _, relation in all_relations() for end in ("object", "display_with") if end in relation}

    assert ends - ITEMS.keys() == set()


def test_a_relation_is_stored_once_and_a_symmetric_one_on_one_side_only():
    triples = [(reference, r["predicate"], r["object"]) for reference, r in all_relations()]
    mirrored = {(s, p, o) for s, p, o in triples if PREDICATES[p].is_symmetric and (o, p, s) in triples}

    assert len(triples) == len(set(triples))
    assert mirrored == set()


def test_every_locator_of_the_lay_text_exists_and_each_is_cited():
    cited = {citation.get("locator") for citation in all_citations() if citation["source"] == LAY_TEXT}

    assert cited == LOCATORS


def test_every_locator_of_the_lay_text_is_carried_by_a_statement():
    carried = {c["locator"] for _, s in all_statements() for c in s["citations"] if c["source"] == LAY_TEXT}

    assert carried == LOCATORS


def test_a_statement_rests_on_the_lay_text_or_on_published_sources_but_never_on_both():
    mixed = [
        statement["uuid"]
        for _, statement in all_statements()
        if LAY_TEXT in {citation["source"] for citation in statement["citations"]}
        and not rests_on_lay_text(statement["citations"])
    ]

    assert mixed == []


def test_the_cause_of_amps_is_unknown_and_of_the_others_not_stated():
    statuses = {r: item["cause_status"] for r, item in ITEMS.items() if item["kind"] == "condition"}

    assert statuses.pop(AMPS) == "unknown"
    assert set(statuses.values()) == {"not_stated"}


def test_every_mechanism_of_amps_is_shown_with_its_certainty_and_the_unknown_cause():
    mechanisms = relations_of(AMPS, "has_mechanism")

    assert len(mechanisms) == 7
    assert {relation["display_with"] for relation in mechanisms} == {"concept/cause-unknown"}
    assert {relation["certainty"] for relation in mechanisms} == {"proposed", "likely", "hypothesis"}


@pytest.mark.parametrize("reference", [AMPS, *(r for r, item in ITEMS.items() if item.get("topic") == "mechanism")])
def test_whoever_speaks_of_mechanisms_also_says_that_the_cause_is_unknown(reference):
    unknown = [s for s in ITEMS[reference]["statements"] if (s["aspect"], s["certainty"]) == ("cause", "unknown")]

    assert [citation["locator"] for citation in unknown[0]["citations"]] == ["paragraph 4, sentence 1"]


def test_no_mechanism_statement_from_the_lay_text_is_called_established():
    certain = [
        statement["clinical"]
        for _, statement in all_statements()
        if statement["aspect"] == "mechanism" and statement["certainty"] == "established"
    ]

    assert certain == []


def test_no_text_that_rests_on_the_lay_text_has_a_digit():
    assert [(reference, text) for reference, text in lay_texts() if re.search(r"\d", text)] == []


def test_no_text_that_rests_on_the_lay_text_speaks_of_what_it_is_silent_on():
    assert [(reference, text) for reference, text in lay_texts() if SILENT_WORDS.search(text)] == []


def test_no_text_that_rests_on_the_lay_text_uses_a_clinical_term_the_lay_text_does_not_use():
    assert [(reference, text) for reference, text in lay_texts() if CLINICAL_TERMS.search(text)] == []


def test_analogies_make_no_statements_and_say_where_they_end():
    analogies = [item for item in ITEMS.values() if item.get("form") == "analogy"]

    assert {item["slug"] for item in analogies} == {"loudspeaker-volume", "body-turned-disloyal"}
    assert not any(item.get("statements") for item in analogies)
    assert all(item["analogy_source"] and item["analogy_target"] and item["limits"] for item in analogies)


def test_the_figures_of_speech_stand_in_no_condition_concept_symptom_or_statement():
    texts = [(reference, statement[a]) for reference, statement in all_statements() for a in ("clinical", "plain")]
    for reference, item in ITEMS.items():
        if item["kind"] != "example":
            own = {key: value for key, value in item.items() if key not in ("name", "relations", "codings")}
            texts += [(reference, text) for text in [*stored_texts(own), item["name"]]]
    named_exception = ("concept/feeling-of-bodily-betrayal", "Feeling betrayed by one’s body")

    assert {(r, text) for r, text in texts if FIGURES_OF_SPEECH.search(text)} == {named_exception}


def test_the_feeling_of_betrayal_is_an_experience_and_no_clinical_finding():
    item = ITEMS["concept/feeling-of-bodily-betrayal"]

    assert item["topic"] == "lived_experience"
    assert {statement["aspect"] for statement in item["statements"]} == {"lived_experience"}
    assert {r["modality"] for _, r in all_relations() if r["object"] == "concept/feeling-of-bodily-betrayal"} == {
        "experiential"
    }


def test_juvenile_fibromyalgia_and_fibromyalgia_are_two_items_that_are_not_the_same():
    assert ITEMS[JUVENILE_FIBROMYALGIA]["uuid"] != ITEMS[FIBROMYALGIA]["uuid"]
    assert FIBROMYALGIA in {r["object"] for r in relations_of(JUVENILE_FIBROMYALGIA, "not_the_same_as")}


def test_juvenile_fibromyalgia_is_a_kind_of_fibromyalgia_only_in_the_view_of_published_sources():
    (relation,) = relations_of(JUVENILE_FIBROMYALGIA, "is_kind_of")

    assert relation["object"] == FIBROMYALGIA
    assert relation["attributed"] is True
    assert LAY_TEXT not in {citation["source"] for citation in relation["citations"]}


def test_amps_is_a_kind_of_nothing_and_nothing_is_a_kind_of_amps():
    assert relations_of(AMPS, "is_kind_of") == []
    assert ("is_kind_of", AMPS) not in {(r["predicate"], r["object"]) for _, r in all_relations()}


def test_the_umbrella_usage_is_always_attributed_to_published_sources():
    umbrella = [relation for _, relation in all_relations() if relation["predicate"] == "umbrella_for"]

    assert {relation["object"] for relation in umbrella} == {CRPS, JUVENILE_FIBROMYALGIA}
    assert all(relation["attributed"] and relation["note"] for relation in umbrella)
    assert not any(rests_on_lay_text(relation["citations"]) for relation in umbrella)


@pytest.mark.parametrize("reference", sorted(CONDITIONS))
def test_each_condition_names_every_topic_its_lay_source_is_silent_on(reference):
    assert set(ITEMS[reference]["not_covered"]) == SILENT_ASPECTS


def test_each_symptom_type_says_that_help_diagnosis_and_treatment_are_not_covered():
    symptom_types = (item for item in ITEMS.values() if item["kind"] == "symptom_type")
    assert [item["slug"] for item in symptom_types if NEEDED_BY_SYMPTOMS - set(item["not_covered"])] == []


def test_the_signs_that_overlap_with_other_illness_and_the_conditions_carry_a_caution():
    signs = {f"symptom_type/{slug}" for slug in SIGNS_THAT_OVERLAP}

    assert {reference for reference, item in ITEMS.items() if item.get("caution")} == CONDITIONS | signs
    assert not any("safety_notice" in item for item in ITEMS.values())  # none of it is news


def test_the_direction_of_sweating_and_of_blood_flow_is_left_open():
    for slug in ("sweating-change", "blood-flow-change"):
        item = ITEMS[f"symptom_type/{slug}"]

        assert item["observation"] == "function"
        assert "not stated" in item["summary"]["clinical"]


def test_no_four_word_run_of_the_lay_text_stands_in_any_stored_text():
    copied = {
        (document["slug"], run)
        for document in DOCUMENTS.values()
        for text in stored_texts({key: value for key, value in document.items() if key != "kind"})
        for run in four_word_runs(text) - FIXED_TERMS
        if fingerprint(run) in SOURCE_RUNS
    }

    assert copied == set()


def test_the_fixed_terms_are_in_the_lay_text_so_that_the_run_check_is_alive():
    assert {fingerprint(term) for term in FIXED_TERMS} <= SOURCE_RUNS


def test_every_item_of_the_inventory_is_there_and_no_other():
    assert set(INVENTORY["items"]) == set(ITEMS)
    assert len(INVENTORY["items"]) == 83


def test_every_relation_of_the_inventory_is_there():
    stored = {(reference, relation["predicate"], relation["object"]) for reference, relation in all_relations()}

    assert len(INVENTORY["relations"]) == 111
    assert {tuple(triple) for triple in INVENTORY["relations"]} - stored == set()


def test_causal_relations_carry_a_certainty_and_none_is_called_established():
    causal = {"has_mechanism", "leads_to", "disturbs", "worsens", "affects_function", "manifests_as"}
    certainties = {r.get("certainty") for _, r in all_relations() if r["predicate"] in causal}

    assert certainties == {"proposed", "likely", "hypothesis"}


def test_the_plain_texts_are_plain():
    hard = [(reference, text) for reference, text in plain_texts() if reading_grade(text) > HARDEST_GRADE]
    above_goal = [text for _, text in plain_texts() if reading_grade(text) > 8]

    assert hard == []
    assert len(above_goal) <= len(list(plain_texts())) // 20


def test_the_lay_text_is_recorded_as_unreferenced():
    source = SOURCES[LAY_TEXT]

    assert (source["type"], source["evidence_level"]) == ("lay_text", "unreferenced_lay_text")
    assert not {"authors", "year", "organisation", "url"} & source.keys()


def test_the_guideline_for_people_over_sixteen_says_so():
    assert "over 16" in SOURCES["nice-ng193"]["note"]
