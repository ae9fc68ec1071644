"""Where published things are found: addresses relative to the server, the same for writing and reading."""

import os

from content_app.vocabulary.terms import COLLECTIONS

API = "/api/v1"
# What the canonical addresses of FHIR resources begin with; without it they are UUIDs. It is part of what codes mean,
# like the rest of the vocabulary, so it is the same for the life of a process (setting CANONICAL_BASE).
CANONICAL_BASE = os.environ.get("CANONICAL_BASE", "").rstrip("/")
# Where each protocol has its addresses.
FHIR, INFOBUTTON, CDS_SERVICES, FEEDS, SANDBOX = "/fhir", "/infobutton", "/cds-services", "/feeds", "/sandbox"
PACKAGES, MCP = "/packages", "/mcp"  # packages are those of FHIR

CATALOG = "/.well-known/api-catalog"


def href(kind: str, slug: str) -> str:
    """The address of a document."""
    return f"{API}/{COLLECTIONS[kind]}/{slug}/"


def page(address: str) -> str:
    """Where a document is found as a page, whatever the reader's program accepts. `address` is the document's own."""
    return as_type(address, "html")


def as_type(address: str, suffix: str) -> str:
    """The address of one representation of the document at an address: `…/slug/` becomes `…/slug.ttl`."""
    return f"{address.rstrip('/')}.{suffix}"
