"""Warnings that somebody has considered: kept with what they said about it, and out of the way until the text changes.

In: an item, one of its warnings, who considered it. Out: a `Considered` row, an event in the item's trail and a line of
the audit. It is bound to the warning and to the part that it is about, as that part stands: once either changes, the
warning is there again. Obstacles cannot be put aside.
"""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from content_app.audit import log
from content_app.canonical import sha256_of
from content_app.editorial import workflow
from content_app.editorial.roles import AUTHOR
from content_app.editorial.transitions import TransitionNotAllowed, is_editor
from content_app.manuscripts import rows
from content_app.manuscripts.findings import OBSTACLE, Document, Finding
from content_app.models import Checked, Considered, Item

ONLY_EDITORS = "Only authors, reviewers and publishers can put a warning aside."
GONE = "This warning is not in the saved text. Save the item, or look again."
SAY_WHY = "Say why it is right as it is."


def key_of(document: Document, finding: Finding) -> str:
    """What a warning is recognised by: its sentence, and the part that it is about."""
    first, *steps = finding.pointer.strip("/").split("/")
    about = document.get(first)
    if isinstance(about, list):
        about = about[int(steps[0])] if steps and int(steps[0]) < len(about) else about
    return sha256_of({"sentence": finding.sentence, "about": about})


def keys_for(items: Iterable[Item]) -> dict[int, dict[str, Considered]]:
    """What has been considered of these items, by their key and that of the warning."""
    found: dict[int, dict[str, Considered]] = {}
    for row in Considered.objects.filter(item__in=[item.pk for item in items]).select_related("considered_by"):
        found.setdefault(row.item_id, {})[row.key] = row
    return found


def warning(item: Item, key: str) -> Finding | None:
    """The warning of the stored item that has this key."""
    document = rows.to_document(item)
    found = (one for one in workflow.findings_in(document) if one.severity != OBSTACLE)
    return next((one for one in found if key_of(document, one) == key), None)


@transaction.atomic
def consider(*, item: Item, key: str, by: AbstractUser, note: str) -> Considered:
    """Put a warning aside, with the reason. Raises `TransitionNotAllowed` with a sentence."""
    if not is_editor(by):
        raise TransitionNotAllowed(ONLY_EDITORS)
    found = warning(item, key)
    if found is None:
        raise TransitionNotAllowed(GONE)
    if not note.strip():
        raise TransitionNotAllowed(SAY_WHY)
    told = {"sentence": found.sentence, "note": note.strip(), "considered_by": by, "considered_at": timezone.now()}
    row, _ = Considered.objects.get_or_create(item_id=item.pk, key=key, defaults=told)
    Checked.objects.filter(item=item.pk).delete()  # its warnings are counted anew
    said = f"{found.sentence} I have considered it: {note.strip()}"
    workflow.keep_in_trail(item=item, by=by, act="consider", note=said, role=AUTHOR)
    log.record("item_consider", by=by, what=item, note=said)
    return row
