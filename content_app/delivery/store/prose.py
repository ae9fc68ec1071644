"""The sentences that every form of a document says alike: how a code fits, where it comes from, how to cite it.

In: parts of public documents. Out: plain text, which whoever shows it escapes. No Django, no database.
"""

from datetime import date
from typing import Any

from content_app.vocabulary.code_systems import SYSTEM_NAMES
from content_app.vocabulary.licence import LICENCE
from content_app.vocabulary.terms import LAYERS, REVIEW_STATES

Document = dict[str, Any]

# For programs that write texts of their own from ours.
HOW_TO_USE = (
    "Quote this content with its citation. Show the notices, and say what is not covered. Do not fill gaps from other "
    "sources as if the text came from here. Say how each statement is worded and what "
    "evidence it rests on. Never turn this content into a "
    "diagnosis or into advice for an individual."
)
# What heads statements on other people, from other works, than what an item is made from.
LAYER_TITLES = {"literature": "From the literature"}
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


def by_layer(statements: list[Document]) -> list[tuple[str, list[Document]]]:
    """The statements of each layer that there is, in the order of the vocabulary."""
    layers = [(code, [statement for statement in statements if statement["layer"] == code]) for code in LAYERS]
    return [(code, given) for code, given in layers if given]


def match_sentence(coding: Document) -> str:
    """How the code of a coding relates to the item, in a sentence."""
    title = f" ({coding['display']})" if coding.get("display") else ""
    code = f"{SYSTEM_NAMES[coding['system']].name} {coding['code']}{title}"
    return MATCH_SENTENCES[coding["match"]].format(code=code)


def provenance(document: Document, today: date | None) -> str:
    """Which version it is, when it was reviewed, and whether that is overdue."""
    meta, review = document["meta"], document["review"]
    return (
        f"Version {meta['version']}, published in release {meta['release']}. {review_sentence(review, today)} "
        f"{document['licence']['attribution']}."
    )


def is_reviewed(review: Document) -> bool:
    """Whether a clinician has signed the content off."""
    return bool(review["state"] == "clinically_reviewed")


def review_sentence(review: Document, today: date | None) -> str:
    """The review state, said the same way in every form."""
    if not is_reviewed(review):
        checked = f" Editorial check on {review['reviewed_on']}." if review["reviewed_on"] else ""
        return f"{REVIEW_STATES['not_clinically_reviewed'].label}.{checked}"
    overdue = " This review is overdue." if is_overdue(review, today) else ""
    return (
        f"Clinically reviewed on {review['reviewed_on']} ({review['reviewer_role']}). Next review due by "
        f"{review['review_due_on']}.{overdue}"
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
    """A source in one line: who wrote it, what, where and when; of a web page also the day on which it was read."""
    parts = [
        ", ".join(source["authors"]),
        source["title"],
        _place_in_container(source),
        source["organisation"],
        str(source["year"]) if source["year"] else None,
        f"doi:{source['doi']}" if source["doi"] else None,
        f"PMID {source['pmid']}" if source["pmid"] else None,
        f"Read on {source['accessed_on']}" if source["accessed_on"] else None,
        "RETRACTED" if source["retracted"] else None,
    ]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def _place_in_container(source: Document) -> str | None:
    """The journal, book or website with volume, issue and pages, as in "Pain 161(9): 2044-2054"."""
    issue = f"({source['issue']})" if source["issue"] else ""
    numbers = f"{source['volume'] or ''}{issue}"
    before_pages = " ".join(filter(None, (source["container"], numbers)))
    return ": ".join(filter(None, (before_pages, source["pages"]))) or None
