"""The tables. Items, sources and parts are private and mutable; the trail and publications are written once."""

from content_app.models.audit import AuditEntry
from content_app.models.clients import ApiClient
from content_app.models.editing import Event, Revision, SignOff
from content_app.models.immutable import Immutable
from content_app.models.items import (
    KIND_MODELS,
    Concept,
    Condition,
    Example,
    FormerSlug,
    Item,
    SymptomType,
)
from content_app.models.parts import Coding, Name, NotCovered, Relation, Statement
from content_app.models.publication import Document, IndexTerm, Library, Release
from content_app.models.sources import Citation, Source

__all__ = [
    "KIND_MODELS",
    "ApiClient",
    "AuditEntry",
    "Citation",
    "Coding",
    "Concept",
    "Condition",
    "Document",
    "Event",
    "Example",
    "FormerSlug",
    "Immutable",
    "IndexTerm",
    "Item",
    "Library",
    "Name",
    "NotCovered",
    "Relation",
    "Release",
    "Revision",
    "SignOff",
    "Source",
    "Statement",
    "SymptomType",
]
