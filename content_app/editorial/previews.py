"""What readers would get if an item were published now, and links that show it to somebody outside for a while.

In: an item or one of its revisions. Out: a `Preview`; `PreviewLink` rows and their tokens. A link shows the revision
it was made of, as it would have been published then, whatever is edited later: who shares a text has read that text.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from content_app.audit import log
from content_app.editorial import workflow
from content_app.editorial.content_hashes import content_hashes
from content_app.editorial.transitions import TransitionNotAllowed, is_editor
from content_app.manuscripts import rule_context, rules
from content_app.models import Item, PreviewLink, Revision, SignOff
from content_app.publication import publishing

LIFETIMES = (1, 7, 14, 30)  # days
MOST_LINKS = 20  # live ones of one item
LONGEST_QUESTION = 2_000  # characters
VISIT = timedelta(hours=1)  # a fact check that is opened again within it is the same visit in the audit
NOT_REVIEWED = "Not reviewed yet"
SIGNER = Signer(salt="content_app.editorial.previews", sep=".")


class NotPreviewable(Exception):
    """Too much is missing to compile it. `sentences` say what."""

    def __init__(self, sentences: list[str]):
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass(frozen=True)
class Preview:
    """What publishing one revision alone would write: the body, to the byte. `obstacles` say why it cannot be yet."""

    revision: Revision
    body: bytes
    obstacles: list[str]

    @cached_property
    def document(self) -> dict[str, Any]:
        """The public document."""
        return json.loads(self.body)


def preview(item: Item) -> Preview:
    """The last revision of the item as readers would get it. Raises `NotPreviewable`; changes nothing."""
    revision = item.revisions.first()
    if revision is None:
        raise NotPreviewable(["Save the item as a draft."])
    document = revision.document
    found = rules.check(document, rule_context.around([document], {item.reference})[document["uuid"]])
    obstacles = [finding.sentence for finding in found if finding.severity == rules.OBSTACLE]
    try:
        body = publishing.as_it_would_be(document, _review(revision))
    except KeyError as missing:
        raise NotPreviewable(obstacles or [f"The item refers to {missing}, which no longer exists."])
    return Preview(revision, body, obstacles)


def body_of(document: dict[str, Any]) -> bytes:
    """What publishing an editorial document that nobody has signed off would write. Raises `NotPreviewable`."""
    try:
        return publishing.as_it_would_be(document, _nobodys(document))
    except KeyError as missing:
        raise NotPreviewable([f"There is no {missing} yet: write it first."])


def _nobodys(document: dict[str, Any]) -> dict[str, Any]:
    """The review of a document that nobody has reviewed."""
    return {
        "state": "not_clinically_reviewed",
        "reviewed_on": None,
        "review_due_on": None,
        "reviewer_role": NOT_REVIEWED,
        "cycle_months": document.get("review_cycle_months", 12),
    }


def _review(revision: Revision) -> dict[str, Any]:
    """The review of a revision as a document states it; without a sign-off that still holds, that there is none."""
    document = revision.document
    months = document.get("review_cycle_months", 12)
    content = content_hashes([document])[document["uuid"]]
    sign_off = SignOff.objects.filter(revision=revision, content_sha256=content).first()
    if sign_off is None:
        return _nobodys(document)
    signed_on = sign_off.signed_at.date()
    return {
        "state": "clinically_reviewed" if sign_off.is_clinical else "not_clinically_reviewed",
        "reviewed_on": signed_on.isoformat(),
        "review_due_on": workflow.review_due(signed_on, months).isoformat(),
        "reviewer_role": sign_off.reviewer_role,
        "cycle_months": months,
    }


@transaction.atomic
def make_link(
    *, item: Item, by: AbstractUser, days: int = 7, is_fact_check: bool = False, question: str = ""
) -> tuple[PreviewLink, str]:
    """A link to the item as its last revision says, and its token, which is not kept and never shown again.

    Whoever holds the link of a fact check can also comment; `question` tells them what to look at. Raises
    `TransitionNotAllowed`, and `NotPreviewable`.
    """
    if not is_editor(by):
        raise TransitionNotAllowed("Only people with an editorial role can share a preview.")
    if days not in LIFETIMES:
        raise TransitionNotAllowed(f"Choose when the link expires: after {', '.join(map(str, LIFETIMES))} days.")
    if len(question) > LONGEST_QUESTION:
        raise TransitionNotAllowed(f"The question has {len(question):,} characters. The limit is {LONGEST_QUESTION:,}.")
    Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    if live_links(item).count() >= MOST_LINKS:
        raise TransitionNotAllowed(f"This item already has {MOST_LINKS} active links. Revoke one first.")
    shown = preview(item)
    token = SIGNER.sign(secrets.token_urlsafe(24))
    now = timezone.now()
    link = PreviewLink.objects.create(
        item_id=item.pk,
        revision=shown.revision,
        token_sha256=_hash(token),
        body=shown.body,
        made_at=now,
        made_by=by,
        expires_at=now + timedelta(days=days),
        is_fact_check=is_fact_check,
        question=question.strip() if is_fact_check else "",
    )
    act = "fact_check_made" if is_fact_check else "preview_link_made"
    log.record(act, by=by, what=item, link=link.pk, expires_at=link.expires_at)
    return link, token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def live_links(item: Item) -> QuerySet[PreviewLink]:
    """The links of an item that work, without what they show."""
    working = PreviewLink.objects.filter(item_id=item.pk, revoked_at=None, expires_at__gt=timezone.now())
    return working.select_related("made_by", "revision").defer("body", "revision__document")


def opened(token: str) -> PreviewLink | None:
    """The link of a token, its use recorded; None for one that is forged, expired or revoked, without a word why."""
    if not is_ours(token):
        return None
    now = timezone.now()
    link = PreviewLink.objects.filter(token_sha256=_hash(token), revoked_at=None, expires_at__gt=now).first()
    if link:
        if link.is_fact_check and (link.last_used_at is None or link.last_used_at < now - VISIT):
            log.record("fact_check_opened", what=link.item, link=link.pk)
        PreviewLink.objects.filter(pk=link.pk).update(uses=F("uses") + 1, last_used_at=now)
    return link


def is_ours(token: str) -> bool:
    """Whether we made this token, be its link over or not."""
    try:
        SIGNER.unsign(token)
    except BadSignature:
        return False
    return True


@transaction.atomic
def revoke(*, link: PreviewLink, by: AbstractUser) -> None:
    """End a link at once, and forget what it showed. Doing it twice changes nothing."""
    if not is_editor(by):
        raise TransitionNotAllowed("Only people with an editorial role can revoke a link.")
    live = PreviewLink.objects.filter(pk=link.pk, revoked_at=None)
    if live.update(revoked_at=timezone.now(), revoked_by=by, body=b""):
        log.record("preview_link_revoked", by=by, what=link.item, link=link.pk)
