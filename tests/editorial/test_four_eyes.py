"""Whatever anybody does in whatever order, readers get what a second person has signed off in exactly that form.

What may be in a release is found here from revisions and sign-offs alone, without the code that publishes.
"""

import json
import re
from typing import Any

import pytest
from django.db import transaction

from content_app.canonical import sha256_of
from content_app.manuscripts import rows
from content_app.models import Document, Event, Item, Release, SignOff, Source, SourceRevision
from content_app.publication import source_forms
from tests.random_histories import History, cast, released
from tests.width import examples

pytestmark = pytest.mark.both_databases

LENGTH = 90  # acts in a history
MARK = re.compile(r"word\d+word")
# What a public source has beside what was written: where it stands.
PLACE = {"kind", "id", "slug", "name", "href"}
# What of an item is its editors' own words, to the letter.
OWN_WORDS = ("name", "slug", "topic", "cause_status")


def signed_forms(source_uuid) -> list[dict]:
    """The forms of a source that somebody other than their last editor signed off and has not taken back, in order."""
    forms, editor, form, is_open = [], None, None, False
    for act in SourceRevision.objects.filter(source_uuid=source_uuid).order_by("number"):
        if act.verb in ("submit", "publish"):
            continue
        if act.verb == "approve":
            assert act.created_by_id != editor, f"{act}: signed off by its last editor"
            assert act.document == form, f"{act}: signed off in another form"
            forms.append(form)
            is_open = True
        elif act.verb == "request_changes":
            if is_open:  # what was signed off is sent back
                forms.pop()
            is_open = False
        else:
            editor, form, is_open = act.created_by_id, act.document, False
    return forms


def written(content: dict) -> dict:
    """A public source as its editors wrote it."""
    own = {key: value for key, value in content.items() if key not in PLACE and key != "meta"}
    return {key: value for key, value in own.items() if value not in (None, [], False)}


def as_public(form: dict) -> dict:
    return {key: value for key, value in form.items() if key not in ("kind", "uuid", "slug")}


def current(content_id: str) -> dict:
    return json.loads(bytes(Document.objects.get(item_uuid=content_id, superseded_in=None).body))


def check_source(document: Document, content: dict) -> None:
    forms = signed_forms(document.item_uuid)
    assert forms, f"{document}: never signed off"
    assert written(content) == as_public(forms[-1]), f"{document}: not the form that was signed off last"
    assert marks(document, content) <= marks_of(forms[-1]) | submitted_by_another(document)


def marks_of(value: Any) -> set[str]:
    return set(MARK.findall(json.dumps(value)))


def marks(document: Document, content: dict) -> set[str]:
    """The marks of every text in which a document reaches readers."""
    columns = [document.name, document.slug, document.change_note, bytes(document.list_form).decode()]
    return marks_of([content, columns, [term.value for term in document.terms.all()]])


def submitted_by_another(document: Document) -> set[str]:
    """The marks of the change note, if whoever signed off did not write it."""
    trail = SourceRevision.objects.filter(source_uuid=document.item_uuid, verb__in=("submit", "approve"))
    acts = [(act.verb, act.created_by_id, act.note) for act in trail.order_by("number")]
    events = Event.objects.filter(item__uuid=document.item_uuid, verb__in=("submit", "approve")).order_by("id")
    acts += [(event.verb, event.done_by_id, event.note) for event in events]
    found: set[str] = set()
    for (verb, by, note), (next_verb, signer, _) in zip(acts, acts[1:], strict=False):
        if (verb, next_verb) == ("submit", "approve") and by != signer:
            found |= marks_of(note)
    return found


def check_item(document: Document, content: dict, release: int) -> None:
    sign_offs = SignOff.objects.filter(item__uuid=document.item_uuid).order_by("-id").select_related("revision")
    signed = [s for s in sign_offs if s.signed_by_id != s.revision.created_by_id]
    assert len(signed) == len(sign_offs), f"{document}: signed off by its last editor"
    fitting = [sign_off for sign_off in signed if says_the_same(sign_off.revision.document, content)]
    assert fitting, f"{document}: in a form that nobody signed off"
    for shown in content["sources"]:
        assert written(shown) == written(current(shown["id"])), f"{document}: shows another form of {shown['slug']}"
    others = [relation["object"] for relation in content["relations"]]
    for other in others:
        now = current(other["id"])
        assert (other["name"], other["slug"]) == (now["name"], now["slug"])
    former = [former.slug for former in Item.objects.get(uuid=document.item_uuid).former_slugs.all()]
    known = marks_of([fitting[0].revision.document, content["sources"], others, former])
    unknown = marks(document, content) - known - submitted_by_another(document)
    assert not unknown, f"{document}: words that nobody else signed off"
    if Event.objects.filter(item__uuid=document.item_uuid, verb="publish", note=f"Release {release}").exists():
        check_cover(fitting[0], content)


def check_cover(sign_off: SignOff, content: dict) -> None:
    """Whoever signed off an item that was chosen had read the very sources that readers now get with it."""
    slugs = {source["slug"]: source["id"] for source in content["sources"]}
    forms = [signed_forms(slugs[slug])[-1] for slug in sorted(slugs)]
    assert sign_off.content_sha256 == sha256_of({"document": sign_off.revision.document, "sources": forms})


def says_the_same(revision: dict, content: dict) -> bool:
    statements = [(s["uuid"], s["plain"], s["clinical"], s["assertion"]) for s in revision.get("statements", [])]
    shown = [(s["id"], s["plain"], s["clinical"], s["assertion"]) for s in content["statements"]]
    texts = {audience: content["summary"][audience] for audience in ("clinical", "plain")}
    told = {notice["type"]: notice["text"] for notice in content["notices"]}
    return (
        statements == shown
        and texts == revision["summary"]
        and all((content.get(word) or None) == revision.get(word) for word in OWN_WORDS)
        and (told.get("caution"), told.get("safety")) == (revision.get("caution"), revision.get("safety_notice"))
        and [s["slug"] for s in content["sources"]] == cited(revision)
    )


def cited(revision: dict) -> list[str]:
    parts = [revision, *revision.get("statements", []), *revision.get("relations", [])]
    return list(dict.fromkeys(citation["source"] for part in parts for citation in part["citations"]))


def check_tombstone(document: Document, content: dict) -> None:
    """One person asked for it in these words, another confirmed it; nothing that readers had is reworded by it."""
    before = Document.objects.get(item_uuid=document.item_uuid, superseded_in=document.first_release_id)
    assert (document.name, document.slug) == (before.name, before.slug)
    events = Event.objects.filter(item__uuid=document.item_uuid, verb__in=("request_withdrawal", "withdraw"))
    done = events.filter(verb="withdraw").first()
    asked = events.filter(verb="request_withdrawal", pk__lt=done.pk).first()
    assert asked.done_by_id != done.done_by_id, f"{document}: withdrawn by whoever asked for it"
    assert content["note"] == asked.note, f"{document}: withdrawn in other words than were asked for"


def check_note(release: Release) -> None:
    """The note of a release is made of change notes alone."""
    given = set(release.documents.values_list("change_note", flat=True))
    lines = [line for line in release.note.splitlines() if not re.fullmatch(r"And \d+ more, with the items\.", line)]
    assert set(lines) <= given, f"{release}: a note that nobody else signed off"


def check_release(number: int) -> None:
    """Every document of the release: signed off, in this form, by somebody other than its last editor."""
    check_note(Release.objects.get(number=number))
    for document in Document.objects.filter(first_release=number):
        content = json.loads(bytes(document.body))
        if document.tombstone_reason:
            check_tombstone(document, content)
        elif document.kind == "source":
            check_source(document, content)
        else:
            check_item(document, content, number)


def live(seed: int, people) -> int:
    """Live through one history, checking each release. Returns how many releases there were."""
    with transaction.atomic():
        history, seen = History(seed, people), 0
        for _ in range(LENGTH):
            history.act()
            while seen < released():
                seen += 1
                check_release(seen)
        transaction.set_rollback(True)
    return seen


@pytest.mark.widens
def test_every_byte_of_every_release_was_signed_off_by_somebody_other_than_its_last_editor(db):
    people = cast()
    releases = [live(seed, people) for seed in range(examples(4, 120))]
    assert sum(releases) > len(releases)  # else the histories show nothing


def as_editors_now_have_them(sources):
    return {source.slug: rows.source_document(source) for source in sources}


def test_the_check_finds_sources_that_are_published_as_they_stand(db, monkeypatch):
    """What publishing did once: an edit of a source went along with whatever cited it."""
    monkeypatch.setattr(source_forms, "signed", as_editors_now_have_them)
    people = cast()
    with pytest.raises(AssertionError, match="not the form that was signed off last|never signed off"):
        [live(seed, people) for seed in range(40)]


def test_a_release_holds_no_source_that_nobody_signed_off(db):
    """The last door, should the rules be passed by."""
    History(0, cast())
    with pytest.raises(source_forms.NotSignedOff, match="source-0"):
        source_forms.signed(Source.objects.all())
