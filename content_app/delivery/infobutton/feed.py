"""Builds the knowledge response, as plain data in the shape of its JSON form.

In: a `Question`, the documents that answer it, and when and where. Out: a dict with one member, `feed`. Texts are
`_value`, attributes plain members; `entry`, `link` and `category` are always lists. No Django, no database.
Sources: HL7 Infobutton SOA Implementation Guide (the order of elements, the schemes of categories), RFC 4287, the
answers of MedlinePlus Connect.
"""

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from content_app.delivery.infobutton import texts
from content_app.delivery.infobutton.asking import Concept, Question
from content_app.delivery.infobutton.terms import (
    AUDIENCE_NAMES,
    JSON,
    MESH,
    QUALIFIER_OF_ASPECT,
    SYSTEM_LABELS,
    XSI,
)
from content_app.delivery.store.place import Place
from content_app.delivery.store.prose import DIRECT
from content_app.vocabulary.addresses import page
from content_app.vocabulary.code_systems import SYSTEM_NAMES
from content_app.vocabulary.licence import LICENCE
from content_app.vocabulary.terms import ASPECTS

Element = dict[str, Any]

OUTCOMES = {
    "found": "",
    "unknown-code": "This code system is known, but none of our content has this code. This does not mean that the "
    "code does not exist.",
    "broader-code": "The code is broader than the conditions described here, or only related to them. A person with "
    "this code does not necessarily have any of them, so none is shown.",
    "unknown-code-system": "None of our content is coded in this code system.",
    "unknown-name": "None of our content has exactly this name.",
}


@dataclass(frozen=True)
class Hit:
    """A document that answers, and the coding that led to it; None if it was found by its name."""

    document: dict[str, Any]
    coding: dict[str, Any] | None

    @property
    def is_meant(self) -> bool:
        """Whether it is what was asked for, and not something broader or related."""
        return self.coding is None or self.coding["match"] in DIRECT

    @property
    def may_open(self) -> bool:
        """Whether a patient may be led to it: to a condition only by a code that means it, or a part of it."""
        return self.is_meant or self.document["kind"] != "condition"


@dataclass(frozen=True)
class AnswerPlace(Place):
    """When and where the answer is given. `path` is that of the request."""

    path: str = ""


def to_feed(question: Question, hits: list[Hit], outcome: str, where: AnswerPlace) -> Element:
    """The knowledge response. Document entries come first, best match first; sections follow as their siblings."""
    entries = [_document_entry(question, hit, where) for hit in hits]
    for hit in in_full(hits):
        entries += [_section_entry(question, hit.document, aspect, where) for aspect in sections(question, hit)]
    return {
        "feed": {
            "xsi": XSI,
            "base": f"{where.base}/",
            "lang": "en",
            "title": text("AMPS API"),
            "subtitle": text(subtitle(question, outcome)),
            "author": {"name": {"_value": "AMPS API"}, "uri": {"_value": f"{where.base}/"}},
            "updated": {"_value": where.published_at},
            "category": _feed_categories(question, outcome),
            "id": {"_value": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, _query(question, with_form=False))}"},
            "link": _feed_links(question, where),
            "rights": text(f"{LICENCE['attribution']}. {LICENCE['url']}"),
            "generator": {"_value": f"AMPS API, release {where.release}"},
            "entry": entries,
        }
    }


def in_full(hits: list[Hit]) -> list[Hit]:
    """The documents that are shown section by section: those that are meant; if none is, all."""
    return [hit for hit in hits if hit.is_meant] or hits


def sections(question: Question, hit: Hit) -> list[str]:
    """The aspects that get a section: those with statements, or those asked for; the task's own come first."""
    stated = list(dict.fromkeys(statement["aspect"] for statement in hit.document["statements"]))
    if question.aspects:
        silent = [entry["aspect"] for entry in hit.document["not_covered"]]
        shown = [aspect for aspect in question.aspects if aspect in stated or aspect in silent]
    else:
        shown = stated
    first = question.aspects_first
    return sorted(shown, key=lambda aspect: first.index(aspect) if aspect in first else len(first))


def subtitle(question: Question, outcome: str) -> str:
    """What was looked for and what became of it, for people."""
    asked = "; ".join(_in_words(concept) for concept in question.concepts)
    sentences = [f"AMPS API results for {asked}, {AUDIENCE_NAMES[question.audience]}.", OUTCOMES[outcome]]
    if question.language.lower().partition("-")[0] != "en":
        sentences.append(f"You asked for content in “{question.language}”. All content is in English.")
    for topic in question.unknown_sub_topics:
        sentences.append(f"The subtopic “{topic}” is not known, so all sections are shown.")
    return " ".join(filter(None, sentences))


def text(value: str, kind: str = "text") -> Element:
    return {"_value": value, "type": kind}


def _in_words(concept: Concept) -> str:
    if not concept.code:
        return f"“{concept.text}”"
    return f"{SYSTEM_LABELS.get(concept.system, concept.system)} {concept.code}"


def _category(scheme: str, term: str) -> Element:
    return {"scheme": scheme, "term": term}


def _feed_categories(question: Question, outcome: str) -> list[Element]:
    """What was asked, as understood. Only schemes of the standard; nothing that is about a patient."""
    categories = []
    for concept in question.concepts:
        if concept.code:
            categories.append(_category("mainSearchCriteria.v.c", concept.code))
            categories.append(_category("mainSearchCriteria.v.cs", concept.system))
        categories.append(_category("mainSearchCriteria.v.dn", concept.name))
        if concept.original:
            categories.append(_category("mainSearchCriteria.v.ot", concept.original))
    for topic in question.sub_topics:
        parts = {"c": topic.code, "cs": topic.system, "dn": topic.name, "ot": topic.original}
        categories += [_category(f"subTopic.v.{part}", term) for part, term in parts.items() if term]
    if question.task:
        categories.append(_category("taskContext.c.c", question.task))
    categories.append(_category("informationRecipient", question.recipient))
    if question.performer:
        categories.append(_category("performer", question.performer))
    categories.append(_category("informationRecipient.languageCode.c", "en"))
    # The standard has no scheme for an outcome; of those it has, relevance comes nearest.
    categories.append(_category("relevanceScore", outcome))
    return categories


def _query(question: Question, *, with_form: bool) -> str:
    """The request again, without what is about a patient."""
    pairs = [("informationRecipient", question.recipient)]
    for number, concept in enumerate(question.concepts):
        index = str(number) if number else ""
        parts = {"cs": concept.system, "c": concept.code, "dn": concept.name, "ot": concept.original}
        pairs += [(f"mainSearchCriteria.v.{part}{index}", value) for part, value in parts.items() if value]
    for number, topic in enumerate(question.sub_topics):
        index = str(number) if number else ""
        parts = {"cs": topic.system, "c": topic.code, "dn": topic.name, "ot": topic.original}
        pairs += [(f"subTopic.v.{part}{index}", value) for part, value in parts.items() if value]
    if with_form:
        pairs += [("taskContext.c.c", question.task)] if question.task else []
        pairs += [*question.moment.items(), ("knowledgeResponseType", question.media_type)]
        pairs += [("callback", question.callback)] if question.callback else []
    return urlencode(pairs)


def _link(href: str, rel: str, media_type: str, title: str) -> Element:
    # All five attributes are required by the schema of the knowledge response.
    return {"href": href, "rel": rel, "type": media_type, "hreflang": "en", "title": title}


def _feed_links(question: Question, where: AnswerPlace) -> list[Element]:
    address = f"{where.base}{where.path}?{_query(question, with_form=True)}"
    library = f"{where.base}/api/v1/?release={where.release}"
    return [
        _link(address, "self", question.media_type, "This response"),
        _link(library, "related", JSON, f"The library, release {where.release}"),
    ]


def page_address(question: Question, document: dict[str, Any], where: AnswerPlace) -> str:
    """Where the page about a document is: for patients in plain words only."""
    chosen = {"audience": question.audience} if question.audience == "plain" else {}
    query = urlencode(chosen | ({"release": str(where.release)} if where.is_pinned else {}))
    return page(document["links"]["self"]) + (f"?{query}" if query else "")


def _entry(
    question: Question, document: dict[str, Any], where: AnswerPlace, title: str, identifier: str, fragment: str = ""
) -> Element:
    """What all entries of a document have in common: title, links, identifier, date."""
    address = f"{where.base}{page_address(question, document, where)}{fragment}"
    source = f"{where.base}{document['links']['item']}?release={where.release}"
    version = f"{document['name']}, version {document['meta']['version']} in release {where.release}"
    return {
        "lang": "en",
        "title": text(title),
        "link": [
            _link(address, "alternate", "text/html", title),
            _link(source, "related", JSON, version),
        ],
        "id": {"_value": f"urn:uuid:{identifier}"},
        "updated": {"_value": document["meta"]["published_at"]},
    }


def _document_entry(question: Question, hit: Hit, where: AnswerPlace) -> Element:
    document, coding = hit.document, hit.coding
    entry = _entry(question, document, where, document["name"], document["id"])
    entry["summary"] = text(texts.document_summary(document, question.audience, coding, where.today), "html")
    if coding:
        entry["category"] = [
            _category("mainSearchCriteria.v.c", coding["code"]),
            _category("mainSearchCriteria.v.cs", SYSTEM_NAMES[coding["system"]].oid or coding["system_uri"]),
            _category("mainSearchCriteria.v.dn", coding["display"] or ""),
            _category("relevanceScore", coding["match"]),
        ]
    else:
        entry["category"] = [_category("mainSearchCriteria.v.dn", document["name"])]
    return entry | {"rights": text(document["licence"]["attribution"])}


def _section_entry(question: Question, document: dict[str, Any], aspect: str, where: AnswerPlace) -> Element:
    identifier = uuid.uuid5(uuid.UUID(document["id"]), aspect)
    title = texts.section_title(document, aspect)
    entry = _entry(question, document, where, title, str(identifier), f"#{aspect.replace('_', '-')}")
    entry["summary"] = text(texts.section_summary(document, question.audience, aspect, where.today), "html")
    code, name = QUALIFIER_OF_ASPECT.get(aspect, ("", ASPECTS[aspect].label))
    coded = [_category("subTopic.v.c", code), _category("subTopic.v.cs", MESH)] if code else []
    entry["category"] = [*coded, _category("subTopic.v.dn", name)]
    parent = {"title": text(document["name"]), "id": {"_value": f"urn:uuid:{document['id']}"}}
    return entry | {"rights": text(document["licence"]["attribution"]), "source": parent}
