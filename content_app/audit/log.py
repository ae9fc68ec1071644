"""The audit: every act with who, when, from where and what, in one list that nobody changes.

In: `record("key_revoked", by=person, what=key)`, called in the transaction that does the act. Out: one `AuditEntry`.
Where from is known without asking: the request that is being answered, or else the command or worker that runs. Kept
are no query strings, no passwords, and no name that somebody typed and no account has.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils import timezone

from content_app.models.audit import AuditEntry

RETENTION = (
    "Entries are kept permanently and cannot be changed or deleted, so that it is always clear who wrote, reviewed and "
    "published each text. IP addresses and browser names are personal data: view and export them only to investigate "
    "an incident."
)
# Every act, in words. An act that is not here is refused, so that no spelling of one is missed when filtering.
ACTS = {
    "item_create": "created an item",
    "item_edit": "edited an item",
    "item_import": "imported an item",
    "item_restore": "restored an earlier revision of an item",
    "item_submit": "sent an item for review",
    "item_request_changes": "requested changes to an item",
    "item_approve": "signed off an item",
    "item_publish": "published an item",
    "item_request_withdrawal": "requested the withdrawal of an item",
    "item_decline_withdrawal": "declined to withdraw an item",
    "item_withdraw": "withdrew an item",
    "item_put_away": "put a draft away",
    "item_consider": "put a warning aside",
    "item_bring_back": "brought a draft back",
    "source_added": "added a source",
    "source_changed": "changed a source",
    "source_retracted": "marked a source as retracted",
    "source_removed": "deleted a source",
    "source_submit": "sent a source for review",
    "source_request_changes": "requested changes to a source",
    "source_approve": "signed off a source",
    "source_publish": "published a source",
    "signed_in": "signed in",
    "sign_in_failed": "failed to sign in",
    "signed_out": "signed out",
    "second_factor_added": "set up a second factor",
    "second_factor_removed": "removed a second factor",
    "second_factor_failed": "entered a wrong second factor",
    "recovery_codes_renewed": "renewed recovery codes",
    "password_changed": "set a password",
    "password_link_made": "created a link to set a password",
    "person_added": "added a person",
    "person_changed": "changed a person's details",
    "person_deactivated": "deactivated a person",
    "person_reactivated": "reactivated a person",
    "superuser_made": "made a person a superuser",
    "superuser_unmade": "removed superuser permissions",
    "person_removed": "deleted a person",
    "role_given": "assigned a role",
    "role_taken": "removed a role",
    "audit_exported": "exported the audit log",
    "content_exported": "exported content",
    "list_exported": "exported a list",
    "import_started": "uploaded a file to import",
    "import_agreed": "confirmed an import",
    "import_discarded": "discarded an import",
    "import_failed": "failed to import a file",
    "content_imported": "imported content",
    "preview_link_made": "created a preview link",
    "preview_link_revoked": "revoked a preview link",
    "fact_check_made": "asked for a fact check",
    "fact_check_opened": "opened the link of a fact check",
    "fact_check_answered": "answered a fact check",
    "scheduled": "scheduled a release or withdrawal",
    "schedule_changed": "changed a schedule",
    "schedule_cancelled": "cancelled a schedule",
    "schedule_done": "carried out a schedule",
    "schedule_failed": "failed to carry out a schedule",
    "schedule_put_away": "dismissed a failed schedule",
    "comment_added": "commented",
    "comment_resolved": "resolved a comment",
    "comment_reopened": "reopened a comment",
    "comment_kept_open": "kept a comment open with a reason",
    "suggestion_accepted": "accepted a suggested text",
    "suggestion_declined": "declined a suggested text",
    "client_added": "added an API client",
    "client_changed": "changed an API client",
    "client_removed": "deleted an API client",
    "key_created": "created an API key",
    "key_changed": "changed an API key",
    "key_revoked": "revoked an API key",
    "key_removed": "deleted an API key",
    "webhook_added": "added a webhook",
    "webhook_changed": "changed a webhook",
    "webhook_removed": "deleted a webhook",
    "webhook_secret_rotated": "rotated the secret of a webhook",
    "webhook_secret_ended": "revoked the previous secret of a webhook",
    "webhook_switched_on": "switched on a webhook",
    "webhook_switched_off": "switched off a webhook",
    "webhook_tested": "sent a test event to a webhook",
    "webhook_replayed": "resent deliveries to a webhook",
}
LONGEST = {"what_label": 200, "agent": 120, "actor_name": 150}
_channel: ContextVar[str] = ContextVar("channel", default="command")


@contextmanager
def acting_as(channel: str):
    """Outside of a request, what is done in this block is recorded as done by `channel`: command or worker."""
    token = _channel.set(channel)
    try:
        yield
    finally:
        _channel.reset(token)


def record(
    act: str, *, by=None, what: models.Model | tuple[str, Any, str] | None = None, note="", **data
) -> AuditEntry:
    """Write down one act.

    `by`: who did it; None means whoever is signed in, or nobody. `what`: a row, or (kind, identifier, label). `data`:
    whatever else matters, as JSON. Raises ValueError for an act that is not in ACTS.
    """
    if act not in ACTS:
        raise ValueError(f"“{act}” is not in audit.ACTS: add it there, with its words.")
    kind, identifier, label = _subject_of(what) if isinstance(what, models.Model) else what or ("", "", "")
    actor = by or _whoever_is_signed_in()
    return AuditEntry.objects.create(
        happened_at=timezone.now(),
        act=act,
        actor=actor,
        actor_name=_short("actor_name", actor.get_username() if actor else ""),
        what_kind=kind,
        what_id=str(identifier),
        what_label=_short("what_label", label),
        note=str(note).replace("\0", ""),
        data=data,
        **origin(),
    )


def origin() -> dict[str, Any]:
    """Where what is being done now comes from: channel, address, and browser, shortened."""
    request = context.request
    if request is None:
        return {"channel": _channel.get()}
    agent = request.headers.get("User-Agent", "").encode("ascii", "replace").decode()
    return {"channel": "web", "address": _address(request), "agent": _short("agent", agent)}


def _address(request: HttpRequest) -> str | None:
    try:
        return get_adapter().get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):  # none, or not by way of the proxies that TRUSTED_PROXIES expects
        return request.META.get("REMOTE_ADDR") or None


def _whoever_is_signed_in():
    user = getattr(context.request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _subject_of(row: models.Model) -> tuple[str, Any, str]:
    kind = getattr(row, "kind", None) or row._meta.model_name
    return str(kind), getattr(row, "uuid", None) or row.pk, str(row)


def _short(field: str, text: str) -> str:
    text = str(text).replace("\0", "")
    return text if len(text) <= LONGEST[field] else f"{text[: LONGEST[field] - 1]}…"
