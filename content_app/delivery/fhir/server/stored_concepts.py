"""The library's own code system as of a release, answered by indexed queries: no question about a code reads it whole.

In: a `Moment`. Out: `StoredConcepts`, which answers as a `CodeSystemIndex` of the whole CodeSystem would: a concept is
read when it is asked for, what stands above and below it when that is asked for. Walking through all of them reads
the release, as the whole CodeSystem does.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from typing import Any
from uuid import UUID

from content_app.delivery.fhir.library import codesystem
from content_app.delivery.fhir.library.edition import Edition
from content_app.delivery.fhir.server.stored_listing import LOOKED_UP, Hierarchy, StoredListing
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept, ConceptListing
from content_app.delivery.store import own_codes, reading
from content_app.delivery.store.own_codes import CODED_KINDS
from content_app.delivery.store.symmetric_query import with_both_ends

Document = dict[str, Any]
MOST_BYTES = 2**20  # of bodies, of each release: what is kept of one takes some ten times its bytes


class StoredConcepts(CodeSystemIndex):
    """All concepts of the library in a release. `whole` makes them all, for those who walk through them."""

    def __init__(self, moment: reading.Moment, whole: Callable[[], CodeSystemIndex], edition: Edition):
        super().__init__(codesystem.declaration(moment.release))
        self.resource = Declaration(self.resource, edition)
        self.by_code = ByCode(moment, whole)
        self._whole = whole

    def listing(self, filters: list[dict[str, Any]]) -> ConceptListing | None:
        having = {entry.get("property", ""): entry.get("value") for entry in filters if entry.get("op") == "="}
        is_looked_up = len(having) == len(filters) and having.keys() <= {"kind", *LOOKED_UP} and all(having.values())
        if not is_looked_up or having.get("kind", CODED_KINDS[0]) not in CODED_KINDS or not self.hierarchy.is_known:
            return None
        return Listed(self.by_code, StoredListing(self.by_code.moment, self.hierarchy, having))

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """Who is below whom in this release."""
        return Hierarchy(self.by_code.moment)

    def descendants(self, code: str) -> Iterator[str]:
        """Asked by those who then test every concept, so the whole is read, not each step down by a query."""
        return self._whole().descendants(code)


class Declaration(dict[str, Any]):
    """What the CodeSystem says of itself. Whether it is a draft is found by reading it, when that is asked for."""

    def __init__(self, declared: Document, edition: Edition):
        super().__init__(declared)
        self._edition = edition

    def get(self, key: str, default: Any = None) -> Any:
        return self._edition.status if key == "status" else super().get(key, default)


class ByCode(Mapping[str, Concept]):
    """CodeSystemIndex by code. Keeps those that were asked for last, up to a number of bytes."""

    def __init__(self, moment: reading.Moment, whole: Callable[[], CodeSystemIndex]):
        self.moment = moment
        self._whole = whole
        self._kept: OrderedDict[str, StoredConcept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __getitem__(self, code: str) -> Concept:
        with self._lock:
            if code in self._kept:
                self._kept.move_to_end(code)
                return self._kept[code]
        items = own_codes.items_with([code], self.moment.release)
        item_id = next((item_id for item_id, found in items.items() if found == code), None)
        stored = reading.by_id(self.moment, UUID(item_id)) if item_id else None
        if stored is None:
            raise KeyError(code)
        return self.keep(code, stored.body)

    def keep(self, code: str, body: bytes) -> "StoredConcept":
        """The concept that a body is of. The one kept already stays, as others may hold it."""
        with self._lock:
            if code not in self._kept:
                self._kept[code] = StoredConcept(code, body, self)
                self._bytes += len(body)
                while self._bytes > MOST_BYTES and len(self._kept) > 1:
                    self._bytes -= self._kept.popitem(last=False)[1].size
            return self._kept[code]

    def keep_named(self, bodies: list[bytes]) -> list["StoredConcept"]:
        """The concepts that these bodies are of: as few queries for many as for one."""
        ids = [json.loads(body)["id"] for body in bodies]
        codes = own_codes.codes_of(ids, self.moment.release)
        return [self.keep(codes[item_id], body) for item_id, body in zip(ids, bodies, strict=True)]

    def keep_all(self, bodies: list[bytes]) -> list["StoredConcept"]:
        """The same, with their properties."""
        found = self.keep_named(bodies)
        told = with_both_ends([concept._document for concept in found], self.moment)
        ends = own_codes.codes_of([end for document in told for end in _ends(document)], self.moment.release)
        for concept, document in zip(found, told, strict=True):
            vars(concept).setdefault("properties", codesystem.properties(ends, document))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole().by_code)

    def __len__(self) -> int:
        return len(self._whole().by_code)

    def values(self) -> ValuesView[Concept]:
        """All concepts, in the order of the CodeSystem, not each by a query."""
        return self._whole().by_code.values()

    def items(self) -> ItemsView[str, Concept]:
        """All concepts by code, as `values`."""
        return self._whole().by_code.items()


class StoredConcept(Concept):
    """One concept of the library: its names from its document, what leads to other items when that is asked for."""

    def __init__(self, code: str, body: bytes, all_of_them: ByCode):
        document = json.loads(body)
        self.size = len(body)
        self._document = document
        self._all = all_of_them
        named = codesystem.names(code, document)
        self.code = code
        self.display = named["display"]
        self.definition = named.get("definition")
        self.designations = named.get("designation", [])
        self.extensions = []

    @cached_property
    def properties(self) -> list[Document]:
        [document] = with_both_ends([self._document], self._all.moment)
        return codesystem.properties(own_codes.codes_of(_ends(document), self._all.moment.release), document)

    @cached_property
    def parents(self) -> list[str]:
        above = codesystem.kind_of(self._document)
        return list(own_codes.codes_of([above], self._all.moment.release).values()) if above else []

    @cached_property
    def children(self) -> list[str]:
        item_id, moment = self._document["id"], self._all.moment
        found = reading.with_term(reading.documents(moment), "edge", f"is_kind_of|{item_id}")
        rows = found.order_by().values_list("kind", "sort_name", "item_uuid", "body")
        below = [(str(key), bytes(body)) for _, _, key, body in sorted(rows, key=lambda row: row[:3])]
        below = [(key, body) for key, body in below if codesystem.kind_of(json.loads(body)) == item_id]
        codes = own_codes.codes_of([key for key, _ in below], moment.release)
        return [self._all.keep(codes[key], body).code for key, body in below]


def _ends(document: Document) -> list[str]:
    """The identifiers of the items that a document leads to."""
    ends = [relation["object"]["id"] for relation in document.get("relations", ())]
    return ends + ([document["replaced_by"]["id"]] if document.get("replaced_by") else [])


class Listed(Sequence[Concept]):
    """Concepts that have some properties in common, read where they are asked for."""

    def __init__(self, by_code: ByCode, listing: StoredListing):
        self.by_code = by_code
        self.listing = listing

    @cached_property
    def _length(self) -> int:
        return len(self.listing)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, wanted: Any) -> Any:
        first, last, _ = wanted.indices(len(self)) if isinstance(wanted, slice) else (wanted, wanted + 1, 1)
        found = self.by_code.keep_all(self.listing.part(first, last)) if first < last else []
        return found if isinstance(wanted, slice) else found[0]

    def having(self, words: list[str]) -> Sequence[Concept] | None:
        """Those that may have all of these words in a name or in the code; None if that cannot be looked up."""
        bodies = self.listing.having(words)
        return None if bodies is None else self.by_code.keep_named(bodies)

    def __iter__(self) -> Iterator[Concept]:
        """All of them, by walking through the whole."""
        having = [("kind", set(self.listing.kinds)), *((name, {value}) for name, value in self.listing.terms.items())]
        for concept in self.by_code.values():
            if all(not values.isdisjoint(concept.values(name)) for name, values in having):
                yield concept
