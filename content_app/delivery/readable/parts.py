"""The parts of a document that hang on others: citation marks, relations, codes, names, sources, where it comes from.

In: a public document, the numbers of its sources, the place it is read at. Out: plain data. Pure.
"""

from itertools import groupby
from typing import Any

from content_app.delivery.readable.place import day, doi_address, pubmed_address, web_address
from content_app.delivery.store.place import Place
from content_app.delivery.store.prose import citation, source_citation
from content_app.vocabulary.addresses import href
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.fields import qualities
from content_app.vocabulary.licence import LICENCE
from content_app.vocabulary.terms import (
    EVIDENCE_LEVELS,
    KINDS,
    MATCHES,
    NAME_TYPES,
    SOURCE_TYPES,
    VERIFICATIONS,
    WITHOUT_CODE,
)

Document = dict[str, Any]
Numbers = dict[str, tuple[int, str]]  # by slug: the number of a source in the list, and its title

DISTINCT = "not_the_same_as"
OWN = ("exact", "close")


def address(document: Document) -> str:
    """The address of a document of any kind, tombstones included."""
    return href(document["kind"], document["slug"])


def marks(citations: list[Document], numbers: Numbers) -> list[Document]:
    """The citation marks: the number of the source in the list, its title, and where in it."""
    return [
        {
            "number": numbers[cited["source"]][0],
            "title": numbers[cited["source"]][1],
            "locator": cited["locator"],
            "id": f"source-{cited['source']}",
        }
        for cited in citations
    ]


def rests_on(document: Document) -> list[str]:
    """What the summary and the statements rest on: the sort of evidence that they cite, weakest first."""
    cited = {
        citation["source"] for part in (document["summary"], *document["statements"]) for citation in part["citations"]
    }
    used = {source["evidence_level"] for source in document["sources"] if source["slug"] in cited}
    return [term.label for code, term in reversed(EVIDENCE_LEVELS.items()) if code in used]


def distinct(document: Document, numbers: Numbers, place: Place) -> list[Document]:
    """What it is not, though it is taken for it."""
    return [_relation(r, numbers, place) for r in document["relations"] if r["predicate"] == DISTINCT]


def relations(document: Document, numbers: Numbers, place: Place) -> list[Document]:
    """All other relations, in groups of one predicate, in the order in which the document brings them."""
    others = [relation for relation in document["relations"] if relation["predicate"] != DISTINCT]
    order = list(dict.fromkeys(relation["predicate"] for relation in others))
    others.sort(key=lambda relation: order.index(relation["predicate"]))
    return [
        {"label": label[0].upper() + label[1:], "entries": [_relation(relation, numbers, place) for relation in group]}
        for label, group in groupby(others, key=lambda relation: relation["label"])
    ]


def _relation(relation: Document, numbers: Numbers, place: Place) -> Document:
    beside = relation["display_with"]
    return {
        "name": relation["object"]["name"],
        "href": place.link(relation["object"]["href"]),
        "kind": KINDS[relation["object"]["kind"]].label,
        "qualities": qualities("relations", relation),
        "beside": {"name": beside["name"], "href": place.link(beside["href"])} if beside else None,
        "note": relation["note"],
        "marks": marks(relation["citations"], numbers),
    }


def codings(document: Document) -> Document:
    """Its codes, the systems that have none for it, the sentence that says so, and what to show of the systems."""
    found = [coding for coding in document["codings"] if coding["match"] not in WITHOUT_CODE]
    silent = [coding for coding in document["codings"] if coding["match"] == "none"]
    unchecked = [coding for coding in document["codings"] if coding["match"] == "not_checked"]
    systems = dict.fromkeys(coding["system"] for coding in document["codings"])
    return {
        "sentence": _no_code_sentence(document, found, silent),
        "found": [_coding(coding) for coding in found],
        "silent": [_coding(coding) for coding in silent],
        "unchecked": [_coding(coding) for coding in unchecked],
        "attributions": [CODE_SYSTEMS[system].attribution for system in systems],
    }


def _no_code_sentence(document: Document, found: list[Document], silent: list[Document]) -> str | None:
    if not silent:
        return None
    name = document.get("abbreviation") or document["name"]
    systems = listed([CODE_SYSTEMS[coding["system"]].name for coding in silent])
    none = f"{name} has no code of its own in {systems}. We searched and found none."
    if not found or any(coding["match"] in OWN for coding in found):
        return none
    return (
        f"{none} The codes below are broader or narrower than {name}, or only related to it. None of them means {name}."
    )


def listed(words: list[str]) -> str:
    """Words as a list in a sentence: a, b and c."""
    words = list(dict.fromkeys(words))
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _coding(coding: Document) -> Document:
    match = MATCHES[coding["match"]]
    return {
        "system": CODE_SYSTEMS[coding["system"]].name,
        "version": coding["version"],
        "code": coding["code"],
        "display": coding["display"],
        "match": match.label,
        "meaning": match.meaning,
        "is_own": coding["match"] in OWN,
        "note": coding["note"],
        "checked": f"{VERIFICATIONS[coding['verification']].label}, {day(coding['checked_on'])}",
    }


def names(document: Document, numbers: Numbers) -> list[Document]:
    """All names but the one that heads the page, in groups of one type."""
    others = document["names"][1:]
    groups = [
        {"label": term.label, "entries": [_name(name, numbers) for name in others if name["type"] == code]}
        for code, term in NAME_TYPES.items()
    ]
    return [group for group in groups if group["entries"]]


def _name(name: Document, numbers: Numbers) -> Document:
    own = {field: name[field] for field in ("text", "language", "note")}
    return {**own, "marks": marks(name["citations"], numbers)}


def source(given: Document, place: Place) -> Document:
    """A source: how to cite it, what it is worth, where it is found."""
    evidence = EVIDENCE_LEVELS[given["evidence_level"]]
    return {
        "id": f"source-{given['slug']}",
        "title": given["title"],
        "citation": source_citation(given),
        "type": SOURCE_TYPES[given["type"]].label,
        "type_meaning": SOURCE_TYPES[given["type"]].meaning,
        "evidence": evidence.label,
        "evidence_meaning": evidence.meaning,
        "note": given["note"],
        "is_retracted": given["retracted"],
        "isbn": given["isbn"],
        "licence": given["licence"],
        "href": place.link(given["href"]),
        "links": _links(given),
    }


def _links(given: Document) -> list[Document]:
    """Where the work itself is: its page, its DOI, PubMed."""
    links = [
        ("Read the work", web_address(given["url"])),
        (f"DOI {given['doi']}", doi_address(given["doi"]) if given["doi"] else None),
        (f"PubMed {given['pmid']}", pubmed_address(given["pmid"]) if given["pmid"] else None),
    ]
    return [{"label": label, "href": link} for label, link in links if link]


def about(document: Document, place: Place) -> Document:
    """Which version it is, its hash, its licence, how to cite it, and its other forms."""
    meta, here = document["meta"], address(document)
    return {
        "id": document["id"],
        "version": meta["version"],
        "version_release": meta["release"],
        "published_on": day(meta["published_at"]),
        "published_at": meta["published_at"],
        "sha256": meta["sha256"],
        "release": place.release,
        "is_pinned": place.is_pinned,
        "here": here,
        "canonical": place.base + here,
        "permanent": f"{place.base}{here}?release={place.release}",
        "cite_as": citation({**document, "links": {"self": here}}, place.base, meta["release"], meta["published_at"]),
        "licence": LICENCE if document["kind"] == "source" else document["licence"],
        "forms": _forms(document, place),
        "history": None if document["kind"] == "source" else place.link(f"/library/history/{document['id']}/"),
    }


def _forms(document: Document, place: Place) -> list[Document]:
    """The same document for machines. Every form has an address that a link can carry."""
    here = address(document).rstrip("/")
    forms = [
        ("JSON", f"{here}.json", "application/json"),
        ("Markdown", f"{here}.md", "text/markdown"),
        ("JSON-LD", f"{here}.jsonld", "application/ld+json"),
        ("Turtle", f"{here}.ttl", "text/turtle"),
    ]
    return [{"label": label, "href": place.link(form), "type": media_type} for label, form, media_type in forms]
