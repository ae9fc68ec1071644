"""Builds small libraries through the functions that production uses: importing and the workflow.

In: what matters to a test. Out: editorial documents, items and releases; everything else has a plain default.
"""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User

from content_app.editorial import source_history, source_workflow, withdrawal, workflow
from content_app.editorial.content_hashes import content_hashes
from content_app.editorial.exchange import files, importing
from content_app.editorial.roles import AUTHOR
from content_app.manuscripts import rows
from content_app.models import Document as PublicDocument
from content_app.models import Item, Release, Source

Document = dict[str, Any]
CITED = [{"source": "a-text", "locator": "paragraph 1"}]


def uuid_of(*words: str) -> str:
    """The same words give the same uuid."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(words)))


def source(slug: str = "a-text", **changes) -> Document:
    return {
        "kind": "source",
        "uuid": uuid_of("source", slug),
        "slug": slug,
        "type": "lay_text",
        "evidence_level": "unreferenced_lay_text",
        "title": slug.replace("-", " ").title(),
    } | changes


def _item(kind: str, slug: str, own: Document, changes: Document) -> Document:
    name = slug.replace("-", " ").capitalize()
    document = {
        "kind": kind,
        "uuid": uuid_of(kind, slug),
        "slug": slug,
        "name": name,
        **own,
        "summary": {"clinical": f"{name}, for clinicians.", "plain": f"{name}, in plain words."},
        "citations": CITED,
    }
    return {key: value for key, value in (document | changes).items() if value is not None}


def condition(slug: str = "a-condition", **changes) -> Document:
    """A condition that can be published. A change to None leaves the field out."""
    own = {"cause_status": "not_stated", "statements": [statement(f"What {slug} is.")]}
    return _item("condition", slug, own, changes)


def concept(slug: str = "a-concept", **changes) -> Document:
    return _item("concept", slug, {"topic": "feature"}, changes)


def symptom_type(slug: str = "a-symptom", **changes) -> Document:
    return _item("symptom_type", slug, {"category": "pain", "observation": "reported"}, changes)


def example(slug: str = "an-example", **changes) -> Document:
    return _item("example", slug, {"form": "vignette", "trigger": "A bump."}, changes)


def statement(text: str = "It lasts.", **changes) -> Document:
    return {
        "uuid": uuid_of("statement", text),
        "aspect": "overview",
        "clinical": text,
        "plain": text,
        "assertion": "stated",
        "citations": CITED,
    } | changes


def relation(predicate: str, end: Document | str, **changes) -> Document:
    reference = end if isinstance(end, str) else f"{end['kind']}/{end['slug']}"
    return {"predicate": predicate, "object": reference, "citations": CITED} | changes


def coding(system: str = "icd-10-cm", code: str = "M79.7", **changes) -> Document:
    return {
        "system": system,
        "code": code,
        "display": "Fibromyalgia",
        "match": "close",
        "version": "2026",
        "verification": "verified",
        "checked_on": "2026-08-01",
    } | changes


def planned(*documents: Document) -> importing.Plan:
    """What importing the documents would do, read from files as in production. Raises NotImportable."""
    with tempfile.TemporaryDirectory() as folder:
        for number, document in enumerate(documents):
            here = Path(folder) / f"{number:03}"
            here.mkdir()
            (here / f"{document['slug']}.yaml").write_text(files.to_yaml(document))
        return importing.plan(Path(folder))


RETRACTION = {"reason": "Invented data.", "retracted_on": "2026-05-03", "notice": "10.1000/notice"}


def bring_in(documents: list[Document], by) -> list[Item]:
    """Import the documents and the source they cite; the items that were created or changed."""
    first = [] if Source.objects.filter(slug="a-text").exists() else [source()]
    return importing.apply(planned(*first, *documents), by=by)


def sign_off_source(document: Document, people, **submitting) -> Source:
    """Take a source from wherever it is to approved."""
    row = Source.objects.get(slug=document["slug"])
    values = {"change_note": "Written.", "significance": "editorial"} | submitting
    source_workflow.submit(source=row, by=people.author, **values)
    return source_workflow.approve(source=row, by=people.reviewer, content=source_history.version_of(row))


def sign_off_sources(item: Item, people) -> Item:
    """Take the sources that an item cites from wherever they are to approved."""
    for row in Source.objects.filter(citations__item=item.pk).distinct():
        signed = row.signed_revision
        if not signed or signed.sha256 != source_history.version_of(row):
            sign_off_source(rows.source_document(row), people)
    return item


def sign_off(item: Item, people, **submitting) -> Item:
    """Take an item, and the sources that it cites, from wherever they are to approved.

    The reviewer has read the revision that was submitted.
    """
    sign_off_sources(item, people)
    workflow.submit(item=item, by=people.author, **{"change_note": "Written."} | submitting)
    read = content_hashes([item.revisions.first().document])[str(item.uuid)]
    return workflow.approve(item=item, by=people.reviewer, content=read)


def approved(documents: list[Document], people) -> list[Item]:
    return [sign_off(item, people) for item in bring_in(documents, people.author)]


def publish(documents: list[Document], people) -> Release:
    """Import the documents and publish them together as the next release."""
    return workflow.publish(items=approved(documents, people), by=people.publisher)


def item_of(document: Document) -> Item:
    return Item.objects.get(uuid=document["uuid"])


def public(document: Document) -> PublicDocument:
    """The current public document of an item or source, also a tombstone."""
    return PublicDocument.objects.get(item_uuid=document["uuid"], superseded_in=None)


def edit(item, by, **changes):
    """Change columns of an item as a form would, and keep the edit."""
    Item.objects.filter(pk=item.pk).update(**changes or {"name": f"{Item.objects.get(pk=item.pk).name}, edited"})
    return workflow.record_edit(item=item, by=by)


def withdraw(*, item: Item, by, note: str, **why) -> Release:
    """Withdraw an item that somebody else has put forward for it, in these words."""
    if item.published_revision_id:
        author = User.objects.filter(groups__name=AUTHOR, is_active=True).exclude(pk=by.pk).earliest("pk")
        withdrawal.request(item=item, by=author, note=note, **why)
    return withdrawal.withdraw(item=item, by=by)


ACTS = {
    "edit": edit,
    "submit": lambda item, by: workflow.submit(item=item, by=by, change_note="Changed."),
    "request_changes": lambda item, by: workflow.request_changes(item=item, by=by, comment="Say more."),
    "approve": lambda item, by: workflow.approve(item=item, by=by, content=workflow.content_sha256(item)),
    "publish": lambda item, by: workflow.publish(items=[item], by=by),
    "withdraw": lambda item, by: withdraw(item=item, by=by, note="It was wrong."),
}


def item_in(status: str, people, *, published_before: bool = False) -> Item:
    """An item in a status, by way of the workflow."""
    document = condition(f"item-{status.replace('_', '-')}" if published_before else "a-condition")
    if published_before or status in ("published", "withdrawn"):
        publish([document], people)
        if status in ("draft", "in_review", "approved"):
            edit(item_of(document), people.author)
    else:
        bring_in([document], people.author)
        sign_off_sources(item_of(document), people)
    if status in ("in_review", "approved"):
        ACTS["submit"](item_of(document), people.author)
    if status == "approved":
        ACTS["approve"](item_of(document), people.reviewer)
    if status == "withdrawn":
        ACTS["withdraw"](item_of(document), people.publisher)
    assert item_of(document).status == status
    return item_of(document)
