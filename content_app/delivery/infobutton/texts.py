"""The words of the entries, as HTML that holds nothing but text: paragraphs, lists, class names.

In: a public document and the audience. Out: HTML. Notices, what is not covered, sources and review stand in every
text, because readers meet entries one at a time. No Django, no database; everything is escaped.
"""

from datetime import date
from html import escape
from typing import Any

from content_app.delivery.store.prose import DIRECT, LAYER_TITLES, URGENT, by_layer, match_sentence, provenance
from content_app.vocabulary import fields
from content_app.vocabulary.terms import ASPECTS, EVIDENCE_LEVELS

Document = dict[str, Any]


def document_summary(document: Document, audience: str, coding: Document | None, today: date | None) -> str:
    """The whole item in short: names, what the code says of it, summary, notices, what it is not, what is missing.

    That a code does not mean the item is said before everything else.
    """
    return "".join(
        [
            _match(coding, audience) if coding and coding["match"] not in DIRECT else "",
            _notices(document, urgent=True),
            _also_called(document),
            _match(coding, audience) if coding and coding["match"] in DIRECT else "",
            paragraph(document["summary"][audience], "summary"),
            _own(document),
            _sources(document, document["summary"]["citations"]),
            _not_the_same(document),
            _not_covered([entry for entry in document["not_covered"] if entry["must_show"]]),
            _notices(document, urgent=False),
            paragraph(provenance(document, today), "provenance"),
        ]
    )


def section_summary(document: Document, audience: str, aspect: str, today: date | None) -> str:
    """What the item says of one aspect, statement by statement, each with how sure it is and where it comes from."""
    return "".join(
        [
            _notices(document, urgent=True),
            section_body(document, audience, aspect),
            _notices(document, urgent=False),
            paragraph(provenance(document, today), "provenance"),
        ]
    )


def section_body(document: Document, audience: str, aspect: str) -> str:
    """The statements on an aspect, or that there are none. Show the document's notices and provenance with it."""
    statements = [statement for statement in document["statements"] if statement["aspect"] == aspect]
    silent = [entry for entry in document["not_covered"] if entry["aspect"] == aspect]
    told = []
    for layer, group in by_layer(statements):
        told += [paragraph(LAYER_TITLES[layer], "layer")] if layer in LAYER_TITLES else []
        told += [_statement(document, statement, audience) for statement in group]
    return "".join(told) + _not_covered(silent)


def paragraph(text: str, kind: str) -> str:
    return f'<p class="{kind}">{escape(text)}</p>'


def _match(coding: Document, audience: str) -> str:
    note = f" {coding['note']}" if audience == "clinical" and coding["note"] else ""
    return paragraph(match_sentence(coding) + note, "match")


def _notices(document: Document, *, urgent: bool) -> str:
    return "".join(
        paragraph(notice["text"], f"notice {notice['type']}")
        for notice in document["notices"]
        if (notice["type"] in URGENT) is urgent
    )


def _also_called(document: Document) -> str:
    # The class name is that of MedlinePlus Connect, whose clients look for it.
    others = [name["text"] for name in document["names"] if name["type"] in ("synonym", "abbreviation")]
    return paragraph(f"Also called: {', '.join(others)}", "NLMalsoCalled") if others else ""


def _own(document: Document) -> str:
    """What sorts the item among its like, and the texts that it has for itself."""
    told = [(field.title, f"{field.in_words(value)}.") for field, value in fields.facts(document)]
    told += fields.texts(document)
    return "".join(paragraph(f"{label}: {words}", "own") for label, words in told)


def _not_the_same(document: Document) -> str:
    distinct = [relation for relation in document["relations"] if relation["predicate"] == "not_the_same_as"]
    return "".join(
        paragraph(f"Not the same as {relation['object']['name']}. {relation['note'] or ''}".strip(), "not-the-same")
        for relation in distinct
    )


def _not_covered(entries: list[Document]) -> str:
    items = "".join(f"<li>{escape(entry['text'])}</li>" for entry in entries)
    return f'<ul class="not-covered">{items}</ul>' if items else ""


def _statement(document: Document, statement: Document, audience: str) -> str:
    told = (f"{words[0].upper()}{words[1:]}." for words in fields.qualities("statements", statement))
    said = "".join(f" <em>{escape(sentence)}</em>" for sentence in told)
    return f"<p>{escape(statement[audience])}{said}</p>" + _sources(document, statement["citations"])


def _sources(document: Document, citations: list[Document]) -> str:
    titles = {source["slug"]: _source(source) for source in document["sources"]}
    cited = [", ".join(filter(None, (titles[entry["source"]], entry["locator"]))) for entry in citations]
    return paragraph(f"Source: {'; '.join(cited)}.", "source") if cited else ""


def _source(source: Document) -> str:
    year = f" ({source['year']})" if source["year"] else ""
    rests_on = EVIDENCE_LEVELS[source["evidence_level"]].label.lower()
    return f"{source['title']}{year}, {rests_on}{' [retracted]' if source['retracted'] else ''}"


def section_title(document: Document, aspect: str) -> str:
    return f"{document['name']}: {ASPECTS[aspect].label}"
