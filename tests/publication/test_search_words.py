"""Words as search compares them, what they may have meant, and excerpts. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_app.delivery.search.excerpts import pieces
from content_app.publication.index.edit_distance import distance, shortened
from content_app.publication.index.words import compounds, fold, stem, tokens, whole

SAME = [
    ("colour", "color"), ("tumours", "tumor"), ("anaesthesia", "anesthesia"), ("oedema", "edema"),
    ("paediatric", "pediatric"), ("orthopaedic", "orthopedic"), ("centre", "center"), ("fibres", "fiber"),
    ("sensitisation", "sensitization"), ("localised", "localized"), ("paralysed", "paralyzed"),
    ("signalling", "signaling"), ("behaviour", "behavior"), ("oestrogen", "estrogen"), ("diarrhoea", "diarrhea"),
    ("programme", "program"), ("grey", "gray"), ("ageing", "aging"), ("defence", "defense"),
    ("injury", "injuries"), ("ache", "aches"), ("ache", "aching"), ("swell", "swelling"), ("swelling", "swollen"),
    ("touch", "touches"), ("touch", "touched"), ("body", "bodies"), ("foot", "feet"), ("child", "children"),
    ("diagnosis", "diagnoses"), ("muscle", "muscles"), ("sudden", "suddenly"), ("bleed", "bleeding"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_both_spellings_and_all_forms_of_a_word_are_the_same(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("hot", "cold"), ("hand", "hound"), ("nerve", "never"), ("hour", "hor")])
def test_different_words_stay_different(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Sjögren’s", "sjogrens"), ("can't", "cant"), ("ＣＲＰＳ", "crps"), ("ﬁbro", "fibro"), ("STRASSE", "strasse"),
     ("straße", "strasse"), ("naïve", "naive"), ("Ⅳ", "iv"), ("Œdème", "oedeme"), ("cæcum", "caecum")],
)  # fmt: skip
def test_case_accents_and_apostrophes_are_folded(written, folded):
    assert fold(written) == folded


def test_a_ligature_is_the_two_letters_that_it_joins():
    assert stem(fold("œdema")) == stem("oedema") == stem("edema")


@pytest.mark.parametrize(
    ("name", "part"),
    [("纤维肌痛综合征", "纤维肌痛"), ("線維筋痛症", "筋痛"), ("ปวดเรื้อรัง", "เรื้อรัง")],
)
def test_part_of_a_name_without_spaces_is_made_of_words_of_the_name(name, part):
    words = [token.surface for token in tokens(part)]
    assert len(words) > 1
    assert " ".join(words) in " ".join(token.surface for token in tokens(name))


def test_what_a_hyphen_joins_is_also_one_word():
    assert [one for _, one in compounds("an ice-cold hand - cold", tokens("an ice-cold hand - cold"))] == ["icecold"]
    assert whole("Touch-evoked pain") == whole("touch evoked pains")


@given(st.text(max_size=200))
def test_any_text_has_words_of_letters_and_digits_in_bounds(text):
    for token in tokens(text):
        assert token.surface.isalnum()
        assert token.stem.isalnum()
        assert len(token.stem) <= 41
        assert 0 <= token.start < token.end <= len(text)


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=8), max_size=4))
def test_an_excerpt_holds_the_text_and_nothing_else(text, stems):
    found = pieces(text, stems)
    shown = "".join(piece["text"] for piece in found).removeprefix("… ").removesuffix(" …")
    assert shown.strip() in text or "…" in text


def test_an_excerpt_of_a_long_text_is_cut_to_the_match():
    text = "word " * 200 + "allodynia " + "word " * 200
    found = pieces(text, ["allodynia"])
    assert {"text": "allodynia", "is_match": True} in found
    assert sum(len(piece["text"]) for piece in found) < 260


@given(st.text("abcd", min_size=4, max_size=8), st.text("abcd", min_size=4, max_size=8))
def test_words_one_letter_apart_share_a_shortened_form(one, other):
    if distance(one, other, 2) <= 1:
        assert shortened(one, 1) & shortened(other, 1)
    assert distance(one, other, 2) == distance(other, one, 2)
