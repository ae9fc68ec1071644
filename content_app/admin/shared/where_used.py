"""Where something is used: everything that rests on a source or points to an item, in drafts and for readers.

In: a source or an item. Out: `Use`s with links.
"""

from dataclasses import dataclass

from django.db.models import Count

from content_app.admin.items.findings import page_of
from content_app.models import Document, Item, Relation, Source
from content_app.vocabulary.predicates import PREDICATES


@dataclass(frozen=True)
class Use:
    """An item that uses something: its name, its page, how."""

    name: str
    href: str
    how: str


def uses_of_source(source: Source) -> list[Use]:
    """Everything that rests on the source: the working copies of items, and what readers have of them."""
    items = Item.objects.filter(citations__source=source).annotate(times=Count("citations")).order_by("kind", "name")
    found = {item.uuid: Use(item.name, page_of(item), _times(item.times)) for item in items}
    return list(found.values()) + _only_in_public("source", source.slug, set(found))


def uses_of_item(item: Item) -> list[Use]:
    """Every relation that leads to the item or must be shown with it, and what readers have of such."""
    leading = Relation.objects.select_related("subject").order_by("subject__kind", "subject__name", "position")
    found = [
        (relation.subject, PREDICATES[relation.predicate].label + " this") for relation in leading.filter(object=item)
    ]
    found += [(relation.subject, "shows this with a relation") for relation in leading.filter(display_with=item)]
    uses = [Use(subject.name, page_of(subject), how) for subject, how in found]
    return uses + _only_in_public("mentions", str(item.uuid), {subject.uuid for subject, _ in found} | {item.uuid})


def _only_in_public(term: str, value: str, known: set) -> list[Use]:
    """Items whose published document still uses it, though their draft no longer does."""
    documents = Document.objects.filter(superseded_in=None, terms__name=term, terms__value=value)
    items = Item.objects.filter(uuid__in=documents.values("item_uuid")).exclude(uuid__in=known)
    return [Use(item.name, page_of(item), "in what readers have, no longer in the draft") for item in items]


def _times(number: int) -> str:
    return "cited once" if number == 1 else f"cited {number} times"
