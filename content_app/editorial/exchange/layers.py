"""Leaves layers out of documents before they are imported, so that a library can be built of the lay source alone.

In: documents as `files.read` gives them, and the layers to keep. Out: the same without the statements of other layers
and without the sources that then nothing cites. What is not of the right form is handed on as it is: importing says
what is wrong with it. Nothing is stored.
"""

from collections.abc import Iterable
from typing import Any

from content_app.editorial.exchange.files import Problem
from content_app.manuscripts.compiler import cited_slugs
from content_app.manuscripts.rules import unknown_cause
from content_app.manuscripts.schema_messages import faults_of_form
from content_app.vocabulary.terms import KINDS, LAYERS

Document = dict[str, Any]
Read = tuple[str, Any | Problem]
UNMARKED = "source_text"  # the layer of a statement that names none


def only(layers: Iterable[str], read: Iterable[Read]) -> list[Read]:
    """The documents with these layers alone."""
    documents = list(read)
    if set(layers) == LAYERS.keys():
        return documents
    before = _cited(documents)
    kept = [(file, _of_layers(document, layers) if _is_item(document) else document) for file, document in documents]
    orphans = before - _cited(kept)
    return [(file, document) for file, document in kept if not _is_source_of(orphans, document)]


def _is_item(document: Any) -> bool:
    return isinstance(document, dict) and document.get("kind") in KINDS and not list(faults_of_form(document))


def _is_source_of(slugs: set[str], document: Any) -> bool:
    return isinstance(document, dict) and document.get("kind") == "source" and document.get("slug") in slugs


def _cited(documents: list[Read]) -> set[str]:
    return {slug for _, document in documents if _is_item(document) for slug in cited_slugs(document)}


def _of_layers(document: Document, layers: Iterable[str]) -> Document:
    statements = [s for s in document.get("statements", []) if s.get("layer", UNMARKED) in layers]
    kept = document | {"statements": statements}
    if kept.get("cause_status") == "unknown" and not unknown_cause(kept):
        kept["cause_status"] = "not_stated"  # what said that it is unknown is left out
    return kept
