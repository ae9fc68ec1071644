"""An active safety notice, said in the headers of every answer that shows it.

In: what is shown. Out: the addresses at which the notices are read, for `links.warn`. A document says so itself: its
notices are part of its bytes, the most urgent first, so that nothing has to be asked for besides. A standing caution is
no news, and lists and search show no notices: those keep their freshness. Pure: no Django.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from content_app.vocabulary.addresses import href

# A relation type of our own (RFC 8288, section 2.1.2). It is the same on every server, and claims nobody's domain.
RELATION = "urn:uuid:6f5c1d7e-2d7b-4f0c-9a53-0c8f5f7a1e42"
# How the bytes of a document with one look, and of no other. Every reading of a document asks for this, and to parse
# the stored bytes first would cost more than the whole answer. It rests on the order in which the compiler writes
# notices: this type before all others, and `type` before `text`; `test_safety_notices` fails when that changes. It
# cannot be text that somebody wrote: inside a JSON string each quotation mark has a backslash before it.
IN_BYTES = b'"notices":[{"type":"safety",'


def addresses_in(body: bytes) -> list[str]:
    """The addresses of all documents in a compact JSON answer that have an active safety notice, each once."""
    if IN_BYTES not in body:
        return []
    return list(dict.fromkeys(address for address in _holders(json.loads(body), "") if address))


def _holders(node: Any, around: str) -> Iterator[str]:
    """Addresses of what holds a notice: of the object itself, of its `item`, or of the document around it."""
    if isinstance(node, list):
        for entry in node:
            yield from _holders(entry, around)
    elif isinstance(node, dict):
        item = node["item"] if isinstance(node.get("item"), dict) else node
        own = href(item["kind"], item["slug"]) if {"kind", "slug"} <= item.keys() else around
        if has_notice(node):
            yield own
        for value in node.values():
            yield from _holders(value, own)


def has_notice(document: dict[str, Any]) -> bool:
    """Whether a document that has been read has an active safety notice."""
    notices = document.get("notices")
    return isinstance(notices, list) and any(notice.get("type") == "safety" for notice in notices)


def addresses_of(documents: Iterable[dict[str, Any]]) -> list[str]:
    """The addresses of those of the documents that have one."""
    return [href(document["kind"], document["slug"]) for document in documents if has_notice(document)]
