"""The sentences that every form of a document says alike: how a code fits, where it comes from, how to cite it.

In: parts of public documents. Out: plain text, which whoever shows it escapes. No Django, no database.
"""

from datetime import date
from typing import Any

from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.licence import LICENCE

Document = dict[str, Any]

# For programs that write texts of their own from ours.
HOW_TO_USE = (
    "Quote this content with its citation. Show the notices, and say what is not covered. Do not fill gaps from other "
    "sources as if the text came from here. Say how certain each statement is. Never turn this content into a "
    "diagnosis or into advice for an individual."
)
# The types of notices that stand before everything else.
URGENT = ("safety", "retracted_source", "caution")
# What a code says of the item that it is matched to. {code} is the code with its system and title.
MATCH_SENTENCES = {
    "exact": "{code} means the same as the topic described here.",
    "close": "{code} means nearly the same as the topic described here.",
    "narrow": "{code} is narrower than the topic described here. The text covers it and more.",
    "broad": "{code} is broader than the topic described here. A person with this code does not necessarily have it.",
    "related": "{code} is about something related. It is not a code for the topic described here.",
}


def match_sentence(coding: Document) -> str:
    """How the code of a coding relates to the item, in a sentence."""
    title = f" ({coding['display']})" if coding.get("display") else ""
    code = f"{CODE_SYSTEMS[coding['system']].name} {coding['code']}{title}"
    return MATCH_SENTENCES[coding["match"]].format(code=code)


def provenance(document: Document, today: date | None) -> str:
    """Which version it is, when it was reviewed, and whether that is overdue."""
    meta, review = document["meta"], document["review"]
    overdue = " This review is overdue." if is_overdue(review, today) else ""
    return (
        f"Version {meta['version']}, published in release {meta['release']}. Reviewed on {review['reviewed_on']}, "
        f"next review due by {review['review_due_on']}.{overdue} {document['licence']['attribution']}."
    )


def is_overdue(review: Document, today: date | None) -> bool:
    """Whether a review is due before a day. Without a day, or without a date (of a draft), nothing is overdue."""
    return bool(today and review["review_due_on"] and review["review_due_on"] < today.isoformat())


def citation(document: Document, base: str, release: int, published_at: str) -> str:
    """How to name this version of this item, in a release that was published then."""
    address = f"{base}{document['links']['self']}?release={release}"
    return (
        f"“{document['name']}”, AMPS API, version {document['meta']['version']} in release {release} "
        f"({published_at[:10]}), {LICENCE['spdx']}. {address}"
    )


def source_citation(source: Document) -> str:
    """A source in one line: who wrote it, what, where and when."""
    parts = [
        ", ".join(source["authors"]),
        source["title"],
        source["container"],
        source["organisation"],
        str(source["year"]) if source["year"] else None,
        f"doi:{source['doi']}" if source["doi"] else None,
        f"PMID {source['pmid']}" if source["pmid"] else None,
        "RETRACTED" if source["retracted"] else None,
    ]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)
