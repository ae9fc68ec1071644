"""Every change of a source's status: the workflow of items, for the works that they rest on.

In: sources, the person who acts, what they say. Out: changed sources, and each act as the next row of their trail: the
sign-off of a source is its row “approve”. What readers get is the form that was signed off last, never the source as
it stands; it is published by `workflow.publish`, alone or along with an item that cites it. Raises
`TransitionNotAllowed`; then nothing has changed.
"""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from content_app.audit import log
from content_app.editorial import source_history
from content_app.editorial.transitions import (
    CHANGE_NOTE_IS_YOURS,
    LAST_EDIT_IS_YOURS,
    TRANSITIONS,
    TransitionNotAllowed,
    has_role,
    held,
    not_by,
    not_now,
    require_significance,
    start,
)
from content_app.manuscripts import rows
from content_app.models import Document, Release, Source, SourceRevision

NOT_CITED = "Nothing that is published cites this source yet. It is published with the first item that cites it."
RETRACTED = "This source is marked as retracted already."
CHANGED = "The source has changed since you opened it. Read it again before you sign it off."


@transaction.atomic
def submit(*, source: Source, by: AbstractUser, change_note: str, significance: str = "substantive") -> Source:
    """Send a source for review. Readers will see the change note and how significant the change is."""
    require_significance(change_note, significance)
    source = start("submit", [source], by)[0]
    # What stands in the row was written by somebody: if its trail does not say so yet, then by whoever submits it.
    source_history.record(source=source, by=by, verb="edit", before=rows.source_document(source))
    source.change_note, source.significance = change_note.strip(), significance
    return _finish("submit", source, by, change_note)


@transaction.atomic
def retract(*, source: Source, by: AbstractUser, reason: str, retracted_on: date, notice: str) -> Source:
    """Mark a source as retracted and send that for review as a matter of safety.

    Readers are told why, when and by which notice. Once a second person has signed it off, it is published with every
    item that rests on the source, in a release of significance “safety”.
    """
    refusal = obstacles_to("retract", source, by)
    if refusal:
        raise TransitionNotAllowed(refusal)
    source = held([source])[0]
    before = rows.source_document(source)
    told = f"Retracted on {retracted_on.day} {retracted_on:%b %Y}: {reason.strip()} Notice: {notice.strip()}"
    source.retracted, source.note = True, "\n".join(filter(None, [told, source.note]))
    source.save()
    source_history.record(source=source, by=by, verb="retract", before=before, note=reason.strip())
    source.refresh_from_db()
    return submit(source=source, by=by, change_note=f"{source}: {told}", significance="safety")


@transaction.atomic
def request_changes(*, source: Source, by: AbstractUser, comment: str) -> Source:
    """Send a source back to its author, with what has to change. A sign-off that no reader has seen is taken back."""
    if not comment.strip():
        raise TransitionNotAllowed("Tell the author what to change.")
    source = start("request_changes", [source], by)[0]
    if source.status == "approved":
        source.signed_revision = source.published_revision
    return _finish("request_changes", source, by, comment)


@transaction.atomic
def approve(*, source: Source, by: AbstractUser, content: str, comment: str = "") -> Source:
    """Sign off one form of a source, given by its `source_history.version_of`: what the reviewer has read.

    Refused to whoever made the last edit, and if the source is no longer what was read.
    """
    source = start("approve", [source], by)[0]
    own, last = _own_words(source, by), last_edit(source)
    if own:
        raise TransitionNotAllowed(own)
    if not content == last.sha256 == source_history.version_of(source):
        raise TransitionNotAllowed(CHANGED)
    source = _finish("approve", source, by, comment)
    if source.published_revision and source.published_revision.sha256 == content:
        source.status, source.published_revision = TRANSITIONS["publish"].target, source.signed_revision
        source.save()  # readers have this very form: there is nothing to publish
    return source


def last_edit(source: Source) -> SourceRevision | None:
    """The act that gave the source its present form; whoever did it cannot sign it off."""
    return SourceRevision.objects.filter(source_uuid=source.uuid).exclude(verb__in=SourceRevision.REVIEWING).first()


def require_citing(sources: Iterable[Source], cited: set[str]) -> None:
    """Refuse sources that no item readers have, or get in the same release, cites. `cited`: slugs cited in it."""
    known = {source.uuid for source in sources if source.slug not in cited}
    published = set(
        Document.objects.filter(item_uuid__in=known, superseded_in=None).values_list("item_uuid", flat=True)
    )
    alone = [f"“{source}”: {NOT_CITED}" for source in sources if source.uuid in known - published]
    if alone:
        raise TransitionNotAllowed(" ".join(alone))


def record_publication(sources: Iterable[Source], by: AbstractUser, release: Release) -> None:
    """What readers have of these sources from this release on is what was signed off last."""
    for source in sources:
        if source.published_revision_id != source.signed_revision_id:
            source.published_revision = source.signed_revision
            to = TRANSITIONS["publish"].target if source.status == "approved" else source.status
            _record("publish", source, by, f"Release {release.number}", to, source.signed_revision.document)


def obstacles_to(verb: str, source: Source, by: AbstractUser) -> str | None:
    """Why this person cannot do the verb to the source now, in a sentence; None if nothing is known."""
    if verb == "retract":
        return RETRACTED if source.retracted else not_by("edit", by, Source)
    return not_now(verb, source) or not_by(verb, by, Source) or _not_this(verb, source, by)


def _not_this(verb: str, source: Source, by: AbstractUser) -> str | None:
    if verb == "approve":
        return _own_words(source, by)
    if verb == "publish" and not Document.objects.filter(item_uuid=source.uuid, superseded_in=None).exists():
        return NOT_CITED
    return None


def _own_words(source: Source, by: AbstractUser) -> str | None:
    """Why this person cannot sign the source off, if what readers would get is in their own words."""
    if last_edit(source).created_by_id == by.pk:
        return LAST_EDIT_IS_YOURS
    submitted = SourceRevision.objects.filter(source_uuid=source.uuid, verb="submit").first()
    return CHANGE_NOTE_IS_YOURS if submitted.created_by_id == by.pk else None


def _finish(verb: str, source: Source, by: AbstractUser, note: str) -> Source:
    _record(verb, source, by, note, TRANSITIONS[verb].target, rows.source_document(source))
    return source


def _record(verb: str, source: Source, by: AbstractUser, note: str, to: str, document: rows.Document) -> None:
    """Keep one act in the trail and in the audit, and give the source its new status."""
    last = SourceRevision.objects.filter(source_uuid=source.uuid).first()
    kept = source_history.keep(document, last.number + 1, verb, by, note)
    if verb == "approve":
        source.signed_revision = kept
    data = {"from": source.status, "to": to, "revision": kept.number}
    if by.is_superuser and not has_role(by, TRANSITIONS[verb].role):
        data["as_superuser"] = True
    source.status = to
    source.save()
    log.record(f"source_{verb}", by=by, what=source, note=note, **data)
