"""A document as Markdown (CommonMark), for language models and for whoever reads text.

In: a public document (item, source or tombstone) and the place it is read at. Out: text. All words of a document are
escaped, so that what is shown is what was published. Every section of the page is here too. Pure.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from content_app.delivery.query.selection import to_markdown
from content_app.delivery.readable import content
from content_app.delivery.store.place import Place

Document = dict[str, Any]
IN_ADDRESSES = "%:/?#@!$',;=+&-._~"
SILENT = "This page does not cover the topics below. That does not mean that there is nothing to know about them."


def text(document: Document, place: Place) -> str:
    """The document as Markdown."""
    if document.get("withdrawn"):
        return _joined(_gone(content.tombstone(document, place), place))
    if document["kind"] == "source":
        return _joined(_source(content.source(document, place), place))
    return _joined(_item(content.item(document, place), place))


def inline(words: str) -> str:
    """Words on one line, escaped."""
    return to_markdown(" ".join(words.split()))


def link(words: str, address: str) -> str:
    """A link to an address of ours, or to one that was checked."""
    to = _bare(address).replace("&", "\\&")
    return f"[{inline(words)}]({to})"


def _bare(address: str) -> str:
    """An address without what would end it in Markdown or what Markdown would read in it: encoded (RFC 3986)."""
    return quote(address, safe=IN_ADDRESSES)


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _bullet(*paragraphs: str) -> str:
    """A list entry of several paragraphs."""
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return "- " + body.replace("\n", "\n  ").replace("\n  \n", "\n\n")


def _list(entries: Iterable[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def _section(title: str, *blocks: str) -> list[str]:
    """A section; nothing without content."""
    told = [block for block in blocks if block]
    return [f"## {inline(title)}", *told] if told else []


def _item(item: Document, place: Place) -> list[str]:
    abbreviation = f" ({item['abbreviation']})" if item["abbreviation"] else ""
    return [
        f"# {inline(item['name'] + abbreviation)}",
        _state(item, place),
        *(f"**Please read first:** {to_markdown(notice)}" for notice in item["urgent"]),
        f"Also called: {inline(', '.join(item['also_called']))}" if item["also_called"] else "",
        *_section("Summary", *_texts(item["summary"], item["summary_marks"])),
        _list(f"{fact['label']}: {inline(fact['value'])}. {fact['meaning']}".strip() for fact in item["facts"]),
        *(to_markdown(notice) for notice in item["notices"]),
        *_section("Not the same as", "\n".join(_relation(relation, place) for relation in item["distinct"])),
        *_section(
            item["own"]["title"], *(f"{part['label']}: {to_markdown(part['text'])}" for part in item["own"]["texts"])
        ),
        *(block for aspect in item["aspects"] for block in _aspect(aspect)),
        *_not_covered(item),
        *_examples(item, place),
        *_relations(item, place),
        *_codings(item["codings"]),
        *_names(item),
        *_section("Sources", "\n".join(_cited(number, source) for number, source in enumerate(item["sources"], 1))),
        *(block for glossary in item["glossaries"] for block in _glossary(glossary)),
        *_section("Cite as", inline(item["about"]["cite_as"]), f"SHA-256 of the document: {item['about']['sha256']}"),
    ]


def _state(item: Document, place: Place) -> str:
    """What it is worth, on top: kind, release, version, review, licence, address."""
    about, review = item["about"], item.get("review")
    told = [item["kind"], f"release {about['release']}", f"version {about['version']} of {about['published_on']}"]
    if review:
        overdue = ". The review is overdue" if review["is_overdue"] else ""
        told += [
            review["state"],
            f"{review['role']} (signed off on {review['signed_off_on']}, review due by {review['due_on']}{overdue})",
        ]
    told.append(about["licence"]["attribution"])
    return f"{inline(' · '.join(told))} · <{_bare(about['permanent'])}>"


def _texts(texts: list[Document], marks: list[Document]) -> list[str]:
    told = [f"{text['label']}: {to_markdown(text['text'])}" for text in texts]
    return [*told, f"Sources: {_marks(marks)}" if marks else ""]


def _marks(marks: list[Document]) -> str:
    """The numbers in the list of sources, with the place in each."""
    return inline(" ".join(f"[{mark['number']}{', ' + mark['locator'] if mark['locator'] else ''}]" for mark in marks))


def _aspect(aspect: Document) -> list[str]:
    blocks = []
    for layer in aspect["layers"]:
        title = f"### {layer['title']}" if layer["title"] else ""
        blocks += [title, "\n\n".join(_statement(statement) for statement in layer["statements"])]
    return _section(aspect["title"], *blocks)


def _statement(statement: Document) -> str:
    told = [f"{quality['label']}: {quality['value'].lower()}." for quality in statement["qualities"]]
    texts = [f"{text['label']}: {to_markdown(text['text'])}" for text in statement["texts"]]
    return _bullet(*texts, f"{inline(' '.join(told))} Sources: {_marks(statement['marks'])}")


def _glossary(glossary: Document) -> list[str]:
    terms = _list(f"{term['label']}: {term['meaning']}" for term in glossary["terms"])
    return _section(f"{glossary['title']} labels", terms)


def _not_covered(item: Document) -> list[str]:
    entries = _list(f"**{inline(entry['label'])}**: {inline(entry['text'])}" for entry in item["not_covered"])
    return _section("Not covered", SILENT, entries) if entries else []


def _examples(item: Document, place: Place) -> list[str]:
    entries = _list(link(example["name"], place.base + example["href"]) for example in item["examples"])
    return _section("Examples", entries) if entries else []


def _relations(item: Document, place: Place) -> list[str]:
    blocks = []
    for group in item["relations"]:
        blocks += [f"### {inline(group['label'])}", "\n".join(_relation(r, place) for r in group["entries"])]
    blocks.append(link("Items that link here", place.base + item["leads_here"]))
    return _section("Relationships", *blocks)


def _relation(relation: Document, place: Place) -> str:
    told = [link(relation["name"], f"{place.base}{relation['href']}")]
    if relation["qualities"]:
        told.append(f"({inline(', '.join(relation['qualities']))})")
    if relation["beside"]:
        told.append(f"See also {link(relation['beside']['name'], place.base + relation['beside']['href'])}.")
    if relation["note"]:
        told.append(inline(relation["note"]))
    if relation["marks"]:
        told.append(_marks(relation["marks"]))
    return f"- {' '.join(told)}"


def _codings(codings: Document) -> list[str]:
    found = _list(
        inline(f"{c['system']} ({c['version']}) {c['code']} {c['display'] or ''}: {c['match']}. {c['meaning']} "
               f"{c['note'] or ''} {c['checked']}.")
        for c in codings["found"]
    )  # fmt: skip
    silent = _list(
        inline(f"{c['system']} ({c['version']}): no matching code. {c['note'] or ''} {c['checked']}.")
        for c in codings["silent"]
    )
    unchecked = _list(inline(f"{c['system']}: not checked yet. {c['note'] or ''}") for c in codings["unchecked"])
    sentence = inline(codings["sentence"]) if codings["sentence"] else ""
    shown = inline(" ".join(codings["attributions"])) if codings["attributions"] else ""
    return _section("Codes", sentence, "\n".join(filter(None, (found, silent, unchecked))), shown)


def _names(item: Document) -> list[str]:
    return _section(
        "Names",
        _list(
            inline(f"{name['text']} ({group['label'].lower()}, {name['language']}) {name['note'] or ''}")
            + (f" {_marks(name['marks'])}" if name["marks"] else "")
            for group in item["names"]
            for name in group["entries"]
        ),
    )


def _cited(number: int, source: Document) -> str:
    """An entry of the numbered list of sources."""
    told = [inline(source["citation"]), inline(f"{source['type']}. Evidence: {source['evidence']}.")]
    told += [link(each["label"], each["href"]) for each in source["links"]]
    if source["note"]:
        told.append(inline(source["note"]))
    return f"{number}. {' '.join(told)}"


def _source(told: Document, place: Place) -> list[str]:
    source = told["source"]
    return [
        f"# {inline(told['name'])}",
        _state(told, place),
        "**This work has been retracted.** Do not rely on content that is based on it." if told["is_retracted"] else "",
        inline(source["citation"]),
        _list(
            [
                inline(f"{source['type']}: {source['type_meaning']}"),
                inline(f"Evidence: {source['evidence']}. {source['evidence_meaning']}"),
                *(link(each["label"], each["href"]) for each in source["links"]),
                *([inline(f"ISBN {source['isbn']}")] if source["isbn"] else []),
                *([inline(f"Licence of the work: {source['licence']}")] if source["licence"] else []),
            ]
        ),
        to_markdown(source["note"]) if source["note"] else "",
        link("All pages that cite this source", place.base + told["cited_by"]),
    ]


def _gone(told: Document, place: Place) -> list[str]:
    instead, before = told["instead"], told["before"]
    return [
        f"# {inline(told['name'])}",
        f"**Withdrawn on {told['withdrawn_on']}, in release {told['release']}. Do not use its earlier content.**",
        inline(f"{told['reason']}: {told['meaning']}"),
        to_markdown(told["note"]) if told["note"] else "",
        f"Read instead: {link(instead['name'], place.base + instead['href'])}" if instead else "",
        link(f"The page in release {before['release']}, for the record only", place.base + before["href"])
        if before
        else "",
    ]
