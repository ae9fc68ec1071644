"""The hash that a sign-off is bound to: what a reviewer reads of an item, and of every source that it cites.

In: editorial documents. Out: a hash for each; it changes with any letter that readers would get. A source counts in
the form that was signed off last, so that a later draft of it touches no sign-off; before its first, as it stands.
"""

from content_app.canonical import sha256_of
from content_app.manuscripts import rows
from content_app.manuscripts.compiler import cited_slugs
from content_app.publication.source_forms import signed_or_drafted


def content_hashes(documents: list[rows.Document]) -> dict[str, str]:
    """The hash that a sign-off is bound to, for each document by its uuid."""
    cited = {document["uuid"]: sorted(cited_slugs(document)) for document in documents}
    wanted = {slug for slugs in cited.values() for slug in slugs}
    sources = signed_or_drafted(wanted)
    return {
        document["uuid"]: sha256_of(
            {"document": document, "sources": [sources[slug] for slug in cited[document["uuid"]]]}
        )
        for document in documents
    }
