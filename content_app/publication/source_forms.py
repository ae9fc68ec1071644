"""The forms of sources that readers may get: what a second person has signed off, and nothing else.

In: sources, or the slugs of sources. Out: their editorial documents by slug. Reads only.
"""

from collections.abc import Iterable
from typing import Any

from content_app.manuscripts import rows
from content_app.models import Source

Editorial = dict[str, Any]


class NotSignedOff(Exception):
    """A source was to be published that nobody has signed off. The rules say so before: this is the last door."""


def signed(sources: Iterable[Source]) -> dict[str, Editorial]:
    """Each source in the form that was signed off last. Raises `NotSignedOff`."""
    sources = list(sources)
    never = [source.slug for source in sources if source.signed_revision is None]
    if never:
        raise NotSignedOff(f"Nobody has signed off these sources: {', '.join(never)}.")
    return {source.slug: source.signed_revision.document for source in sources}


def signed_or_drafted(slugs: Iterable[str]) -> dict[str, Editorial]:
    """Each source in the form that was signed off last; one that never was, as it stands."""
    found = Source.objects.filter(slug__in=set(slugs)).select_related("signed_revision")
    return {s.slug: s.signed_revision.document if s.signed_revision else rows.source_document(s) for s in found}
