"""The JSON-LD of a document: a schema.org page, what it is about, what it says and what it rests on.

In: a document as released, and where the server is. Out: plain data. `json_ld` names our context by its address;
`embedded` carries it in itself, for search engines that read it in a page.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from content_app.canonical import compact_json
from content_app.delivery.linked_data import context
from content_app.delivery.linked_data import fields as own
from content_app.delivery.linked_data.things import citations, iris_of_sources, thing
from content_app.delivery.linked_data.words import LIBRARY, Document, page_of, part, urn, word
from content_app.delivery.linked_data.works import without_empty, work
from content_app.vocabulary.licence import DISCLAIMER, LICENCE
from content_app.vocabulary.terms import ASPECTS

# Aspects for which schema.org has a member of HealthAspectEnumeration that means the same. The others are ours only.
HEALTH_ASPECTS = {
    "overview": "OverviewHealthAspect",
    "mechanism": "HowItWorksHealthAspect",
    "cause": "CausesHealthAspect",
    "symptoms": "SymptomsHealthAspect",
    "other_symptoms": "SymptomsHealthAspect",
    "related_conditions": "RelatedTopicsHealthAspect",
    "impact": "LivingWithHealthAspect",
    "lived_experience": "PatientExperienceHealthAspect",
    "risk_factors": "RisksOrComplicationsHealthAspect",
    "complications": "RisksOrComplicationsHealthAspect",
    "red_flags": "SeeDoctorHealthAspect",
    "treatment": "TreatmentsHealthAspect",
    "self_management": "SelfCareHealthAspect",
    "prognosis": "PrognosisHealthAspect",
    "prevention": "PreventionHealthAspect",
}


def json_ld(document: Document, base: str) -> dict[str, Any]:
    """The document as JSON-LD 1.1, with the address of our context."""
    return {"@context": context.address(base), **_page(document, base)}


def embedded(document: Document, base: str) -> dict[str, Any]:
    """The same with schema.org's own context, which search engines know, and the rest of ours in itself."""
    return {"@context": ["https://schema.org", context.ours()], **_page(document, base)}


def of_library(documents: Iterable[Document], base: str, release: int, published_at: str) -> Iterator[str]:
    """Every document of a release as one graph, withdrawn ones included, piece by piece."""
    head = {"@id": urn(LIBRARY), "@type": "Dataset", "name": "AMPS API", "license": LICENCE["url"]}
    about = {"creditText": LICENCE["attribution"], "description": DISCLAIMER, "version": release}
    yield f'{{"@context":{json.dumps(context.address(base))},"@graph":['
    yield _line({**head, **about, "datePublished": published_at})
    for document in documents:
        yield "," + _line(_grave(document) if document.get("withdrawn") else _page(document, base))
    yield "]}\n"


def _line(node: dict[str, Any]) -> str:
    return compact_json(node).decode() + "\n"


def _grave(document: Document) -> dict[str, Any]:
    """A withdrawn item: that it was there, and what takes its place. Nothing that it said."""
    instead = document["replaced_by"]
    return {
        "@id": urn(document["id"]),
        "name": document["name"],
        "creativeWorkStatus": "Withdrawn",
        "amps:withdrawal_reason": word("withdrawal_reasons", document["reason"]),
        **({"amps:replaced_by": {"@id": urn(instead["id"])}} if instead else {}),
    }


def _page(document: Document, base: str) -> dict[str, Any]:
    about = _about_a_source(document, base) if document["kind"] == "source" else _about_an_item(document, base)
    address, meta = page_of(document, base), document["meta"]
    return {
        "@id": address,
        "@type": about["@type"],
        "url": address,
        "name": document["name"],
        "inLanguage": "en",
        "version": meta["version"],
        "datePublished": meta["published_at"],
        "publisher": {"@id": part("publisher"), "@type": "Organization", "name": "AMPS API", "url": f"{base}/"},
        "amps:release": meta["release"],
        "amps:sha256": meta["sha256"],
        **about,
    }


def _about_a_source(source: Document, base: str) -> dict[str, Any]:
    return {"@type": "WebPage", "mainEntity": work(source, base)}


def _about_an_item(document: Document, base: str) -> dict[str, Any]:
    sources, review = iris_of_sources(document), document["review"]
    said = [document["summary"], *document["statements"]]
    rests_on = dict.fromkeys(sources[citation["source"]] for part in said for citation in part["citations"])
    return {
        "@type": "MedicalWebPage",
        "about": {"@id": urn(document["id"])},
        "mainEntity": thing(document, base),
        "abstract": document["summary"]["clinical"],
        "medicalAudience": ["Clinician", {"@type": "MedicalAudience", "audienceType": "Patients and families"}],
        "amps:review_state": review["state"],
        **_reviewed(review),
        "amps:review_due_on": review["review_due_on"],
        "license": document["licence"]["url"],
        "creditText": document["licence"]["attribution"],
        **without_empty(
            {
                "isBasedOn": [{"@id": iri} for iri in rests_on],
                "citation": [work(source, base) for source in document["sources"]],
                "amps:citation": citations(document["summary"]["citations"], sources),
                "hasPart": _sections(document, base, sources),
                "amps:not_covered": [_silence(entry) for entry in document["not_covered"]],
                "amps:notice": [_notice(notice) for notice in document["notices"]],
            }
        ),
    }


def _sections(document: Document, base: str, sources: dict[str, str]) -> list[Document]:
    """One section for each aspect that statements are about, at its place on the page."""
    by_aspect: dict[str, list[Document]] = {}
    for statement in document["statements"]:
        by_aspect.setdefault(statement["aspect"], []).append(_claim(statement, base, sources))
    return [
        {
            "@id": f"{page_of(document, base)}#{aspect.replace('_', '-')}",
            "@type": "HealthTopicContent",
            "name": ASPECTS[aspect].label,
            "amps:aspect": word("aspects", aspect),
            **without_empty({"hasHealthAspect": HEALTH_ASPECTS.get(aspect)}),
            "hasPart": claims,
        }
        for aspect, claims in by_aspect.items()
    ]


def _claim(statement: Document, base: str, sources: dict[str, str]) -> Document:
    return {
        "@id": urn(statement["id"]),
        "@type": "Claim",
        "url": f"{base}/api/v1/statements/{statement['id']}/",
        "text": statement["clinical"],
        "amps:plain": statement["plain"],
        **own.members(own.CLAIMED, statement),
        **without_empty(
            {
                "citation": [{"@id": sources[c["source"]]} for c in statement["citations"]],
                "amps:citation": citations(statement["citations"], sources),
            }
        ),
    }


def _silence(entry: Document) -> Document:
    """What the sources do not say: never to be read as “there is none”."""
    return {
        "@type": "amps:NotCovered",
        "amps:aspect": word("aspects", entry["aspect"]),
        "name": entry["label"],
        "description": entry["text"],
    }


def _reviewed(review: Document) -> Document:
    """When and in what role a clinician reviewed it. An editorial check is no review of a medical page."""
    if review["state"] != "clinically_reviewed":
        return {}
    # A role between the page and a person (schema.org/Role): who it was is in no document, and no name is invented.
    role = review["reviewer_role"]
    person = {"@type": "Person", "jobTitle": role}
    return {
        "lastReviewed": review["reviewed_on"],
        "reviewedBy": {"@type": "Role", "roleName": role, "reviewedBy": person},
    }


def _notice(notice: Document) -> Document:
    return {
        "@type": "amps:Notice",
        "amps:notice_type": notice["type"],
        "description": notice["text"],
    }
