"""What publishing writes: one release, what differs in it, what hangs on it, and nothing of any draft."""

import datetime
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content_app.canonical import sha256_of
from content_app.editorial import workflow
from content_app.manuscripts import writing
from content_app.models import Document, FormerSlug, IndexTerm, Item, Library, Release
from content_app.publication.publishing import manifest
from tests import library
from tests.library import concept, condition, edit, item_of, public, relation, source, statement

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def content(document) -> dict:
    return json.loads(bytes(public(document).body))


def published_again(document, people, **submitting) -> Release:
    """Import the document as it now is and publish it alone."""
    items = library.bring_in([document], people.author)
    library.sign_off(items[0] if items else item_of(document), people, **submitting)
    return workflow.publish(items=[item_of(document)], by=people.publisher)


@pytest.fixture(scope="module")
def pair(library_of_a_module):
    """A published condition that points to a published concept, both citing one source."""
    target = concept("the-target", name="Target")
    pointer = condition("the-pointer", name="Pointer", relations=[relation("has_feature", target)])
    library.publish([target, pointer], library_of_a_module)
    return pointer, target


def test_one_release_holds_the_items_and_the_sources_they_cite(pair):
    release = Release.objects.get()
    assert (release.number, Library.objects.get().current_release) == (1, release)
    assert release.counts == {"condition": 1, "concept": 1, "symptom_type": 0, "example": 0, "source": 1}
    assert {(d.kind, d.slug, d.version) for d in release.documents.all()} == {
        ("condition", "the-pointer", 1),
        ("concept", "the-target", 1),
        ("source", "a-text", 1),
    }


def test_the_hash_is_over_everything_but_meta(pair):
    for document in Document.objects.all():
        body = json.loads(bytes(document.body))
        meta = body.pop("meta")
        assert sha256_of(body) == document.sha256 == meta["sha256"]
        assert (meta["version"], meta["release"]) == (document.version, document.first_release_id)


def test_each_manifest_is_chained_to_the_one_before(pair, people):
    pointer, _ = pair
    published_again(pointer | {"name": "Pointer, changed"}, people)
    first, second = Release.objects.order_by("number")
    changed = public(pointer)
    entry = {
        "id": pointer["uuid"],
        "kind": "condition",
        "slug": "the-pointer",
        "version": 2,
        "sha256": changed.sha256,
        "withdrawn": False,
    }
    assert second.manifest_sha256 == sha256_of(manifest(2, first.manifest_sha256, [entry]))


def test_what_does_not_differ_is_not_written_again(pair, people):
    pointer, target = pair
    published_again(pointer | {"name": "Pointer, changed"}, people)
    assert Document.objects.filter(first_release=2).count() == 1
    assert (public(target).version, public(source()).version) == (1, 1)
    assert Document.objects.get(superseded_in=2).item_uuid == public(pointer).item_uuid


def test_a_review_without_any_difference_makes_a_release_without_documents(pair, people):
    pointer, _ = pair
    release = published_again(pointer, people)
    assert (release.number, release.documents.count(), release.counts["condition"]) == (2, 0, 1)
    assert item_of(pointer).status == "published"


def test_the_most_significant_change_names_the_release(people):
    items = library.bring_in([condition("one"), condition("other")], people.author)
    for item, significance in zip(items, ("editorial", "safety"), strict=True):
        library.sign_off(item, people, significance=significance)
    assert workflow.publish(items=items, by=people.publisher).significance == "safety"


def test_documents_that_mention_a_renamed_item_are_compiled_again(pair, people):
    pointer, target = pair
    release = published_again(target | {"name": "New name"}, people)
    assert content(pointer)["relations"][0]["object"]["name"] == "New name"
    assert public(pointer).first_release == release
    assert public(pointer).significance == "editorial"


def test_a_recompiled_document_shows_nothing_of_its_draft(pair, people):
    pointer, target = pair
    library.bring_in([pointer | {"name": "Draft name", "statements": [statement("Draft text.")]}], people.author)
    published_again(target | {"name": "New name"}, people)
    assert content(pointer)["name"] == "Pointer"
    assert b"Draft" not in bytes(public(pointer).body)
    assert content(pointer)["review"]["reviewer_role"] == "Reviewer"


def test_a_recompiled_document_shows_no_unreviewed_change_of_its_other_sources(people):
    other = source("other-text", title="Other text")
    target = concept("the-target")
    pointer = condition(
        "the-pointer", citations=[{"source": "other-text"}], relations=[relation("has_feature", target)]
    )
    library.publish([other, target, pointer], people)
    writing.write_source(other | {"title": "Changed by somebody"})
    published_again(target | {"name": "New name"}, people)
    assert content(pointer)["relations"][0]["object"]["name"] == "New name"
    assert (content(pointer)["sources"][0]["title"], public(other).version) == ("Other text", 1)


def test_documents_that_cite_a_corrected_source_are_compiled_again(people):
    one, other = condition("one"), condition("other")
    library.publish([one, other], people)
    writing.write_source(source(note="Corrected."))
    published_again(one, people)
    assert {public(d).first_release_id for d in (one, other, source())} == {2}
    assert content(other)["sources"][0]["note"] == "Corrected."


def test_a_recompiled_document_uses_the_published_slug_while_a_draft_has_another(pair, people):
    pointer, target = pair
    library.bring_in([pointer | {"slug": "draft-slug"}], people.author)
    published_again(target | {"name": "New name"}, people)
    assert public(pointer).slug == "the-pointer"


def test_an_item_links_to_a_neighbour_by_its_published_slug_and_name(pair, people):
    pointer, target = pair
    library.bring_in([target | {"slug": "draft-slug", "name": "Draft name"}], people.author)
    published_again(
        pointer | {"name": "Pointer, changed", "relations": [relation("has_feature", "concept/draft-slug")]}, people
    )
    assert content(pointer)["relations"][0]["object"]["href"] == "/api/v1/concepts/the-target/"
    assert content(pointer)["relations"][0]["object"]["name"] == "Target"


def test_a_published_item_that_is_renamed_is_found_under_its_old_slug(pair, people):
    _, target = pair
    published_again(target | {"slug": "new-slug"}, people)
    assert public(target).slug == "new-slug"
    assert list(public(target).terms.filter(name="alias").values_list("value", flat=True)) == ["the-target"]


def test_every_old_slug_is_kept_also_when_a_draft_takes_one_back_for_a_while(pair, people):
    _, target = pair
    published_again(target | {"slug": "second"}, people)
    library.bring_in([target], people.author)
    published_again(target | {"slug": "third"}, people)
    aliases = public(target).terms.filter(name="alias").order_by("value")
    assert list(aliases.values_list("value", flat=True)) == ["second", "the-target"]


def test_a_slug_that_readers_never_saw_is_not_kept(people):
    document = concept("first")
    library.bring_in([document], people.author)
    library.bring_in([document | {"slug": "second"}], people.author)
    assert not FormerSlug.objects.exists()


def test_an_old_slug_still_leads_to_what_was_renamed_and_withdrawn(people):
    document = concept("first")
    library.publish([document], people)
    published_again(document | {"slug": "second"}, people)
    library.withdraw(item=item_of(document), by=people.publisher, note="It was wrong.")
    assert list(public(document).terms.values_list("name", "value")) == [("alias", "first")]


def test_a_withdrawn_item_keeps_its_address_when_its_draft_gets_another(people):
    document = concept("first")
    library.publish([document], people)
    library.withdraw(item=item_of(document), by=people.publisher, note="It was wrong.")
    library.bring_in([document | {"slug": "second"}], people.author)
    assert FormerSlug.objects.get().slug == "first"


@pytest.mark.parametrize("reason", ["withdrawn", "replaced", "gone"])
def test_a_tombstone_says_why_and_what_takes_its_place(reason, people):
    old, new = condition("old"), condition("new")
    library.publish([old, new], people)
    replacement = item_of(new) if reason == "replaced" else None
    release = library.withdraw(
        item=item_of(old), by=people.publisher, reason=reason, replaced_by=replacement, note="Out of date."
    )
    said = content(old)
    assert (said["withdrawn"], said["reason"], said["note"]) == (True, reason, "Out of date.")
    assert (said["replaced_by"] or {}).get("slug") == ("new" if replacement else None)
    assert (public(old).tombstone_reason, release.counts["condition"]) == (reason, 1)
    assert "statements" not in said


def test_publishing_what_was_withdrawn_counts_it_again(people):
    document = condition()
    library.publish([document], people)
    library.withdraw(item=item_of(document), by=people.publisher, note="It was wrong.")
    assert published_again(document, people).counts["condition"] == 1


def test_a_clock_that_is_put_back_does_not_put_releases_out_of_order(pair, people, monkeypatch):
    earlier = timezone.now() - datetime.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: earlier)
    published_again(pair[0] | {"name": "Changed"}, people)
    first, second = Release.objects.order_by("number")
    assert second.published_at == first.published_at


def test_every_lookup_is_a_term(people):
    target = concept("the-target")
    document = condition(
        abbreviation="ABC",
        codings=[library.coding(), library.coding("mesh", "", match="none", display=None)],
        relations=[relation("has_feature", target)],
        statements=[statement()],
    )
    document["codings"][1].pop("display")
    document["codings"][1].pop("code")
    library.publish([target, document], people)
    review = json.loads(public(document).body)["review"]
    assert set(public(document).terms.values_list("name", "value")) == {
        ("review_state", review["state"]),
        ("reviewed_on", review["reviewed_on"]),
        ("review_due_on", review["review_due_on"]),
        ("alias", "abc"),
        ("aspect", "overview"),
        ("cause_status", "not_stated"),
        ("code", "icd-10-cm|m79.7"),
        ("edge", f"has_feature|{target['uuid']}"),
        ("layer", "source_text"),
        ("mentions", target["uuid"]),
        ("object", target["uuid"]),
        ("predicate", "has_feature"),
        ("source", "a-text"),
        ("statement", document["statements"][0]["uuid"]),
        ("system", "icd-10-cm"),
        ("system", "mesh"),
    }


def test_the_queries_of_publishing_do_not_grow_with_the_library(people):
    def queries_of_publishing(document) -> int:
        item = library.approved([document], people)[0]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            workflow.publish(items=[item], by=people.publisher)
        return len(captured)

    small = queries_of_publishing(condition("first"))
    small = queries_of_publishing(condition("second"))
    library.publish([condition(f"number-{n}") for n in range(30)], people)
    assert queries_of_publishing(condition("third")) == small


def test_the_queries_of_publishing_grow_little_with_what_is_published(people):
    def queries_of_publishing(count: int) -> int:
        items = library.approved([condition(f"{count}-number-{n}") for n in range(count)], people)
        with CaptureQueriesContext(connection) as captured:
            workflow.publish(items=items, by=people.publisher)
        return len(captured)

    one, eleven = queries_of_publishing(1), queries_of_publishing(11)
    assert eleven - one <= 10 * 6  # each item saves its status, and its event and its audit entry with their receipts


def test_saving_drafts_changes_no_byte_that_readers_get(pair, people):
    before = list(Document.objects.order_by("pk").values_list("body", "list_form", "superseded_in"))
    terms = IndexTerm.objects.count()
    for document in pair:
        edit(item_of(document), people.author, name="Draft", slug=f"draft-{document['slug']}")
    writing.write_source(source(title="Draft"))
    after = list(Document.objects.order_by("pk").values_list("body", "list_form", "superseded_in"))
    assert [tuple(map(str, row)) for row in map(flat, after)] == [tuple(map(str, row)) for row in map(flat, before)]
    assert IndexTerm.objects.count() == terms
    assert Item.objects.filter(status="draft").count() == 2


def flat(row: tuple) -> tuple:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
