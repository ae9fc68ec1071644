"""A selection of the library as editorial documents: items, and the sources that they cite.

In: keys of items. Out: documents one after the other, read in small batches; a source comes once, after all items.
"""

from collections.abc import Iterator, Sequence

from content_app.manuscripts import rows
from content_app.manuscripts.compiler import cited_slugs
from content_app.models import Item, Source

BATCH = 50


def items_with_sources(keys: Sequence[int]) -> Iterator[rows.Document]:
    """The editorial documents of these items, and of every source that they cite."""
    cited: set[str] = set()
    for start in range(0, len(keys), BATCH):
        for document in rows.to_documents(Item.objects.filter(pk__in=keys[start : start + BATCH])):
            cited.update(cited_slugs(document))
            yield document
    slugs = sorted(cited)
    for start in range(0, len(slugs), BATCH):
        for source in Source.objects.filter(slug__in=slugs[start : start + BATCH]):
            yield rows.source_document(source)


def sources(keys: Sequence[int]) -> Iterator[rows.Document]:
    """The editorial documents of these sources."""
    for start in range(0, len(keys), BATCH):
        for source in Source.objects.filter(pk__in=keys[start : start + BATCH]):
            yield rows.source_document(source)
