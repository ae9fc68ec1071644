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
from content_app.delivery.store import reading
from content_app.delivery.store.own_codes import CODED_KINDS
from content_app.models.publication import Document as StoredDocument
from content_app.models.publication import IndexTerm

Document = dict[str, Any]
Place = tuple[str, str, str]  # kind, name, identifier: the order of concepts beside each other
MOST_BELOW = 5000  # concepts below others; with more of them, the code system is read whole
LOOKED_UP = ("topic", "category")


class Hierarchy:
    """Which items of a release are a kind of which. `is_known` is false if there are too many to say."""

    def __init__(self, moment: reading.Moment):
        edges = IndexTerm.objects.filter(document=OuterRef("pk"), name="edge", value__startswith="is_kind_of|")
        coded = reading.documents(moment).filter(kind__in=CODED_KINDS).order_by()
        self.is_known = _few(moment)
        rows = coded.filter(Exists(edges)).values_list(*ORDER, "body") if self.is_known else []
        said = [(kind_of(json.loads(bytes(body))), (kind, name, str(key))) for kind, name, key, body in rows]
        there = coded.filter(item_uuid__in={above for above, _ in said if above}).values_list("item_uuid", flat=True)
        self.below: dict[str, list[Place]] = {str(above): [] for above in there}
        for above, place in sorted(said, key=lambda pair: pair[1]):
            if above in self.below:
                self.below[above].append(place)
        self.children = {key for places in self.below.values() for _, _, key in places}

    def with_descendants(self, item_id: str) -> Iterator[str]:
        """An item and all below it, as a tree is read."""
        yield item_id
        for _, _, below in self.below.get(item_id, ()):
            yield from self.with_descendants(below)


def _few(moment: reading.Moment) -> bool:
    edges = IndexTerm.objects.filter(name="edge", value__startswith="is_kind_of|").order_by()
    return not edges[MOST_BELOW : MOST_BELOW + 1].exists()


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

    def _ids(self, most: int) -> Iterator[str]:
        """The identifiers in order. What is below another comes with it, whatever the kind of the other."""
        tops = [key for key in self.hierarchy.below if key not in self.hierarchy.children]
        walked = self._walked(tops) if tops else self.found
        most += len(self._related)
        for key in walked.order_by(*ORDER).values_list("item_uuid", flat=True)[:most]:
            if str(key) not in self.hierarchy.children:
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
        return {*self.hierarchy.below, *self.hierarchy.children}

    @cached_property
    def _fitting(self) -> set[str]:
        keys = self.found.order_by().filter(item_uuid__in=self._related).values_list("item_uuid", flat=True)
        return {str(key) for key in keys}
