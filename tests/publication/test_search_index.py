"""The index: what publishing writes is what a rebuild writes; the engines find what reading everything finds."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.search_corpus import PLAIN, publish
from content_app.delivery.search import finding, question
from content_app.models import Document
from content_app.models.search import SearchEntry, SearchName, SearchStem, SearchTop, SearchWord
from content_app.publication.index import frequent, indexing, texts
from content_app.publication.index.engines import NAMES, PROSE, Match, engine
from content_app.publication.index.scoring import stems_of
from tests.search_library import releases, slugs
from tests.width import examples

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WORDS = [*PLAIN, "nothing", "swollen", "pains"]


def everything():
    """Every row of the index, without the keys that the database gives, and what its engine holds."""
    rows = {}
    for model in (SearchEntry, SearchName, SearchWord, SearchStem, SearchTop):
        columns = [field.attname for field in model._meta.fields if field.attname != "id"]
        rows[model.__name__] = sorted(model.objects.values_list(*columns), key=repr)
    stems = [row[0] for row in rows["SearchStem"]]
    held = {stem: [engine().holding(tier, Match(((stem,),))) for tier in (NAMES, PROSE)] for stem in stems}
    return rows | {"held": {stem: [sorted(places) for places in tiers] for stem, tiers in held.items()}}


def test_a_rebuilt_index_has_the_rows_that_publishing_wrote(made_up, db):
    published = everything()
    assert indexing.rebuild() == 3
    rebuilt = everything()
    assert published == rebuilt
    assert published["SearchTop"]


def test_the_index_holds_every_version_of_every_item_once(made_up):
    items = Document.objects.filter(tombstone_reason="").exclude(kind="source")
    assert set(SearchEntry.objects.values_list("document", flat=True)) == set(items.values_list("pk", flat=True))
    for entry in SearchEntry.objects.select_related("document"):
        assert entry.superseded_in == entry.document.superseded_in_id
        assert entry.first_release == entry.document.first_release_id


def test_a_library_that_had_no_index_is_indexed_whole_when_it_next_publishes(made_up, db):
    published = everything()
    for model in (SearchTop, SearchName, SearchEntry, SearchWord, SearchStem):
        model.objects.all().delete()
    indexing.index_release(3)
    assert everything() == published


def test_lists_of_common_words_stay_bounded(made_up):
    for stem in SearchStem.objects.filter(common_since__isnull=False):
        kept = SearchTop.objects.filter(stem=stem.stem, dropped_in=None)
        assert kept.count() == stem.listed <= frequent.LONGEST


def holding_all(stems, release):
    """Slugs of documents current in a release that have all stems, found by reading every document."""
    found = set()
    for document in Document.objects.filter(first_release__lte=release).exclude(superseded_in__lte=release):
        content = json.loads(bytes(document.body))
        held = set()
        for text in (*texts.names(content), *texts.prose(content)):
            held |= set(stems_of(text.text)[1])
        if set(stems) <= held:
            found.add(document.slug)
    return found


@pytest.mark.widens
@settings(max_examples=examples(6, 15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), release=st.sampled_from([1, 2, 3]))
def test_search_finds_what_reading_every_document_finds(made_up, db, words, release):
    asked = question.read({"q": " ".join(words)})
    expected = holding_all(asked.stems, release)
    found = finding.find(asked, release)
    places = [hit.place for hit in found.hits]
    rows = dict(SearchEntry.objects.filter(place__in=places).values_list("place", "document__slug"))
    if expected and not found.has_more:
        assert {rows[place] for place in places} == expected
    elif expected:
        assert {rows[place] for place in places} <= expected
        assert len(places) == finding.MOST < len(expected)
    else:
        assert not found.hits or found.is_partial or found.corrected or found.left_out


def test_what_a_past_release_answers_never_changes(search_made_up):
    def answers():
        asked = ["pain", "skin hand", "pian", "cold", "HP:0000007", "brain sleep child walk"]
        return [search_made_up(q, release=release, page_size=100) for q in asked for release in (1, 2, 3)]

    before = answers()
    made, _ = releases()[0]
    changed = [one | {"names": [*one["names"], {"text": "painful pains", "type": "synonym"}]} for one in made[60:100]]
    indexing.index_release(publish(changed).number)
    assert answers() == before
    assert search_made_up("painful pains")["release"] == 4


def test_only_what_is_current_in_a_release_is_found_in_it(search_made_up):
    for release in (1, 2, 3):
        for q in ("pain", "skin", "brain sleep"):
            current = Document.objects.filter(first_release__lte=release).exclude(superseded_in__lte=release)
            assert set(slugs(search_made_up(q, release=release, page_size=100))) <= set(
                current.values_list("slug", flat=True)
            )


def test_of_too_many_hits_the_total_says_more_than(search_made_up):
    answer = search_made_up("pain", page_size=100)
    assert answer["total"] == {"value": finding.MOST, "is_exact": False}
    assert {value["count"] for values in answer["facets"].values() for value in values} == {None}


def test_the_best_of_a_common_word_come_first_however_many_there_are(search_made_up):
    hits = search_made_up("pain", page_size=100)["results"]
    tiers = [hit["match"]["tier"] for hit in hits]
    assert tiers == sorted(tiers, key=["exact", "name", "text"].index)
    shortest = [len(hit["item"]["name"].split()) for hit in hits if hit["match"]["field"] == "preferred"]
    assert shortest == sorted(shortest)
