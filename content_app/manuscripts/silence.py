"""The aspects that a page does not cover: worked out from what it has, so that the two cannot contradict each other.

In: an editorial document. Out: aspects, in the order of the vocabulary. Pure.
"""

from typing import Any

from content_app.vocabulary.terms import ASPECTS, WITHOUT_CODE

Document = dict[str, Any]

# What readers of each kind of item look for. Concepts and examples explain one idea each: nobody expects more of them.
EXPECTED = {
    "condition": tuple(ASPECTS),
    "symptom_type": ("diagnosis", "differential", "red_flags", "treatment"),
}
CLINICAL_NAMES = ("clinical_term", "abbreviation", "synonym", "historical")


def silent_aspects(document: Document) -> list[str]:
    """The aspects that a reader of this kind of item could miss, less those that its parts speak of."""
    covered = {statement["aspect"] for statement in document.get("statements", [])}
    if any(coding["match"] not in WITHOUT_CODE for coding in document.get("codings", [])):
        covered |= {"classification", "coding"}
    types_of_names = {name["type"] for name in document.get("names", [])}
    if types_of_names & set(CLINICAL_NAMES):
        covered.add("terminology")
    if "clinical_term" in types_of_names:
        covered.add("clinical_terms")
    if document.get("citations"):
        covered.add("evidence")  # the page lists its sources, with author and date where they are known
    return [aspect for aspect in EXPECTED.get(document["kind"], ()) if aspect not in covered]
