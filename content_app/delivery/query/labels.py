"""Labels beside codes: what readers are to see for each code, so that no app has to join vocabularies.

In: a document as published, or an entry of a list. Out: the same, with `aspect_label` behind `aspect` and so on. Pure:
no Django, no database.
"""

from collections.abc import Callable
from typing import Any

from content_app.vocabulary import terms
from content_app.vocabulary.fields import CODE, OWN, PARTS, Field

Document = dict[str, Any]
BESIDE = "_label"
LABELS = ("none", "beside")
PARAMETER: tuple[dict[str, Any], str] = (
    {"type": "string", "enum": list(LABELS), "default": "none"},
    "With `beside`, each code is followed by its label for readers: `aspect_label` after `aspect`, and so on.",
)


def _labels(given: tuple[Field, ...]) -> dict[str, dict[str, str]]:
    """The labels of each code of these fields. A predicate has its label anyhow, as read from either end."""
    coded = [field for field in given if field.form == CODE and field.name != "predicate"]
    return {field.name: {code: _shown(term) for code, term in field.terms.items()} for field in coded}


def _shown(term: Any) -> str:
    return str(term.name if hasattr(term, "name") else term.label)


KIND = {"kind": {code: term.label for code, term in terms.KINDS.items()} | {"source": "Source"}}
# Under which member of a document, and in which of its parts, which codes have labels.
OF_KIND = {kind: KIND | _labels(given) for kind, given in (*OWN.items(), ("source", PARTS["sources"]))}
OF_PART = {part: labels for part, given in PARTS.items() if (labels := _labels(given))} | {
    "review": {"state": {code: term.label for code, term in terms.REVIEW_STATES.items()}},
    "notices": {"type": {code: term.label for code, term in terms.NOTICE_TYPES.items()}},
}


def labelled(document: Document) -> Document:
    """The document with labels beside the codes that it has."""
    shown = dict(document)
    for part, labels in OF_PART.items():
        if isinstance(entries := shown.get(part), list):
            shown[part] = [_beside(entry, labels) for entry in entries]
        elif isinstance(entries, dict):
            shown[part] = _beside(entries, labels)
    return _beside(shown, OF_KIND[document["kind"]])


def labelled_part(part: str) -> Callable[[Document], Document]:
    """What puts labels beside the codes of an entry of this part of documents."""
    return lambda entry: _beside(entry, OF_PART[part])


def labelled_hit(hit: Document) -> Document:
    """A hit of a search with labels: those of the item, and that of the aspect of a statement that matched."""
    aspect = {"aspect": OF_PART["statements"]["aspect"]}
    return {"item": labelled(hit["item"]), "match": _beside(hit["match"], aspect)}


def _beside(entry: Document, labels: dict[str, dict[str, str]]) -> Document:
    """The entry with the label of each code behind it; null beside null."""
    shown: Document = {}
    for name, value in entry.items():
        shown[name] = value
        if name in labels and not isinstance(value, list | dict):
            shown[name + BESIDE] = labels[name].get(value)
    return shown
