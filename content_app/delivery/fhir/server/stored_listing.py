"""The concepts of the library that have some properties, in the order of the code system, a part at a time.

In: a `Moment`, properties that items are looked up by. Out: their number, and the documents from one place to another.
The order is that of the tree: what is a kind of another concept follows it. Who is below whom is known of the few that
are, so that the others are walked along an index and read where they are shown.
"""

import json
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from content_app.delivery.fhir.library.codesystem import kind_of
from content_app.delivery.fhir.server.stored_edition import ORDER
from content_app.delivery.fhir.terminology.outcome import refusal
from content_app.delivery.search import index
from content_app.delivery.store import reading
from content_app.delivery.store.own_codes import CODED_KINDS
from content_app.models.publication import Document as StoredDocument
from content_app.models.publication import IndexTerm
from content_app.publication.index.words import tokens

Document = dict[str, Any]
Place = tuple[str, str, str]  # kind, name, identifier: the order of concepts beside each other
MOST_FOUND = 2000  # concepts that a filter by words may find
MOST_BELOW = 5000  # concepts below others; with more of them, the code system is read whole
LOOKED_UP = ("topic", "category")


class Hierarchy:
    """Which items of a release are a kind of which. `is_known` is false if there are too many to say."""

    def __init__(self, moment: reading.Moment):
        edges = IndexTerm.objects.filter(name="edge", value__gte="is_kind_of|", value__lt="is_kind_of~").order_by()
        coded = reading.documents(moment).filter(kind__in=CODED_KINDS).order_by()
        self.is_known = not edges[MOST_BELOW : MOST_BELOW + 1].exists()
        rows = coded.filter(pk__in=edges.values("document")).values_list(*ORDER, "body") if self.is_known else []
        said = [(kind_of(json.loads(bytes(body))), (kind, name, str(key))) for kind, name, key, body in rows]
        there = coded.filter(item_uuid__in={above for above, _ in said if above}).values_list(*ORDER)
        self.places: dict[str, Place] = {str(key): (kind, name, str(key)) for kind, name, key in there}
        self.below: dict[str, list[Place]] = {above: [] for above in self.places}
        self.above: dict[str, str] = {}
        for above, place in sorted((pair for pair in said if pair[0] in self.below), key=lambda pair: pair[1]):
            self.below[above].append(place)
            self.above[place[2]] = above
            self.places[place[2]] = place

    def with_descendants(self, item_id: str) -> Iterator[str]:
        """An item and all below it, as a tree is read."""
        yield item_id
        for _, _, below in self.below.get(item_id, ()):
            yield from self.with_descendants(below)

    def path(self, place: Place) -> list[Place]:
        """The places of all above an item, and its own: what the order of a tree compares."""
        found = [place]
        while above := self.above.get(found[0][2]):
            found.insert(0, self.places[above])
        return found


class StoredListing:
    """The documents of the concepts that have these properties."""

    def __init__(self, moment: reading.Moment, hierarchy: Hierarchy, having: dict[str, str]):
        self.moment = moment
        self.hierarchy = hierarchy
        self.kinds = [having["kind"]] if "kind" in having else list(CODED_KINDS)
        self.terms = {name: value for name, value in having.items() if name in LOOKED_UP}
        self.fits = Q(kind__in=self.kinds)
        for name, value in self.terms.items():
            self.fits &= Q(Exists(IndexTerm.objects.filter(document=OuterRef("pk"), name=name, value=value)))
        self.found = reading.documents(moment).filter(self.fits)

    def __len__(self) -> int:
        if self.terms:
            return self.found.order_by().count()
        withdrawn = reading.documents(self.moment).filter(kind__in=self.kinds).exclude(tombstone_reason="")
        return sum(self.moment.counts[kind] for kind in self.kinds) + withdrawn.order_by().count()

    def part(self, first: int, last: int) -> list[bytes]:
        """The bodies of those from one place to before another."""
        wanted = list(islice(self._ids(last), first, last))
        rows = StoredDocument.objects.filter(item_uuid__in=wanted).filter(self.moment.is_current_then)
        bodies = {str(key): body for key, body in rows.order_by().values_list("item_uuid", "body")}
        return [bytes(bodies[key]) for key in wanted]

    def having(self, words: list[str]) -> list[bytes] | None:
        """The bodies of those that may have all of these words in a name or in the code, in order.

        None for words that the index does not know as words. Raises FhirError 422 if there are too many.
        """
        pieces = [token.surface for word in words for token in tokens(word)]
        if not pieces or any(not tokens(word) for word in words):
            return None
        keys = {*index.items_named_with(pieces, self.moment.release, MOST_FOUND + 1), *self._with_codes(words)}
        rows = self.found.order_by().filter(item_uuid__in=keys).values_list(*ORDER, "body")[: MOST_FOUND + 1]
        found = [((kind, name, str(key)), bytes(body)) for kind, name, key, body in rows]
        if len(found) > MOST_FOUND:
            text = f"More than {MOST_FOUND} codes fit the filter. Use a longer one"
            raise refusal(422, "too-costly", text, path="filter", message_id="VALUESET_TOO_COSTLY")
        return [body for place, body in sorted(found, key=lambda pair: self.hierarchy.path(pair[0]))]

    def _with_codes(self, words: list[str]) -> list[str]:
        """Items whose code may hold all of these words."""
        found = StoredDocument.objects.filter(kind__in=self.kinds, version=1, first_release__lte=self.moment.release)
        for word in words:
            found = found.filter(slug__contains=word)
        return [str(key) for key in found.order_by().values_list("item_uuid", flat=True)[: MOST_FOUND + 1]]

    def _ids(self, most: int) -> Iterator[str]:
        """The identifiers in order. What is below another comes with it, whatever the kind of the other."""
        tops = [key for key in self.hierarchy.below if key not in self.hierarchy.above]
        walked = self._walked(tops) if tops else self.found
        most += len(self._related)
        for key in walked.order_by(*ORDER).values_list("item_uuid", flat=True)[:most]:
            if str(key) not in self.hierarchy.above:
                yield from (each for each in self.hierarchy.with_descendants(str(key)) if self._fits(each))

    def _walked(self, tops: list[str]) -> QuerySet:
        """The concepts that fit, and those above others, which may fit when they do not."""
        coded = reading.documents(self.moment).filter(kind__in=CODED_KINDS)
        return coded.filter(self.fits | Q(item_uuid__in=tops))

    def _fits(self, item_id: str) -> bool:
        return item_id not in self._related or item_id in self._fitting

    @cached_property
    def _related(self) -> set[str]:
        """All that are above or below another."""
        return set(self.hierarchy.places)

    @cached_property
    def _fitting(self) -> set[str]:
        keys = self.found.order_by().filter(item_uuid__in=self._related).values_list("item_uuid", flat=True)
        return {str(key) for key in keys}
