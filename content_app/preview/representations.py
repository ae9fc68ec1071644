"""The representations of a preview: one row each. A new one is one more row.

In: a `Subject`, a document that publishing would write. Out: the bytes that readers would get at their addresses. In
what leaves the desk, every one says that it is a draft.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from content_app.canonical import compact_json
from content_app.delivery.fhir.library.edition import CODED_KINDS, Edition
from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.server.releases import StoredReleases
from content_app.delivery.fhir.server.service import Request, Service
from content_app.delivery.fhir.server.stored_edition import first_editions
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM
from content_app.delivery.fhir.terminology.outcome import FhirError, Resource
from content_app.delivery.representations.table import BY_SUFFIX, Showing
from content_app.delivery.store import reading, symmetric_query
from content_app.delivery.store.own_codes import FirstEdition, codes

MARK = "Draft preview, not published"
RELY = "It may be wrong and may never be published. Do not rely on it or pass it on."
ELSEWHERE = "Links in the text go to published pages."
Forms = list[tuple[str, str]]


@dataclass(frozen=True)
class Subject:
    """What is shown: the body that publishing would write, the address of this server, whether it leaves the desk."""

    body: bytes
    base: str
    is_marked: bool

    @property
    def document(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(frozen=True)
class Representation:
    """One way to show a document. `make` returns None if this document has none."""

    label: str
    media_type: str
    make: Callable[[Subject], bytes | None]


def as_json(subject: Subject) -> bytes:
    """The document, to the byte; marked, with a first key that no published document has."""
    if not subject.is_marked:
        return subject.body
    return compact_json({"preview": {"status": "draft", "text": MARK}} | subject.document)


def as_fhir_document(subject: Subject) -> bytes:
    """The document Bundle with its Composition, as `fhir/Bundle/<id>` answers it."""
    return _fhir(subject, f"Bundle/{subject.document['id']}")


def as_fhir_concept(subject: Subject) -> bytes | None:
    """What `CodeSystem/$lookup` would say of the item's code; examples have none."""
    document = subject.document
    if document["kind"] not in CODED_KINDS:
        return None
    code = edition(document).code(document)
    return _fhir(subject, "CodeSystem/$lookup", ("system", CODE_SYSTEM), ("code", code))


def as_page(subject: Subject, told: str = RELY, forms: Forms | None = None) -> bytes:
    """The page for people. Marked, it says so, links to no address of its own, and offers `forms` (see `page.html`)."""
    draft = {"mark": MARK, "told": f"{told} {ELSEWHERE}", "forms": forms or []} if subject.is_marked else None
    return BY_SUFFIX["html"].derive(_document_with_both_ends(subject), _setting(subject, draft))


def as_markdown(subject: Subject) -> bytes:
    """The Markdown that language models read; marked in its first line."""
    mark = f"**{MARK}.** {RELY} {ELSEWHERE}\n\n" if subject.is_marked else ""
    return mark.encode() + BY_SUFFIX["md"].derive(_document_with_both_ends(subject), _setting(subject))


def _setting(subject: Subject, draft: dict[str, Any] | None = None) -> Showing:
    return Showing(subject.base, subject.document["meta"]["release"], False, timezone.now().date(), draft=draft)


def _document_with_both_ends(subject: Subject) -> dict[str, Any]:
    """The document with what the published ones say of it and of themselves."""
    now = reading.current_moment()
    return symmetric_query.with_both_ends([subject.document], now)[0] if now else subject.document


def composition(subject: Subject) -> Resource:
    """The item as prose."""
    return json.loads(as_fhir_document(subject))["entry"][0]["resource"]


def edition(document: dict[str, Any]) -> Edition:
    """The library as the next release would have it, with this document in it."""
    try:
        current = StoredReleases().current().edition
    except FhirError:  # nothing has been published yet
        current = Edition(0, document["meta"]["published_at"], (), {})
    key, release = document["id"], document["meta"]["release"]
    known = first_editions(current.release)
    if key not in current.codes:
        known.append(FirstEdition(key, document["kind"], document["slug"], release))
    unpublished = {end["id"]: end["slug"] for end in (entry["object"] for entry in document["relations"])}
    return Edition(
        release=release,
        published_at=document["meta"]["published_at"],
        documents=(*(other for other in current.documents if other["id"] != key), document),
        codes=unpublished | codes(known),
    )


class _Previewed:
    """A source of libraries (`service.Releases`) that knows one release: the one that is not."""

    def __init__(self, document: dict[str, Any]):
        self.library = Library(edition(document), lambda release: StoredReleases().as_of(release))

    def current(self) -> Library:
        return self.library

    def as_of(self, release: int) -> Library:
        return self.library

    def coded(self, release: int, asked: Iterable[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]:
        """None: nothing is searched by code in a preview."""
        return []


def _fhir(subject: Subject, path: str, *pairs: tuple[str, str]) -> bytes:
    document = subject.document
    service = Service(_Previewed(document), f"{subject.base}/fhir", document["meta"]["published_at"])
    resource = service.answer(Request("GET", path, list(pairs))).resource
    entries = [entry["resource"] for entry in resource.get("entry", [])]
    for found in entries:
        if not document["review"]["reviewed_on"]:
            found.pop("attester", None)  # nobody has signed it off
    for found in (resource, *entries) if subject.is_marked else ():
        found["meta"] = found.get("meta", {}) | {"tag": [{"display": MARK}]}
        if found["resourceType"] == "Composition":
            found["status"] = "preliminary"
    return compact_json(resource)


REPRESENTATIONS: dict[str, Representation] = {
    "html": Representation("Page", "text/html; charset=utf-8", as_page),
    "json": Representation("JSON", "application/json", as_json),
    "md": Representation("Markdown", "text/markdown; charset=utf-8", as_markdown),
    "fhir": Representation("FHIR document", "application/fhir+json", as_fhir_document),
    "fhir-concept": Representation("FHIR concept", "application/fhir+json", as_fhir_concept),
}
