"""Sources as schema.org works.

In: a source as documents show it. Out: a node. Only what is known of the work is said; authors are as cited.
"""

from content_app.delivery.linked_data import fields as own
from content_app.delivery.linked_data.words import Document, as_iri, page_of, urn

TYPES = {
    "article": "ScholarlyArticle",
    "book": "Book",
    "guideline": "Report",
    "lay_text": "Article",
    "terminology": "DefinedTermSet",
    "web_page": "WebPage",
}
CONTAINERS = {"article": "Periodical", "book": "Book", "web_page": "WebSite"}
IDENTIFIERS = {"doi": "https://doi.org/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/"}


def work(source: Document, base: str) -> Document:
    """The work, with our page about it."""
    kind = source["type"]
    known = {
        "name": source["title"],
        "author": [{"@type": "Person", "name": name} for name in source["authors"] if name != "et al."],
        "publisher": _named("Organization", source["organisation"]),
        "isPartOf": _container(source),
        "pagination": source["pages"],
        "datePublished": str(source["year"]) if source["year"] else None,
        "url": as_iri(source["url"]) if source["url"] else None,
        "sameAs": [as_iri(f"{prefix}{source[name]}") for name, prefix in IDENTIFIERS.items() if source[name]],
        "identifier": [_identifier(name, source[name]) for name in (*IDENTIFIERS, "isbn") if source[name]],
        "license": _named("CreativeWork", source["licence"]),
        "creativeWorkStatus": "Retracted" if source["retracted"] else None,
    }
    page = {"mainEntityOfPage": page_of(source | {"kind": "source"}, base)}
    return {
        "@id": urn(source["id"]),
        "@type": TYPES[kind],
        **without_empty(known),
        **own.members(own.GRADED, source),
        **page,
    }


def without_empty(known: Document) -> Document:
    """What there is: without what is null or empty."""
    return {name: value for name, value in known.items() if value not in (None, [], "")}


def _named(kind: str, name: str | None) -> Document | None:
    return {"@type": kind, "name": name} if name else None


def _container(source: Document) -> Document | None:
    """The issue of the volume of the journal, as far as it is known: each is part of the next (schema.org)."""
    within = _named(CONTAINERS.get(source["type"], "CreativeWork"), source["container"])
    for kind, number, name in (
        ("PublicationVolume", "volumeNumber", "volume"),
        ("PublicationIssue", "issueNumber", "issue"),
    ):
        if source[name]:
            within = without_empty({"@type": kind, number: source[name], "isPartOf": within})
    return within


def _identifier(system: str, value: str) -> Document:
    return {"@type": "PropertyValue", "propertyID": system, "value": value}
