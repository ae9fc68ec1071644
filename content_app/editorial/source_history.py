"""The trail of sources: each act on one leaves its whole editorial document, with who, when and by what act.

In: a source as it now is, what it said before, who changed it. Out: its next `SourceRevision`. Admin and importing
call this in the transaction that wrote the source; nothing else writes a source.
"""

from django.contrib.auth.models import AbstractUser
from django.utils import timezone

from content_app.audit import log
from content_app.canonical import sha256_of
from content_app.editorial.transitions import require_role
from content_app.manuscripts import rows
from content_app.models import Source, SourceRevision

RECORDED = {"create": "source_added", "delete": "source_removed", "retract": "source_retracted"}


def version_of(source: Source) -> str:
    """What a form is opened at: the hash of what is stored. Empty for a source that is not stored yet.

    Two versions are the same if, and only if, they say the same: that is what a second save must not overwrite.
    """
    return sha256_of(rows.source_document(source)) if source.pk else ""


def record(
    *, source: Source, by: AbstractUser, verb: str, before: rows.Document | None, note: str = ""
) -> SourceRevision | None:
    """Keep what the source now says; None if it says what its last revision says.

    `before` is what it said until now, None for a new one. A source older than the trail keeps that first, with
    nobody's name. A source that is changed is a draft again: what was signed off stays what readers get. Raises
    `TransitionNotAllowed` to whoever may not write.
    """
    require_role("edit", by)
    document = rows.source_document(source)
    kept = SourceRevision.objects.filter(source_uuid=source.uuid)
    last = kept.first()
    if last is None and before is not None:
        last = keep(before, 1, "earlier", None, "")
    if verb != "delete" and last and last.sha256 == sha256_of(document):
        return None
    verb = verb if before else "create"
    Source.objects.filter(pk=source.pk).update(status="draft", change_note="", significance="")
    kept = keep(document, last.number + 1 if last else 1, verb, by, note)
    what = ("source", source.uuid, str(source))
    log.record(RECORDED.get(verb, "source_changed"), by=by, what=what, note=note, revision=kept.number)
    return kept


def keep(document: rows.Document, number: int, verb: str, by: AbstractUser | None, note: str) -> SourceRevision:
    """Append one act to the trail of the source that the document is of."""
    return SourceRevision.objects.create(
        source_uuid=document["uuid"],
        slug=document["slug"],
        number=number,
        verb=verb,
        document=document,
        sha256=sha256_of(document),
        created_at=timezone.now(),
        created_by=by,
        note=note,
    )


def document_at(source: Source, version: str) -> rows.Document | None:
    """What the source said at a version, if the trail has kept it."""
    kept = SourceRevision.objects.filter(source_uuid=source.uuid, sha256=version).first()
    return kept.document if kept else None
