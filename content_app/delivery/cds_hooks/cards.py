"""Builds the cards: one on what to read, and one where codes of the list name things that are not the same.

In: the documents that codes of the list led to, and where they are served. Out: at most two cards, as plain data.
Cards inform: there is no suggestion, no order of likelihood, and broader and related codes are said to be that.
No Django, no database. Source: CDS Hooks 2.0, Card Attributes.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from content_app.delivery.store.place import Place
from content_app.delivery.store.prose import DIRECT, match_sentence, provenance
from content_app.vocabulary.addresses import page

Card = dict[str, Any]
Document = dict[str, Any]

MOST_ITEMS = 4
LONGEST_SUMMARY = 139
MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


@dataclass(frozen=True)
class Match:
    """A document, and the coding of it that stands on the list."""

    document: Document
    coding: dict[str, Any]

    @property
    def is_direct(self) -> bool:
        return self.coding["match"] in DIRECT

    @property
    def code(self) -> tuple[str, str]:
        return self.coding["system"], self.coding["code"]


def to_cards(matches: list[Match], where: Place) -> list[Card]:
    """At most two cards; none if nothing matches."""
    meant = [match for match in matches if match.is_direct and match.document["kind"] == "condition"]
    return [*([_content_card(meant, where)] if meant else []), *_caution_cards(matches, where)]


def _content_card(shown: list[Match], where: Place) -> Card:
    """What to read on the conditions that codes of the list mean. A broader code never opens a condition."""
    documents = _documents(shown)
    names = ", ".join(document["name"] for document in documents)
    summary = _short(f"Content on {names}", f"Content on {len(documents)} conditions")
    parts = [_about(document, shown, where) for document in documents]
    first = shown[0].coding
    topic = {"system": first["system_uri"], "code": first["code"], "display": first["display"]}
    return _card(summary, [*parts, _notices(documents)], topic, documents, where)


def _documents(matches: Iterable[Match]) -> list[Document]:
    """The first documents by name: an order that says nothing about the patient."""
    documents = {match.document["id"]: match.document for match in matches}.values()
    return sorted(documents, key=lambda document: document["name"].casefold())[:MOST_ITEMS]


def _about(document: Document, matches: list[Match], where: Place) -> str:
    own = [match for match in matches if match.document["id"] == document["id"]]
    sentences = " ".join(plain(match_sentence(match.coding)) for match in own)
    silent = "; ".join(entry["label"].lower() for entry in document["not_covered"] if entry["must_show"])
    lines = [
        f"**{plain(document['name'])}**: {plain(document['summary']['clinical'])}",
        sentences,
        f"Not covered: {plain(silent)}." if silent else "",
        f"*{plain(provenance(document, where.today))}*",
    ]
    return "\n\n".join(line for line in lines if line)


def _notices(documents: list[Document]) -> str:
    """Every notice of the documents, once."""
    texts = dict.fromkeys(notice["text"] for document in documents for notice in document["notices"])
    return "\n>\n".join(f"> {plain(text)}" for text in texts)


def _caution_cards(matches: list[Match], where: Place) -> list[Card]:
    """One card if codes of the list name things that are not the same, or name something they are no code for."""
    pairs = list(_confused(matches))
    notes = [match for match in matches if _is_no_code_for_it(match, matches)]
    if not pairs and not notes:
        return []
    if pairs:
        first, second, _ = pairs[0]
        summary = _short(f"Not the same: {first['name']} and {second['name']}", "Codes here are easily confused")
    else:
        summary = _short(f"{notes[0].coding['code']} is not a code for {notes[0].document['name']}", "Check the code")
    parts = [
        f"**{plain(first['name'])}** is not the same as **{plain(second['name'])}**. {plain(note)}".strip()
        for first, second, note in pairs
    ]
    parts += [plain(f"{match_sentence(match.coding)} {match.coding['note']}") for match in notes]
    named = {d["id"]: d for pair in pairs for d in pair[:2]} | {m.document["id"]: m.document for m in notes}
    documents = list(named.values())[:MOST_ITEMS]
    versions = [f"*{plain(d['name'])}: {plain(provenance(d, where.today))}*" for d in documents]
    topic = {
        "system": f"{where.base}/api/v1/vocabulary/",
        "code": "not_the_same_as",
        "display": "is not the same as",
    }
    return [_card(summary, [*parts, _notices(documents), *versions], topic, documents, where)]


def _confused(matches: list[Match]) -> Iterable[tuple[Document, Document, str]]:
    """(one, other, note) for documents on the list that are not the same, unless one code is only near to both."""
    by_id: dict[str, list[Match]] = {}
    for match in matches:
        by_id.setdefault(match.document["id"], []).append(match)
    for first, own in by_id.items():
        for relation in own[0].document["relations"]:
            second = relation["object"]["id"]
            if relation["predicate"] != "not_the_same_as" or second not in by_id:
                continue
            codes = {match.code for match in own + by_id[second]}
            if len(codes) > 1 or any(match.is_direct for match in own + by_id[second]):
                yield by_id[first][0].document, by_id[second][0].document, relation["note"] or ""


def _is_no_code_for_it(match: Match, matches: list[Match]) -> bool:
    """Whether the code is only related to a condition that editors warn of, and nothing on the list means it."""
    is_warned_of = match.coding["match"] == "related" and match.coding["note"] and match.document["kind"] == "condition"
    meant = any(m.is_direct and (m.code == match.code or m.document["id"] == match.document["id"]) for m in matches)
    return bool(is_warned_of) and not meant


def _card(summary: str, parts: list[str], topic: dict[str, str], documents: list[Document], where: Place) -> Card:
    pin = f"?release={where.release}" if where.is_pinned else ""
    return {
        "uuid": str(uuid.uuid4()),  # of this showing: what is reported of it is not of another patient's
        "summary": summary,
        "detail": "\n\n".join(part for part in parts if part),
        "indicator": "info",
        "source": {
            "label": "AMPS API",
            "url": f"{where.base}/",
            "topic": {name: value for name, value in topic.items() if value},
        },
        "links": [
            {
                "label": document["name"],
                "url": f"{where.base}{page(document['links']['self'])}{pin}",
                "type": "absolute",
            }
            for document in documents
        ],
    }


def _short(sentence: str, otherwise: str) -> str:
    """The sentence if it fits into a summary (fewer than 140 characters)."""
    return sentence if len(sentence) <= LONGEST_SUMMARY else otherwise


def plain(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    return MARKUP.sub(r"\\\1", " ".join(text.split()))
