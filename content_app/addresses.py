"""Where published things are found: addresses relative to the server, the same for writing and reading."""

from content_app.vocabulary import COLLECTIONS

API = "/api/v1"


def href(kind: str, slug: str) -> str:
    """The address of a document."""
    return f"{API}/{COLLECTIONS[kind]}/{slug}/"
