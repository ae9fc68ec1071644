"""What a request chooses of documents, and the body that is left.

In: query parameters, a stored document, the release that it is read from. Out: a `Selection`, or bytes. What comes back
and what must stay is decided in `selection`.
"""

import json
from dataclasses import replace
from functools import cache
from typing import Any

from django.http import QueryDict

from content_app.canonical import compact_json
from content_app.delivery.query import labels, parameters, selection
from content_app.delivery.query.selection import EXAMPLES, RELATED, Selection
from content_app.delivery.store import examples, reading
from content_app.serializers import DOCUMENT_SERIALIZERS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import LAYERS

BATCH_PARAMETERS = ("fields", "must_show", "audience", "layer", "text", "labels")
SELECTION_PARAMETERS = (*BATCH_PARAMETERS, "include")
SEVERAL = ("fields", "include")
INCLUDABLE = [RELATED, EXAMPLES, *PREDICATES]
ITEM_KINDS = tuple(kind for kind in DOCUMENT_SERIALIZERS if kind != "source")


@cache
def fields_of(*kinds: str) -> list[str]:
    """The names of all fields of these kinds of documents."""
    return list(dict.fromkeys(name for kind in kinds for name in DOCUMENT_SERIALIZERS[kind]().get_fields()))


def parameter_schemas(*kinds: str) -> dict[str, tuple[dict, str]]:
    """The parameters by which readers choose what comes back of documents of these kinds; no kind: of any item."""
    return {
        "fields": (
            parameters.several_of(fields_of(*(kinds or ITEM_KINDS))),
            "Only these fields. Fields that must be shown with the content are always included.",
        ),
        "must_show": (
            {"type": "string", "enum": list(selection.WAYS), "default": selection.INLINE},
            "With `reference`, `not_covered`, `notices` and `licence` are left out unless you choose them, and "
            "`must_show` says which of them the document has and where to read them before you show any content. An "
            "active safety alert is never left out.",
        ),
        "labels": labels.PARAMETER,
        "audience": (
            {"type": "string", "enum": list(selection.AUDIENCES)},
            "Only the texts written for this audience.",
        ),
        "layer": (
            {"type": "string", "enum": list(LAYERS)},
            "Only the statements of this layer: what the lay source says, or what the literature says. `not_covered` "
            "lists the topics that this leaves out.",
        ),
        "text": (
            {"type": "string", "enum": list(selection.TEXTS), "default": "plain"},
            "The format of prose: plain text, CommonMark, or HTML with paragraphs and line breaks only.",
        ),
        "include": (
            parameters.several_of(INCLUDABLE),
            "Also include documents that the item is related to, each once: `related` for all of them, a list of "
            "predicates for some, or `examples` for the examples that illustrate the item or a related one. At most "
            f"{selection.MOST_INCLUDED} are included; `included_left_off` gives the number left out.",
        ),
    }


def selection_asked_for(query: QueryDict, *kinds: str) -> Selection | None:
    """What a request chooses of documents of these kinds; None if nothing. Raises `Problem` (400)."""
    if not any(name in query for name in SELECTION_PARAMETERS):
        return None
    return Selection(
        fields=parameters.values_of(query, "fields", fields_of(*kinds)),
        audience=parameters.one_of(query, "audience", selection.AUDIENCES),
        layer=parameters.one_of(query, "layer", LAYERS),
        text=parameters.one_of(query, "text", selection.TEXTS) or "plain",
        include=parameters.values_of(query, "include", INCLUDABLE),
        must_show=parameters.one_of(query, "must_show", selection.WAYS) or selection.INLINE,
        labels=parameters.one_of(query, "labels", labels.LABELS) == "beside",
    )


def chosen_body(query: QueryDict, stored: bytes, moment: reading.Moment, *kinds: str) -> bytes | None:
    """What a request chooses of a stored document; None if it wants it as it is. Raises `Problem` (400).

    It may name the fields of all the kinds that there may be at the address.
    """
    if not any(name in query for name in SELECTION_PARAMETERS):
        return None
    document = json.loads(stored)
    return selected_body(document, in_release(selection_asked_for(query, *kinds), moment), moment)


def in_release(chosen: Selection | None, moment: reading.Moment) -> Selection:
    """The selection, which leads on to the release that the reader named."""
    return replace(chosen or Selection(), release=moment.release if moment.is_pinned else None)


def selected_body(document: dict[str, Any], chosen: Selection, moment: reading.Moment) -> bytes:
    """What a selection leaves of a document, with the related documents that it asks for: one query more."""
    body = selection.selected(document, chosen)
    if chosen.include:
        wanted = selection.related(document, chosen.include)
        if EXAMPLES in chosen.include:
            wanted = list(dict.fromkeys([*wanted, *(entry["id"] for entry in examples.of(document, moment))]))
        taken = wanted[: selection.MOST_INCLUDED]
        found = bodies_of(taken, moment)
        known = [json.loads(found[key][0]) for key in taken if key in found and not found[key][1]]
        plain = replace(chosen, fields=(), include=())
        body = body | {
            "included": [selection.selected(one, plain) for one in known],
            "included_left_off": len(wanted) - len(taken),
        }
    return compact_json(body)


def bodies_of(identifiers: list[str], moment: reading.Moment) -> dict[str, tuple[bytes, str]]:
    """Body and reason of withdrawal of the items that there are, by identifier: one query."""
    rows = reading.documents(moment).filter(item_uuid__in=identifiers).exclude(kind="source")
    return {
        str(item_uuid): (bytes(body), reason)
        for item_uuid, body, reason in rows.values_list("item_uuid", "body", "tombstone_reason")
    }
