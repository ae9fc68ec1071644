"""Chooses what comes back of a document: some fields, one audience or layer, prose in another form, related documents.

In: documents as published, and a `Selection`. Out: documents again, the same fields in the same order. Pure: no
Django, no database. What must be shown with the content stays, whatever is chosen.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from content_app.delivery.query.labels import labelled
from content_app.vocabulary import fields, not_covered
from content_app.vocabulary.addresses import href
from content_app.vocabulary.fields import OWN, PROSE
from content_app.vocabulary.terms import ASPECTS, LAYERS

Document = dict[str, Any]
AUDIENCES = ("clinical", "plain")
TEXTS = ("plain", "markdown", "html")
RELATED, EXAMPLES = "related", "examples"
MOST_INCLUDED = 50

# What stays, whatever is chosen: which item it is, what it does not cover, what must be shown, on which terms.
MUST_SHOW = ("id", "kind", "slug", "name", "review", "not_covered", "notices", "licence", "meta")
MUST_SHOW_OF_KIND = {
    kind: tuple(field.name for field in given if field.must_show)
    for kind, given in (*OWN.items(), ("source", fields.PARTS["sources"]))
}
# Of that, what may be given by reference. Which item it is and whether it has been reviewed is said in any case.
REFERRED = ("not_covered", "notices", "licence")
INLINE, BY_REFERENCE = WAYS = ("inline", "reference")
CITING = ("names", "summary", "statements", "relations")
# Where prose stands in a document: under these members of these parts.
PROSE_IN_PARTS = {
    **{
        part: fields.names(fields.of(part, PROSE))
        for part in ("summary", "statements", "names", "relations", "codings")
    },
    "notices": ("text",),
    "not_covered": ("text",),
}


@dataclass(frozen=True)
class Selection:
    """What is asked for. No fields: all of them. No audience: both. No layer: all of them."""

    fields: tuple[str, ...] = ()
    audience: str | None = None
    layer: str | None = None
    text: str = "plain"
    include: tuple[str, ...] = ()
    must_show: str = INLINE
    labels: bool = False
    release: int | None = None  # that the reader named


def selected(document: Document, selection: Selection) -> Document:
    """What a selection leaves of a document."""
    chosen = of_layer(document, selection.layer) if selection.layer else document
    chosen = narrowed(chosen, selection.fields) if selection.fields else chosen
    if selection.audience:
        chosen = for_audience(chosen, selection.audience)
    if selection.text != "plain":
        chosen = in_form(chosen, FORMS[selection.text])
    if selection.must_show == BY_REFERENCE:
        chosen = by_reference(chosen, selection)
    return labelled(chosen) if selection.labels else chosen


def narrowed(document: Document, chosen: tuple[str, ...]) -> Document:
    """The fields, what must be shown, and the sources of what is shown."""
    wanted = {*chosen, *MUST_SHOW, *MUST_SHOW_OF_KIND.get(document["kind"], ())}
    shown = {field: value for field, value in document.items() if field in wanted}
    cited = cited_in(shown)
    if cited and "sources" not in chosen and "sources" in document:
        sources = [source for source in document["sources"] if source["slug"] in cited]
        shown = {field: shown.get(field, sources) for field in document if field in wanted or field == "sources"}
    return shown


def by_reference(document: Document, selection: Selection) -> Document:
    """The document with a reference in place of what must be shown with it, and says what that is.

    What was chosen stays, and so does an active safety alert: that cannot wait for another request.
    """
    referred = [name for name in REFERRED if name in document and name not in selection.fields]
    if any(notice["type"] == "safety" for notice in document.get("notices", [])):
        referred = [name for name in referred if name != "notices"]
    if not referred:
        return document
    kept = {name: value for name, value in document.items() if name not in referred}
    where = f"{href(document['kind'], document['slug'])}selected/?fields={','.join(referred)}"
    return kept | {
        "must_show": {
            "fields": referred,
            "notices": [notice["type"] for notice in document["notices"]] if "notices" in referred else [],
            "not_covered": [entry["aspect"] for entry in document.get("not_covered", []) if entry["must_show"]],
            "href": f"{where}&release={selection.release}" if selection.release else where,
        }
    }


def cited_in(document: Document) -> set[str]:
    """Slugs of the sources that the parts of a document cite."""
    found = set()
    for part in CITING:
        entries = document.get(part) or []
        for entry in [entries] if isinstance(entries, dict) else entries:
            found |= {citation["source"] for citation in entry["citations"]}
    return found


def of_layer(document: Document, layer: str) -> Document:
    """The document with the statements of one layer and the sources of what is left.

    An aspect that only another layer covers is said to be left out, as one that nobody wrote about would be.
    """
    if "statements" not in document:
        return document
    kept = [statement for statement in document["statements"] if statement["layer"] == layer]
    left_out = [statement for statement in document["statements"] if statement["layer"] != layer]
    shown = document | {"statements": kept}
    cited = cited_in(shown)
    covered = {statement["aspect"] for statement in kept}
    only_elsewhere = {s["aspect"]: s["layer"] for s in left_out if s["aspect"] not in covered}
    missing = [not_covered.entry(aspect, _left_out(aspect, other)) for aspect, other in only_elsewhere.items()]
    silent = [not_covered.silent_on_help()] if "red_flags" in only_elsewhere else []
    return shown | {
        "sources": [source for source in document["sources"] if source["slug"] in cited],
        "not_covered": [*missing, *document["not_covered"]],
        "notices": [*silent, *document["notices"]],
    }


def _left_out(aspect: str, layer: str) -> str:
    return f"{ASPECTS[aspect].label} is covered in the layer “{LAYERS[layer].label}” only, which you left out."


def for_audience(document: Document, audience: str) -> Document:
    """The document with the texts for one audience only."""
    other = next(name for name in AUDIENCES if name != audience)
    told = dict(document)
    if "summary" in told:
        told["summary"] = {key: value for key, value in told["summary"].items() if key != other}
    if "statements" in told:
        told["statements"] = [
            {key: value for key, value in statement.items() if key != other} for statement in told["statements"]
        ]
    return told


def in_form(document: Document, form: Callable[[str], str]) -> Document:
    """The document with its prose in another form."""
    told = dict(document)
    for part, members in PROSE_IN_PARTS.items():
        if part in told:
            entries = told[part]
            told[part] = (
                _formed(entries, members, form)
                if isinstance(entries, dict)
                else [_formed(entry, members, form) for entry in entries]
            )
    return _formed(told, fields.names(fields.own(told["kind"], PROSE)), form)


def _formed(entry: Document, members: tuple[str, ...], form: Callable[[str], str]) -> Document:
    return entry | {member: form(entry[member]) for member in members if isinstance(entry.get(member), str)}


def to_html(text: str) -> str:
    """Plain text as HTML that is also XHTML: paragraphs and line breaks, everything else escaped."""
    paragraphs = [html.escape(paragraph).replace("\n", "<br/>") for paragraph in _paragraphs(text)]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def to_markdown(text: str) -> str:
    """Plain text as CommonMark that shows the same text: what would be markup is escaped."""
    paragraphs = ["\\\n".join(_escaped_line(line) for line in paragraph.split("\n")) for paragraph in _paragraphs(text)]
    return "\n\n".join(paragraphs)


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]


def _escaped_line(line: str) -> str:
    """A line without markup (CommonMark, sections 2.4 and 4): marks anywhere, and what only counts at its start."""
    line = re.sub(r"([\\`*_\[\]<>&~|])", r"\\\1", line.strip())
    line = re.sub(r"^([#+=-])", r"\\\1", line)
    return re.sub(r"^([0-9]{1,9})([.)])", r"\1\\\2", line)


FORMS: dict[str, Callable[[str], str]] = {"plain": str, "markdown": to_markdown, "html": to_html}


def related(document: Document, include: tuple[str, ...]) -> list[str]:
    """Identifiers of what the document's relations lead to, each once, in the order in which it names them.

    `include` holds `related` for all of them, or predicates. What is to be shown beside a relation comes with it.
    """
    found: dict[str, None] = {}
    for relation in document.get("relations", []):
        if RELATED in include or relation["predicate"] in include:
            ends = (relation["object"], relation["display_with"])
            found |= dict.fromkeys(end["id"] for end in ends if end)
    found.pop(document["id"], None)
    return list(found)
