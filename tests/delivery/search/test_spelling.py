"""What a misspelt word may have meant, among the words that a release knows."""

import pytest

from content_app.delivery.search.spelling import meant
from content_app.publication.index import indexing

pytestmark = pytest.mark.django_db


def know(*words: str, release: int = 1, in_names: bool = True) -> None:
    indexing.learn_words(set(words), set(words) if in_names else set(), release)


@pytest.mark.parametrize(
    "typed", ["allodynia", "alodynia", "allodyniaa", "allodinia", "alldoynia", "llodynia", "allodiniya"]
)
def test_one_or_two_wrong_letters_are_forgiven(typed):
    know("allodynia", "hyperalgesia", "pain")
    assert meant(typed, 1) == ("allodynia",)


def test_words_written_as_one_are_parted():
    know("back", "pain", "backpack")
    assert meant("backpain", 1) == ("back", "pain")


def test_a_word_of_a_later_release_is_not_known_yet():
    know("hyperalgesia", in_names=False)
    know("allodynia", release=2)
    assert meant("alodynia", 1) == ()
    assert meant("alodynia", 2) == ("allodynia",)


def test_two_wrong_letters_are_forgiven_once_a_word_is_in_a_name():
    know("allodynia", in_names=False)
    know("allodynia", release=2)
    assert meant("alodinia", 1) == ()
    assert meant("alodinia", 2) == ("allodynia",)
