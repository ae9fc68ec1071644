"""The library as a SKOS concept scheme, in Turtle (https://www.w3.org/TR/skos-reference/).

In: documents as released, and where the server is. Out: text; of a whole library piece by piece, so that memory does
not grow with it. Conditions, concepts and symptom types are concepts; examples and sources are works. What SKOS has
no word for is told beside them: statements as claims, and every relation with its type and its qualifiers.
"""

from collections.abc import Callable, Iterable, Iterator

from content_app.delivery.linked_data import fields as own
from content_app.delivery.linked_data import turtle
from content_app.delivery.linked_data.words import (
    ALIASES,
    LIBRARY,
    OWN_WORDS,
    PREFIXES,
    SCHEMA,
    SKOS_MATCHES,
    Document,
    code_iri,
    is_claimed,
    page_of,
    urn,
)
from content_app.vocabulary.addresses import API
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

SCHEME = turtle.iri(urn(LIBRARY))
Pairs = list[tuple[str, str]]


def of_item(document: Document, base: str) -> str:
    """One document, with the works that it cites."""
    cited = document.get("sources", [])
    works = [_work(source | {"kind": "source"}, base) for source in cited]
    return "".join([_head(base), _block(document, base), *works])


def of_library(documents: Iterable[Document], base: str, release: int, published_at: str) -> Iterator[str]:
    """The scheme and every document of a release, withdrawn ones included."""
    yield _head(base) + _scheme(base, release, published_at)
    for document in documents:
        yield _block(document, base)


def _head(base: str) -> str:
    return turtle.prefixes({**PREFIXES, "schema": SCHEMA, "amps": OWN_WORDS})


def _scheme(base: str, release: int, published_at: str) -> str:
    address = f"{base}{API}/library.ttl?release={release}"
    pairs = [
        ("a", "skos:ConceptScheme"),
        ("dcterms:title", turtle.text("AMPS API", "en")),
        ("dcterms:description", turtle.text(DISCLAIMER, "en")),
        ("dcterms:license", turtle.iri(LICENCE["url"])),
        ("dcterms:rights", turtle.text(LICENCE["attribution"], "en")),
        ("dcterms:issued", turtle.typed(published_at, "xsd:dateTime")),
        ("owl:versionInfo", turtle.text(str(release))),
        ("prov:wasDerivedFrom", turtle.iri(f"{base}{API}/releases/{release}/")),
        ("rdfs:isDefinedBy", turtle.iri(address)),
    ]
    return turtle.block(SCHEME, pairs)


def _block(document: Document, base: str) -> str:
    if document.get("withdrawn"):
        return _grave(document, base)
    if document["kind"] == "source":
        return _work(document, base)
    own = _example(document, base) if document["kind"] == "example" else _concept(document, base) + _places(document)
    return own + _claims(document) + _typed_relations(document)


def _concept(document: Document, base: str) -> str:
    pairs = [
        ("a", "skos:Concept"),
        ("skos:inScheme", SCHEME),
        *_labels(document),
        ("skos:notation", turtle.text(f"{document['kind']}/{document['slug']}")),
        ("skos:definition", turtle.text(document["summary"]["clinical"], "en")),
        ("skos:note", turtle.text(document["summary"]["plain"], "en")),
        *own.pairs(own.own(document), document),
        *_scope_notes(document),
        *_relations(document),
        *([] if _broader(document) else [("skos:topConceptOf", SCHEME)]),
        *_codes(document),
        *_told_with_it(document, base),
    ]
    return turtle.block(turtle.iri(urn(document["id"])), pairs)


def _labels(document: Document) -> Pairs:
    """One preferred label in each language; no text has two sorts of label in one language (S13, S14)."""
    preferred: dict[str, str] = {}
    for name in document["names"]:
        if name["type"] == "preferred":
            preferred.setdefault(name["language"], name["text"])
    pairs = [("skos:prefLabel", turtle.text(text, language)) for language, text in preferred.items()]
    taken = {value for _, value in pairs}
    for predicate, types in (
        ("skos:altLabel", ("preferred", *ALIASES)),
        ("skos:hiddenLabel", ("everyday_wording", "clinical_term")),
    ):
        labels = [turtle.text(name["text"], name["language"]) for name in document["names"] if name["type"] in types]
        pairs += [(predicate, label) for label in dict.fromkeys(labels) if label not in taken]
        taken.update(labels)
    return pairs


def _scope_notes(document: Document) -> Pairs:
    """What it is not, and what the sources do not say of it."""
    distinct = [r for r in document["relations"] if r["predicate"] == "not_the_same_as"]
    notes = [f"Not the same as {r['object']['name']}. {r['note'] or ''}".strip() for r in distinct]
    notes += [entry["text"] for entry in document["not_covered"]]
    return [("skos:scopeNote", turtle.text(note, "en")) for note in notes]


def _relations(document: Document) -> Pairs:
    """`skos:broader` and `skos:related`, of relations that the sources claim; never both to one concept (S27)."""
    broader = _broader(document)
    related = _ends(document, "related_to") - broader
    return [
        *(("skos:broader", turtle.iri(urn(end))) for end in sorted(broader)),
        *(("skos:related", turtle.iri(urn(end))) for end in sorted(related)),
    ]


def _broader(document: Document) -> set[str]:
    """The items that it is a kind of."""
    return _ends(document, "is_kind_of")


def _ends(document: Document, predicate: str) -> set[str]:
    return {r["object"]["id"] for r in document["relations"] if r["predicate"] == predicate and is_claimed(r)}


def _places(document: Document) -> str:
    """Its place in the hierarchy, as those above it say it: from the concepts that it is a kind of, or the scheme."""
    own, above = turtle.iri(urn(document["id"])), sorted(_broader(document))
    if not above:
        return turtle.block(SCHEME, [("skos:hasTopConcept", own)])
    return "".join(turtle.block(turtle.iri(urn(end)), [("skos:narrower", own)]) for end in above)


def _claims(document: Document) -> str:
    """The statements about it."""
    about, cite = turtle.iri(urn(document["id"])), _citing(document)
    return "".join(
        turtle.block(
            turtle.iri(urn(statement["id"])),
            [
                ("a", "schema:Claim"),
                ("schema:about", about),
                ("schema:text", turtle.text(statement["clinical"], "en")),
                ("amps:plain", turtle.text(statement["plain"], "en")),
                *own.pairs([*own.HEADINGS, *own.CLAIMED], statement),
                *cite(statement),
            ],
        )
        for statement in document["statements"]
    )


def _typed_relations(document: Document) -> str:
    """The relations that it has of its own; those that others have to it are told with them."""
    subject, cite = turtle.iri(urn(document["id"])), _citing(document)
    told = ""
    for relation in filter(lambda relation: relation["id"], document["relations"]):
        iri, beside = turtle.iri(urn(relation["id"])), relation["display_with"]
        pairs = [
            ("a", "amps:Relation"),
            ("rdfs:label", turtle.text(relation["label"], "en")),
            ("amps:object", turtle.iri(urn(relation["object"]["id"]))),
            *own.pairs(own.RELATED, relation),
            *([("amps:display_with", turtle.iri(urn(beside["id"])))] if beside else []),
            *([("amps:note", turtle.text(relation["note"], "en"))] if relation["note"] else []),
            *cite(relation),
        ]
        told += turtle.block(subject, [("amps:relation", iri)]) + turtle.block(iri, pairs)
    return told


def _citing(document: Document) -> Callable[[Document], Pairs]:
    """The citations of a part of a document, each a source and the place in it."""
    sources = {source["slug"]: turtle.iri(urn(source["id"])) for source in document["sources"]}

    def pairs(part: Document) -> Pairs:
        told = [
            [
                ("amps:source", sources[c["source"]]),
                *([("amps:locator", turtle.text(c["locator"]))] if c["locator"] else []),
            ]
            for c in part["citations"]
        ]
        return [("amps:citation", turtle.node(each)) for each in told]

    return pairs


def _codes(document: Document) -> Pairs:
    """Codes by how they match. One code is told once, by its nearest match, as S46 asks."""
    nearest: dict[str, str] = {}
    for match, predicate in SKOS_MATCHES.items():
        for coding in document["codings"]:
            if coding["match"] == match:
                nearest.setdefault(code_iri(coding), predicate)
    return [(predicate, turtle.iri(code)) for code, predicate in nearest.items()]


def _told_with_it(document: Document, base: str) -> Pairs:
    """Notices, sources, review, version, terms: what goes with every item."""
    review = document["review"]
    silent = [f"amps:aspects\\/{entry['aspect']}" for entry in document["not_covered"]]
    return [
        *(("amps:notice", turtle.text(notice["text"], "en")) for notice in document["notices"]),
        *(("amps:not_covered", aspect) for aspect in silent),
        *(("dcterms:source", turtle.iri(urn(source["id"]))) for source in document["sources"]),
        ("amps:review_state", turtle.text(review["state"])),
        ("amps:reviewed_on", turtle.typed(review["reviewed_on"], "xsd:date")),
        ("amps:review_due_on", turtle.typed(review["review_due_on"], "xsd:date")),
        ("amps:reviewer_role", turtle.text(review["reviewer_role"], "en")),
        ("dcterms:license", turtle.iri(document["licence"]["url"])),
        *_version(document, base),
    ]


def _version(document: Document, base: str) -> Pairs:
    """Which version it is, and the released document that it was made from."""
    meta, page = document["meta"], page_of(document, base)
    return [
        ("dcterms:type", turtle.text(document["kind"])),
        ("dcterms:identifier", turtle.text(document["id"])),
        ("owl:versionInfo", turtle.text(str(meta["version"]))),
        ("dcterms:issued", turtle.typed(meta["published_at"], "xsd:dateTime")),
        ("amps:release", str(meta["release"])),
        ("amps:sha256", turtle.text(meta["sha256"])),
        ("prov:wasDerivedFrom", turtle.iri(f"{page}?release={meta['release']}")),
        ("rdfs:isDefinedBy", turtle.iri(page)),
    ]


def _example(document: Document, base: str) -> str:
    shown = [r["object"]["id"] for r in document["relations"] if r["predicate"] in ("illustrates", "analogy_for")]
    pairs = [
        ("a", "schema:CreativeWork"),
        ("dcterms:title", turtle.text(document["name"], "en")),
        *(("dcterms:alternative", turtle.text(name["text"], name["language"])) for name in document["names"][1:]),
        ("dcterms:abstract", turtle.text(document["summary"]["clinical"], "en")),
        ("amps:plain", turtle.text(document["summary"]["plain"], "en")),
        *own.pairs(own.own(document), document),
        *(("dcterms:subject", turtle.iri(urn(end))) for end in dict.fromkeys(shown)),
        *_told_with_it(document, base),
    ]
    return turtle.block(turtle.iri(urn(document["id"])), pairs)


def _work(source: Document, base: str) -> str:
    """A source, with Dublin Core terms. Cited in an item it has no version of its own."""
    links = [source["url"], f"https://doi.org/{source['doi']}" if source["doi"] else None]
    links += [f"https://pubmed.ncbi.nlm.nih.gov/{source['pmid']}" if source["pmid"] else None]
    told = {"dcterms:publisher": source["organisation"], "dcterms:rights": source["licence"]}
    pairs = [
        ("a", "dcterms:BibliographicResource"),
        ("dcterms:title", turtle.text(source["title"])),
        *(("dcterms:creator", turtle.text(name)) for name in source["authors"] if name != "et al."),
        *((predicate, turtle.text(value)) for predicate, value in told.items() if value),
        *([("dcterms:date", turtle.typed(source["year"], "xsd:gYear"))] if source["year"] else []),
        *(("rdfs:seeAlso", turtle.iri(link)) for link in links if link),
        *([("dcterms:identifier", turtle.text(f"ISBN {source['isbn']}"))] if source["isbn"] else []),
        *own.pairs(own.RATED, source),
        *(_version(source, base) if "meta" in source else [("rdfs:isDefinedBy", turtle.iri(page_of(source, base)))]),
    ]
    return turtle.block(turtle.iri(urn(source["id"])), pairs)


def _grave(grave: Document, base: str) -> str:
    """A withdrawn item: that it was there, and what takes its place. Nothing that it said."""
    instead = grave["replaced_by"]
    pairs = [
        ("a", "rdfs:Resource"),
        ("owl:deprecated", "true"),
        ("rdfs:label", turtle.text(grave["name"], "en")),
        ("amps:withdrawal_reason", f"amps:withdrawal_reasons\\/{grave['reason']}"),
        *([("dcterms:isReplacedBy", turtle.iri(urn(instead["id"])))] if instead else []),
        *_version(grave, base),
    ]
    return turtle.block(turtle.iri(urn(grave["id"])), pairs)
