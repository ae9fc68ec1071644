"""The library as of one release: its documents, and what FHIR resources need to know of them.

In: the documents that are current in a release, tombstones included, and the codes of all items. Out: `Edition`.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from content_app.delivery.fhir.library.identity import PUBLISHER, meta, version_of
from content_app.delivery.fhir.terminology.canonical_urls import canonical
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.delivery.http.safety import addresses_of
from content_app.delivery.store.prose import is_reviewed
from content_app.delivery.store.symmetric import named_by, seen_from_both_ends
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

Document = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition"
CODED_KINDS = ("condition", "concept", "symptom_type")


@dataclass(eq=False)
class Edition:
    """All documents of a release, by name. `codes` gives the FHIR code of each item by its identifier.

    Who holds one need not have read them: `documents` and `codes` may be read when they are first asked for.
    """

    release: int
    published_at: str
    documents: tuple[Document, ...]
    codes: dict[str, str] = field(repr=False)

    @cached_property
    def by_id(self) -> dict[str, Document]:
        return {document["id"]: document for document in self.documents}

    @property
    def coded(self) -> list[Document]:
        """The items that are concepts of the code system, withdrawn ones included."""
        return [document for document in self.documents if document["kind"] in CODED_KINDS]

    @property
    def living(self) -> list[Document]:
        return [document for document in self.documents if not document.get("withdrawn")]

    @cached_property
    def _named_by(self) -> dict[str, list[Document]]:
        return named_by(self.living)

    @cached_property
    def _reviews(self) -> list[Document]:
        return [document["review"] for document in self.living if "review" in document]

    @cached_property
    def is_reviewed(self) -> bool:
        """Whether a clinician has reviewed all of it."""
        return all(is_reviewed(review) for review in self._reviews)

    @cached_property
    def first_review(self) -> tuple[str, str] | None:
        """The earliest day on which an item was reviewed, and the earliest on which one is due. None if one has none.

        A preview has not been signed off yet.
        """
        days = [(review["reviewed_on"], review["review_due_on"]) for review in self._reviews]
        if not days or not all(reviewed_on for reviewed_on, _ in days):
            return None
        return min(reviewed_on for reviewed_on, _ in days), min(due_on for _, due_on in days)

    @property
    def review_sentence(self) -> str:
        """That a clinician has not reviewed all of the content yet; empty if one has."""
        return "" if self.is_reviewed else "Not all of this content has been reviewed by a clinician yet."

    @property
    def status(self) -> str:
        """Active, which is “ready for normal use”, only once a clinician has reviewed all of it.

        https://hl7.org/fhir/R4/valueset-publication-status.html
        """
        return "active" if self.is_reviewed else "draft"

    @property
    def review_dates(self) -> list[Resource]:
        """When it was approved and last reviewed and until when it holds, once a clinician has reviewed all of it.

        The review and the due date are those of the item that is furthest behind. R4 defines the extensions for
        canonical resources (https://hl7.org/fhir/R4/resource-extensions.html).
        """
        if not self.is_reviewed or self.first_review is None:
            return []
        approved = self.published_at[:10]
        reviewed_on, until = self.first_review
        return [
            {"url": f"{HL7}/resource-approvalDate", "valueDate": approved},
            {"url": f"{HL7}/resource-lastReviewDate", "valueDate": reviewed_on},
            {"url": f"{HL7}/resource-effectivePeriod", "valuePeriod": {"start": approved, "end": until}},
        ]

    def with_both_ends(self, document: Document) -> Document:
        """The document with what others say of it and of themselves."""
        return seen_from_both_ends(document, self._named_by.get(document["id"], ()))

    def code(self, document_or_reference: Document) -> str:
        return self.codes[document_or_reference["id"]]

    def warned_in(self, resource: Resource) -> tuple[str, ...]:
        """Addresses of the items with an active safety notice whose Compositions are in a resource."""
        shown = [resource, *(entry.get("resource", {}) for entry in resource.get("entry", ()))]
        ids = [entry.get("id") for entry in shown if entry.get("resourceType") == "Composition"]
        return tuple(addresses_of(self.by_id[key] for key in ids if key in self.by_id))

    def canonical_resource(self, kind: str, resource_id: str, name: str, title: str, description: str) -> Resource:
        """What CodeSystem, ValueSet and ConceptMap begin with."""
        return {
            "resourceType": kind,
            "id": resource_id,
            "meta": meta(self.release, self.published_at),
            "language": "en",
            **({"extension": self.review_dates} if self.review_dates else {}),
            "url": canonical(kind, resource_id),
            "version": version_of(self.release),
            "name": name,
            "title": title,
            "status": self.status,
            "experimental": False,
            "date": self.published_at,
            "publisher": PUBLISHER,
            "description": " ".join(filter(None, (description, self.review_sentence, DISCLAIMER))),
            "copyright": f"{LICENCE['attribution']}: {LICENCE['url']}",
        }
