"""Whatever is sent to a service is read or refused: bodies, calls, feedback; and cards hold what they were given."""

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_app.delivery.cds_hooks.asking import check_feedback, read_codes
from content_app.delivery.cds_hooks.body import Refused, read_json
from content_app.delivery.cds_hooks.cards import Match, plain, to_cards
from content_app.delivery.cds_hooks.services import SERVICES
from content_app.delivery.store.place import Place

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3),
    max_leaves=12,
)
CODING = st.fixed_dictionaries({}, optional={"system": ANYTHING, "code": ANYTHING})
CONCEPT = ANYTHING | st.fixed_dictionaries({"coding": ANYTHING | st.lists(CODING | ANYTHING, max_size=3)})
CONDITION = ANYTHING | st.fixed_dictionaries(
    {"resourceType": st.just("Condition"), "code": CONCEPT},
    optional={"clinicalStatus": CONCEPT, "verificationStatus": CONCEPT},
)
ENTRY = st.fixed_dictionaries({"resource": CONDITION})
BUNDLE = ANYTHING | st.fixed_dictionaries({"entry": st.lists(ENTRY, max_size=3)})
WHERE = Place("https://amps.example", 3, False, datetime.date(2026, 11, 23))


def document(number: int, name: str = "", **changes):
    return {
        "id": f"00000000-0000-0000-0000-{number:012}",
        "kind": "condition",
        "name": name or f"Condition {number}",
        "summary": {"clinical": "It is *one* of <them>."},
        "not_covered": [],
        "notices": [{"text": "Not a diagnosis."}],
        "relations": [],
        "review": {
            "state": "clinically_reviewed",
            "reviewer_role": "Rheumatologist",
            "reviewed_on": "2026-01-01",
            "review_due_on": "2027-01-01",
        },
        "meta": {"version": 1, "release": 3},
        "licence": {"attribution": "AMPS API"},
        "links": {"self": f"/api/v1/conditions/{number}/"},
    } | changes


def coding(code="G1", match="exact", note=None):
    return {"system": "icd-10-cm", "system_uri": "u", "code": code, "display": None, "match": match, "note": note}


def not_the_same_as(number: int):
    return [{"predicate": "not_the_same_as", "object": {"id": document(number)["id"]}, "note": "Mind *this*."}]


def result_of(function, *arguments):
    """What the function returns, or the status it refuses with; the outcome can be sent in either case."""
    try:
        return function(*arguments)
    except Refused as refused:
        json.dumps(refused.to_outcome(), ensure_ascii=False).encode()
        return refused.status


@given(st.binary(max_size=200) | st.text(max_size=50).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(body):
    result = result_of(read_json, body)
    assert result == 400 or isinstance(result, dict)


@given(bundle=BUNDLE, service=st.sampled_from(list(SERVICES.values())))
def test_any_conditions_are_read_or_refused(bundle, service):
    call = {
        "hook": service.hook,
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "1", "conditions": bundle},
        "prefetch": {"conditions": bundle},
    }
    result = result_of(read_codes, call, service)
    assert result in (400, 412) or all(isinstance(part, str) for code in result for part in code)


@given(st.dictionaries(st.sampled_from(["feedback", "x"]), ANYTHING))
def test_any_feedback_is_taken_or_refused(body):
    assert result_of(check_feedback, body) in (None, 400)


def test_text_of_the_content_is_no_markup_of_the_card():
    assert plain("a *b* <c> [d](e)\n# f") == "a \\*b\\* \\<c\\> \\[d\\](e) \\# f"
    (card,) = to_cards([Match(document(1), coding())], WHERE)
    assert "It is \\*one\\* of \\<them\\>." in card["detail"]


def test_a_card_names_only_the_missing_aspects_that_readers_must_be_told():
    missing = [
        {"label": "Red flags", "must_show": True, "text": "t"},
        {"label": "Coding", "must_show": False, "text": "t"},
    ]
    (card,) = to_cards([Match(document(1, not_covered=missing), coding())], WHERE)
    assert "Not covered: red flags." in card["detail"]


def test_a_code_that_means_something_leaves_out_what_it_is_only_near_to():
    matches = [Match(document(1), coding()), Match(document(2), coding(match="broad"))]
    (card,) = to_cards(matches, WHERE)
    assert [link["label"] for link in card["links"]] == ["Condition 1"]


@pytest.mark.parametrize("match", ["broad", "related"])
def test_what_codes_are_only_near_to_brings_no_card(match):
    assert to_cards([Match(document(2), coding("G2", match))], WHERE) == []


def test_a_symptom_brings_no_card():
    assert to_cards([Match(document(1, kind="symptom_type"), coding())], WHERE) == []


def test_links_stand_by_name_whatever_the_match():
    matches = [Match(document(1, "Zoster"), coding("G1")), Match(document(2, "Ache"), coding("G2", "narrow"))]
    (card,) = to_cards(matches, WHERE)
    assert [link["label"] for link in card["links"]] == ["Ache", "Zoster"]


@pytest.mark.parametrize(
    ("first", "second", "is_confused"),
    [
        (coding("G1"), coding("G2"), True),
        (coding("G1"), coding("G1", "broad"), True),
        (coding("G1", "broad"), coding("G2", "related"), True),
        (coding("G1", "broad"), coding("G1", "related"), False),
    ],
)
def test_a_caution_needs_two_codes_or_one_that_means_one_of_them(first, second, is_confused):
    one, other = document(1, relations=not_the_same_as(2)), document(2)
    cards = to_cards([Match(one, first), Match(other, second)], WHERE)
    cautions = [card for card in cards if card["summary"] == "Not the same: Condition 1 and Condition 2"]
    assert (len(cautions) == 1) is is_confused
    if is_confused:
        assert "Mind \\*this\\*." in cautions[0]["detail"]
        assert cautions[0]["source"]["topic"]["code"] == "not_the_same_as"


def test_a_related_code_with_a_warning_of_editors_is_a_caution():
    cards = to_cards([Match(document(1), coding("M89.0", "related", "Do not treat it as such."))], WHERE)
    (caution,) = cards
    assert caution["summary"] == "M89.0 is not a code for Condition 1"
    assert "Do not treat it as such." in caution["detail"]


def test_a_long_name_does_not_make_a_long_summary():
    matches = [Match(document(number, "N" * 60 + str(number)), coding(f"G{number}")) for number in range(6)]
    matches[0].document["relations"] = not_the_same_as(1)
    cards = to_cards(matches, WHERE)
    assert len(cards) == 2
    assert all(len(card["summary"]) < 140 and len(card["links"]) <= 4 for card in cards)


def test_an_overdue_review_is_said_on_the_card():
    late = Place("https://amps.example", 3, True, datetime.date(2027, 1, 2))
    (card,) = to_cards([Match(document(1), coding())], late)
    assert "This review is overdue." in card["detail"]
    assert card["links"][0]["url"] == "https://amps.example/api/v1/conditions/1.html?release=3"
