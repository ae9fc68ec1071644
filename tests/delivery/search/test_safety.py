"""What worried parents and clinicians type gets a safe and true first answer, at every door that searches."""

import json

import pytest

from content_app.delivery.mcp import tools
from content_app.delivery.search.recognised import recognise
from content_app.vocabulary.aspect_words import ASPECT_WORDS
from content_app.vocabulary.terms import ASPECTS
from content_app.vocabulary.warning_signs import WARNING_SIGNS

# What is typed, and the warning sign that must be answered first.
WARNINGS = {
    "fever": "fever",
    "my daughter has a fever and her knee hurts": "fever",
    "fevr": "fever",
    "night pain": "night_pain",
    "pain wakes him at night": "night_pain",
    "leg pain at night": "night_pain",
    "night sweats": "night_sweats",
    "weight loss": "weight_loss",
    "she has lost weight": "weight_loss",
    "lump": "lump",
    "a lump on his leg": "lump",
    "could it be cancer": "lump",
    "limp": "limp",
    "child is limping": "limp",
    "won't walk": "not_walking",
    "can't move my arm": "not_moving",
    "pallor": "pallor",
    "bruising": "bruising",
    "swollen glands": "swollen_glands",
    "one hot swollen joint": "hot_joint",
    "numbness": "numbness",
    "weakness in both legs": "weakness",
    "rash": "rash",
    "back pain with fever": "fever",
    "bladder trouble": "bladder_or_bowel",
    "self-harm": "self_harm",
    "I want to die": "self_harm",
    "loss of appetite": "loss_of_appetite",
    "chest pain": "breathing_or_chest",
}
# What is typed, and the aspect that must be answered as a hit of its own.
ASKED = {
    "treatment": "treatment",
    "physiotherapy": "treatment",
    "physio": "treatment",
    "exercise": "treatment",
    "medicine": "treatment",
    "opioids": "treatment",
    "cure": "prognosis",
    "prognosis": "prognosis",
    "will it get better": "prognosis",
    "red flags": "red_flags",
    "warning signs": "red_flags",
    "diagnosis": "diagnosis",
    "blood test": "diagnosis",
    "school": "self_management",
    "how common is AMPS": "epidemiology",
    "is the pain real": "psychosocial_factors",
}


@pytest.mark.parametrize(("typed", "code"), WARNINGS.items())
def test_a_warning_sign_is_answered_first_with_when_to_seek_help(search, typed, code):
    (label,) = [sign.label for sign in WARNING_SIGNS if sign.code == code]

    found = search(typed)

    assert label in found["seek_help"]["signs"]
    assert "emergency" in found["seek_help"]["text"]
    assert list(found).index("seek_help") < list(found).index("results")


@pytest.mark.parametrize("typed", [typed for typed in WARNINGS if typed != "fevr"])
def test_no_word_of_a_warning_sign_is_corrected_or_left_out(search, typed):
    interpreted = search(typed)["interpreted_as"] or {"corrected": [], "left_out": []}

    kept = recognise(typed).kept
    assert not {entry["from"] for entry in interpreted["corrected"]} & kept
    assert interpreted["left_out"] == []


@pytest.mark.parametrize(("typed", "aspect"), ASKED.items())
def test_an_aspect_that_is_asked_for_is_answered_as_a_hit_of_its_own(search, typed, aspect):
    (answer,) = [entry for entry in search(typed)["aspects"] if entry["aspect"] == aspect]

    assert answer["items"]
    for entry in answer["items"]:
        assert entry["is_covered"] == bool(entry["statements"])
        assert entry["review_state"] == "not_clinically_reviewed"
    if any(entry["is_covered"] for entry in answer["items"]):
        assert "not been clinically reviewed" in answer["text"]
    else:
        assert "no reviewed content" in answer["text"]


def test_an_aspect_of_a_condition_is_answered_for_that_condition(search):
    (answer,) = search("treatment of AMPS")["aspects"]

    assert [entry["item"]["slug"] for entry in answer["items"]] == ["amplified-musculoskeletal-pain-syndrome"]


@pytest.mark.parametrize("typed", ["limb", "never", "light", "care", "bump", "redness", "skin", "touch", "shoulder"])
def test_a_word_near_a_warning_word_is_no_warning(typed):
    assert recognise(typed).signs == ()


@pytest.mark.parametrize("typed", ["fierce", "lamp", "hound", "rush", "pane", "wake", "tumble"])
def test_an_english_word_is_never_corrected_into_another(search, typed):
    interpreted = search(typed)["interpreted_as"]

    assert interpreted is None or interpreted["corrected"] == []


def test_a_misspelling_that_is_no_english_word_is_still_corrected(search):
    assert search("alodynia")["interpreted_as"]["corrected"] == [{"from": "alodynia", "to": "allodynia"}]


@pytest.mark.parametrize("sign", WARNING_SIGNS, ids=lambda sign: sign.code)
def test_every_phrase_of_every_warning_sign_is_recognised(sign):
    assert [phrase for phrase in sign.phrases if sign not in recognise(phrase).signs] == []


@pytest.mark.parametrize("code", ASPECTS)
def test_every_phrase_of_every_aspect_is_recognised_the_label_among_them(code):
    assert ASPECTS[code].label.lower() in ASPECT_WORDS[code]
    assert [phrase for phrase in ASPECT_WORDS[code] if code not in recognise(phrase).aspects] == []


def test_suggestions_say_when_to_seek_help_and_offer_aspects(suggest):
    assert suggest("fever")["seek_help"]["signs"] == ["fever"]
    assert suggest("fever")["interpreted_as"] is None
    assert suggest("treat")["aspects"] == [{"aspect": "treatment", "label": "Treatment"}]


def test_the_search_page_says_when_to_seek_help_above_everything_else(first_content, db, client):
    page = client.get("/library/search/", {"q": "night pain"}).content.decode()

    assert 'role="alert"' in page
    assert page.index("Ask a doctor") < page.index("<h2>")


def test_the_search_page_says_what_is_not_covered(first_content, db, client):
    page = client.get("/library/search/", {"q": "will it get better"}).content.decode()

    assert "Prognosis" in page


def test_a_model_that_searches_is_told_when_to_seek_help(first_content, db):
    assert tools.search("night pain")["seek_help"]["signs"] == ["pain at night or waking with pain"]
    assert [entry["aspect"] for entry in tools.search("physio")["aspects"]] == ["treatment"]


def test_an_expansion_that_is_filtered_by_a_warning_sign_carries_a_message(first_content, db, client):
    value_sets = client.get("/fhir/ValueSet", {"_elements": "url"}).json()["entry"]
    url = value_sets[0]["resource"]["url"]

    expansion = client.get("/fhir/ValueSet/$expand", {"url": url, "filter": "fever"}).json()["expansion"]

    assert expansion["parameter"][0]["name"] == "message"
    assert "emergency" in json.dumps(expansion["parameter"][0])


def test_thoughts_of_self_harm_are_answered_with_where_to_turn_now():
    assert "crisis line" in recognise("I want to kill myself").seek_help["text"]


def test_a_word_of_a_vocabulary_that_no_text_has_is_passed_over_when_some_words_are_enough(search):
    assert search("saddle widespread pain")["interpreted_as"]["words"] == "some"
