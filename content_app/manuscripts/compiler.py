"""Compiles an editorial document into the public one: once, when it is published.

In: the editorial document, a `Directory` that resolves what it names, its review. Out: a `Compiled` document with
the lookups that readers may make of it. Pure: the same input gives the same bytes.
"""

import gzip
import unicodedata
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rest_framework.serializers import Serializer

from content_app.canonical import compact_json, sha256_of
from content_app.manuscripts.rules import unknown_cause
from content_app.manuscripts.silence import silent_aspects
from content_app.serializers import DOCUMENT_SERIALIZERS, LISTED_SERIALIZERS, TombstoneSerializer
from content_app.vocabulary import not_covered
from content_app.vocabulary.addresses import API, href
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.fields import CODE, FLAG, LINES, OWN, PARTS, Field, written
from content_app.vocabulary.licence import DISCLAIMER, LICENCE
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import COLLECTIONS, EVIDENCE_LEVELS, MATCHES

Document = dict[str, Any]

# Fields whose value sorts a document among its like; each is a lookup.
SORTS = {field.name for given in (*OWN.values(), PARTS["sources"]) for field in given if field.form == CODE}
# By which the review of all of a release is known without reading it.
REVIEW_TERMS = {"review_state": "state", "reviewed_on": "reviewed_on", "review_due_on": "review_due_on"}
# What a document has where nothing is given; elsewhere it is null.
EMPTY: dict[str, Any] = {LINES: [], FLAG: False}
NOT_REVIEWED = "This content has not yet been reviewed by a clinician."
NOT_A_FACT = "This is an analogy. It helps to explain an idea, but it is not a fact about the body."


@dataclass(frozen=True)
class Target:
    """What a document may say of another published item."""

    id: str
    kind: str
    slug: str
    name: str


@dataclass(frozen=True)
class Directory:
    """What the names in a document stand for: items by reference (`kind/slug`), sources by slug."""

    items: dict[str, Target]
    sources: dict[str, Document]


@dataclass(frozen=True)
class Compiled:
    """A public document before it has a version: its content, and the (name, value) terms that find it."""

    id: str
    kind: str
    slug: str
    name: str
    content: Document
    terms: frozenset[tuple[str, str]]

    @cached_property
    def sha256(self) -> str:
        return sha256_of(self.content)

    @property
    def is_tombstone(self) -> bool:
        return bool(self.content.get("withdrawn"))


@dataclass(frozen=True)
class Rendering:
    """The bytes that are stored with a version of a document."""

    body: bytes
    body_gzip: bytes
    list_form: bytes


def compile_item(document: Document, directory: Directory, review: Document, former_slugs: list[str]) -> Compiled:
    """The public document of an item. Raises KeyError if the directory lacks something the document names."""
    fields = {
        "id": document["uuid"],
        "kind": document["kind"],
        "slug": document["slug"],
        "name": document["name"],
        **_filled(OWN[document["kind"]], document),
        "names": _names(document),
        "summary": {**document["summary"], "citations": _citations(document)},
        "statements": [_statement(statement, directory) for statement in document.get("statements", [])],
        "relations": [_relation(document, relation, directory) for relation in document.get("relations", [])],
        "codings": [_coding(coding) for coding in sorted(document.get("codings", []), key=_closeness)],
        "sources": [cited_source(directory.sources[slug]) for slug in cited_slugs(document)],
        "review": review,
        "not_covered": [not_covered.entry(aspect) for aspect in silent_aspects(document)],
        "notices": _notices(document, directory, review),
        "licence": LICENCE,
        "links": _links(document),
    }
    content = _shaped(SHAPES[document["kind"]], fields)
    return Compiled(
        id=document["uuid"],
        kind=document["kind"],
        slug=document["slug"],
        name=document["name"],
        content=content,
        terms=terms_of(content, former_slugs),
    )


def compile_source(document: Document) -> Compiled:
    """The public document of a source."""
    fields = {"kind": "source", "name": document["title"], **cited_source(document)}
    content = _shaped(SHAPES["source"], fields)
    return Compiled(document["uuid"], "source", document["slug"], document["title"], content, terms_of(content, []))


def compile_tombstone(
    current: Document, reason: str, note: str, replaced_by: Target | None, former_slugs: list[str]
) -> Compiled:
    """What stands at the address of an item that is withdrawn. `current` is its last public document."""
    fields = {key: current[key] for key in ("id", "kind", "slug", "name")} | {
        "withdrawn": True,
        "reason": reason,
        "note": note or None,
        "replaced_by": reference(replaced_by) if replaced_by else None,
    }
    content = _shaped(TOMBSTONE_SHAPE, fields)
    terms = terms_of(content, former_slugs)
    return Compiled(current["id"], current["kind"], current["slug"], current["name"], content, terms)


def _shape(serializer: "type[Serializer[Any]]") -> "Serializer[Any]":
    shape = serializer()
    shape.fields.pop("meta")
    return shape


# Building a serializer costs more than using it: each is built once.
SHAPES = {kind: _shape(serializer) for kind, serializer in DOCUMENT_SERIALIZERS.items()}
TOMBSTONE_SHAPE = _shape(TombstoneSerializer)
LISTED_SHAPES = {kind: list(serializer().get_fields()) for kind, serializer in LISTED_SERIALIZERS.items()}


def _shaped(shape: "Serializer[Any]", fields: Document) -> Document:
    """The fields in the published shape, without `meta`. Raises KeyError if one is missing."""
    data: Document = _plain(shape.to_representation(fields))
    return data


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(entry) for entry in data] if isinstance(data, list) else data


def render(compiled: Compiled, version: int, release: int, published_at: str) -> Rendering:
    """The stored bytes of a version: the body with its `meta`, the same compressed, and the form lists show."""
    meta = {"version": version, "release": release, "published_at": published_at, "sha256": compiled.sha256}
    body = compact_json(compiled.content | {"meta": meta})
    # mtime=0: the same body gives the same compressed bytes.
    return Rendering(body, gzip.compress(body, 6, mtime=0), list_form(compiled.content, meta))


def list_form(content: Document, meta: Document) -> bytes:
    """A public document as lists show it."""
    return compact_json(_listed(content, meta))


def _listed(content: Document, meta: Document) -> Document:
    if content["kind"] == "source" or content.get("withdrawn"):
        return content | {"meta": meta}
    shape = LISTED_SHAPES[content["kind"]]
    own = {"review_due_on": content["review"]["review_due_on"], "href": content["links"]["self"], "meta": meta}
    own["summary"] = {audience: content["summary"][audience] for audience in ("clinical", "plain")}
    return {field: own[field] if field in own else content[field] for field in shape}


def sort_name(name: str) -> str:
    """The key that lists are ordered by: without case and accents. Ties go by identifier."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))[:500]


def reference(target: Target) -> Document:
    """A short form of another item, as documents show it."""
    return {
        "id": target.id,
        "kind": target.kind,
        "slug": target.slug,
        "name": target.name,
        "href": href(target.kind, target.slug),
    }


def relation_id(subject: str, predicate: str, object_id: str) -> str:
    """The permanent identifier of a relation: a UUID (version 5) made from its two ends and its predicate."""
    return str(uuid.uuid5(uuid.UUID(subject), f"{predicate}|{object_id}"))


def cited_slugs(document: Document) -> list[str]:
    """Slugs of all sources the document cites, in order of first use."""
    parts = [document, *(entry for part in ("names", "statements", "relations") for entry in document.get(part, []))]
    return list(dict.fromkeys(citation["source"] for part in parts for citation in part.get("citations", [])))


def references(document: Document) -> list[str]:
    """References of all items the document names, in order of first use."""
    ends = (relation.get(end) for relation in document.get("relations", []) for end in ("object", "display_with"))
    return list(dict.fromkeys(end for end in ends if end))


def _citations(entry: Document) -> list[Document]:
    return [{"source": c["source"], "locator": c.get("locator")} for c in entry.get("citations", [])]


def _names(document: Document) -> list[Document]:
    given = document.get("names", [])
    first = [{"text": document["name"], "type": "preferred"}]
    abbreviation = document.get("abbreviation")
    if abbreviation and all(name["text"] != abbreviation for name in given):
        first.append({"text": abbreviation, "type": "abbreviation"})
    return [_filled(PARTS["names"], name) | {"citations": _citations(name)} for name in first + given]


def _filled(given: tuple[Field, ...], entry: Document) -> Document:
    """These fields of an entry, with null or the default for what it does not say."""
    return {field.name: entry.get(field.name, EMPTY.get(field.form, field.default or None)) for field in given}


def _statement(statement: Document, directory: Directory) -> Document:
    filled = _filled(PARTS["statements"], statement) | {"evidence": _evidence(statement, directory)}
    return {"id": statement["uuid"], **filled, "citations": _citations(statement)}


def _evidence(statement: Document, directory: Directory) -> str | None:
    """The evidence of the strongest source that a statement cites; None if it cites none."""
    levels = {directory.sources[c["source"]]["evidence_level"] for c in statement.get("citations", [])}
    return next((level for level in EVIDENCE_LEVELS if level in levels), None)


def _closeness(coding: Document) -> tuple[int, int]:
    """Codings stand by code system, and in each the best match comes first."""
    return list(CODE_SYSTEMS).index(coding["system"]), list(MATCHES).index(coding["match"])


def _relation(document: Document, relation: Document, directory: Directory) -> Document:
    target = directory.items[relation["object"]]
    beside = relation.get("display_with")
    return {
        **_filled(PARTS["relations"], relation),
        "id": relation_id(document["uuid"], relation["predicate"], target.id),
        "label": PREDICATES[relation["predicate"]].label,
        "object": reference(target),
        "display_with": reference(directory.items[beside]) if beside else None,
        "citations": _citations(relation),
    }


def _coding(coding: Document) -> Document:
    return _filled(PARTS["codings"], coding) | {"system_uri": CODE_SYSTEMS[coding["system"]].uri}


def cited_source(source: Document) -> Document:
    """A source as documents show it."""
    own = {"id": source["uuid"], "slug": source["slug"], **_filled(PARTS["sources"], source)}
    return own | {"href": href("source", source["slug"])}


def source_as_published(content: Document) -> Document:
    """The editorial document that a public source was compiled from."""
    given = {field.name: content[field.name] for field in written(PARTS["sources"]) if content[field.name]}
    return {"kind": "source", "uuid": content["id"], "slug": content["slug"], **given}


def _notices(document: Document, directory: Directory, review: Document) -> list[Document]:
    """What must be shown with the item, most urgent first."""
    unknown = unknown_cause(document)
    retracted = [slug for slug in cited_slugs(document) if directory.sources[slug].get("retracted")]
    notices = [
        ("safety", document.get("safety_notice")),
        (
            "retracted_source",
            f"This page is based on work that has been retracted: {', '.join(retracted)}." if retracted else None,
        ),
        ("caution", document.get("caution")),
        ("not_clinically_reviewed", None if review["state"] == "clinically_reviewed" else NOT_REVIEWED),
        ("cause_unknown", unknown["plain"] if unknown else None),
        ("analogy", NOT_A_FACT if document.get("form") == "analogy" else None),
        ("when_to_seek_help", not_covered.SILENT_ON_HELP if "red_flags" in silent_aspects(document) else None),
        ("information_only", DISCLAIMER),
    ]
    return [{"type": kind, "text": text} for kind, text in notices if text]


def _links(document: Document) -> Document:
    return {
        "self": href(document["kind"], document["slug"]),
        "item": f"{API}/items/{document['uuid']}/",
        "collection": f"{API}/{COLLECTIONS[document['kind']]}/",
        "relations_from": f"{API}/relations/?subject={document['uuid']}",
        "relations_to": f"{API}/relations/?object={document['uuid']}",
    }


def terms_of(content: Document, former_slugs: list[str]) -> frozenset[tuple[str, str]]:
    """Every lookup that readers may make of a public document, as (name, value)."""
    aliases = [slug for slug in [*former_slugs, content.get("abbreviation")] if slug and slug != content["slug"]]
    terms = {("alias", alias.casefold()) for alias in aliases}
    if content.get("withdrawn"):
        return frozenset(terms)
    terms |= {(field, content[field]) for field in SORTS if content.get(field)}
    if content["kind"] == "source":
        return frozenset(terms)
    terms |= {("aspect", statement["aspect"]) for statement in content["statements"]}
    terms |= {("layer", statement["layer"]) for statement in content["statements"]}
    terms |= {("statement", statement["id"]) for statement in content["statements"]}
    terms |= {("source", source["slug"]) for source in content["sources"]}
    terms |= {(name, content["review"][field]) for name, field in REVIEW_TERMS.items() if content["review"][field]}
    return frozenset(terms | _terms_of_codings(content["codings"]) | _terms_of_relations(content["relations"]))


def _terms_of_codings(codings: list[Document]) -> set[tuple[str, str]]:
    terms = {("system", coding["system"]) for coding in codings}
    return terms | {("code", f"{c['system']}|{c['code'].casefold()}") for c in codings if c["code"]}


def _terms_of_relations(relations: list[Document]) -> set[tuple[str, str]]:
    terms = set()
    for relation in relations:
        predicate, end = relation["predicate"], relation["object"]["id"]
        terms |= {("predicate", predicate), ("object", end), ("edge", f"{predicate}|{end}")}
        terms |= {("mentions", shown["id"]) for shown in (relation["object"], relation["display_with"]) if shown}
    return terms
