"""A document as a page for people.

In: a public document (item, source or tombstone), the place it is read at, its JSON-LD. Out: HTML that works without
scripts and under a policy that allows none. Everything of a document is escaped by the templates.
"""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from content_app.delivery.readable import content, parts
from content_app.delivery.store.place import Place
from content_app.vocabulary.terms import COLLECTIONS, KINDS

Document = dict[str, Any]

# What could end the data block, or start a comment in it, as JSON escapes (HTML, section 4.12.1.3).
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def html(
    document: Document,
    place: Place,
    *,
    json_ld: str = "",
    draft: Document | None = None,
    chosen: dict[str, str] | None = None,
) -> bytes:
    """The page of a document.

    `json_ld` is embedded as a data block. `chosen` is to which audience and layer the document was cut.
    `draft` marks a page that is not published: `mark`, and what else the banner says (`told`), with the draft's other
    `forms` (label and address). It has no address of its own yet, so it links to none, and nobody may index it.
    """
    if document.get("withdrawn"):
        return _written(
            "gone", {"page": content.tombstone(document, place), "collection": _collection(document, place)}
        )
    is_source = document["kind"] == "source"
    page = content.source(document, place) if is_source else content.item(document, place)
    told = {
        "page": page,
        "collection": _collection(document, place),
        "json_ld": data_block(json_ld),
        "draft": draft,
        "choices": [] if is_source or draft else _choices(document, place, chosen or {}),
        "sections": [] if is_source else _sections(page),
        "description": page["source"]["citation"] if is_source else page["summary"][0]["text"],
    }
    return _written("source" if is_source else "item", told)


def data_block(json_text: str) -> SafeString:
    """JSON that can stand in a script element: it cannot end it."""
    return mark_safe(json_text.translate(ESCAPES))  # noqa: S308 — nothing in it can be markup


def _written(template: str, told: Document) -> bytes:
    return render_to_string(f"content_app/readable/{template}.html", told).encode("utf-8", "replace")


def _collection(document: Document, place: Place) -> dict[str, str]:
    """The way up: the whole library, and the list of the kind."""
    slug = COLLECTIONS[document["kind"]]
    lists = {"href": place.link(f"/library/{slug}/"), "library": place.link("/library/")}
    return {"name": _plural(document["kind"]), **lists}


def _plural(kind: str) -> str:
    return COLLECTIONS[kind].replace("-", " ").capitalize()


def _choices(document: Document, place: Place, chosen: dict[str, str]) -> list[Document]:
    """What readers can choose: the texts for one audience, the statements of one layer, where there are several."""
    layers = {statement["layer"] for statement in document["statements"]}
    has_layers = len(layers) > 1 or "layer" in chosen
    return [
        _choice("Show texts", "audience", {"": "Both", **content.AUDIENCES}, document, place, chosen),
        *([_choice("Show statements from", "layer", content.LAYER_CHOICES, document, place, chosen)] * has_layers),
    ]


def _choice(
    label: str, parameter: str, options: dict[str, str], document: Document, place: Place, chosen: dict[str, str]
) -> Document:
    """One choice, as links that keep the other. The option that is shown is not a link."""
    others = {name: value for name, value in chosen.items() if name != parameter}
    here = parts.address(document)
    return {
        "label": label,
        "options": [
            {
                "label": name,
                "href": place.link(here, **others, **({parameter: value} if value else {})),
                "is_shown": chosen.get(parameter, "") == value,
            }
            for value, name in options.items()
        ],
    }


def _sections(page: Document) -> list[Document]:
    """What there is on the page, in its order."""
    codings = page["codings"]
    own = [
        ("example", page["own"]["title"], page["own"]["texts"]),
        *((aspect["id"], aspect["title"], True) for aspect in page["aspects"]),
        ("not-covered", "Not covered", page["not_covered"]),
        ("examples", "Examples", page["examples"]),
        ("relations", "Relationships", True),
        ("codings", "Codes", codings["found"] or codings["silent"]),
        ("names", "Names", page["names"]),
        ("sources", "Sources", page["sources"]),
        ("about", "About this page", True),
    ]
    return [{"id": identifier, "title": title} for identifier, title, is_there in own if is_there]


def kinds() -> list[Document]:
    """All kinds that pages exist of, with the name and the address of their list."""
    named = {kind: term.meaning for kind, term in KINDS.items()} | {"source": "The works that the content cites."}
    return [
        {"kind": kind, "slug": COLLECTIONS[kind], "name": _plural(kind), "meaning": meaning}
        for kind, meaning in named.items()
    ]
