"""The tables. Items, sources and parts are private and mutable; the trail and publications are written once."""

from content_app.models.audit import AuditEntry
from content_app.models.clients import ApiClient, ApiKey
from content_app.models.deployment import DeploymentKey
from content_app.models.desk import (
    Assignment,
    Checked,
    Comment,
    Considered,
    Digest,
    Presence,
    PreviewLink,
    Schedule,
    ScheduledItem,
    Thread,
    WithdrawalRequest,
    WorkingCopy,
)
from content_app.models.editing import Event, Revision, SignOff, SourceRevision
from content_app.models.immutable import Immutable
from content_app.models.imports import Import, ImportChange
from content_app.models.items import KIND_MODELS, Concept, Condition, Example, FormerSlug, Item, SymptomType
from content_app.models.ledger import Closing, Receipt
from content_app.models.parts import Coding, Name, Relation, Statement
from content_app.models.publication import Document, IndexTerm, Library, Release
from content_app.models.sources import Citation, Source
from content_app.models.webhooks import (
    ReviewDate,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)

__all__ = [
    "KIND_MODELS",
    "ApiClient",
    "ApiKey",
    "Assignment",
    "Checked",
    "AuditEntry",
    "Citation",
    "Closing",
    "Coding",
    "Comment",
    "Concept",
    "Condition",
    "Considered",
    "DeploymentKey",
    "Digest",
    "Document",
    "Event",
    "Example",
    "FormerSlug",
    "Immutable",
    "Import",
    "ImportChange",
    "IndexTerm",
    "Item",
    "Library",
    "Name",
    "Presence",
    "PreviewLink",
    "Receipt",
    "Relation",
    "Release",
    "ReviewDate",
    "Revision",
    "Schedule",
    "ScheduledItem",
    "SignOff",
    "Source",
    "SourceRevision",
    "Statement",
    "SymptomType",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "Thread",
    "WithdrawalRequest",
    "WorkingCopy",
]
