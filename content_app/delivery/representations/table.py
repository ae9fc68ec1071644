"""The representations of a document: one table of media types, each a function of the document as released.

In: a released document, and where and when it is shown. Out: bytes. JSON is not derived: it is what is stored.
Addresses: every document answers at `/{collection}/{slug}/` in the type that `Accept` asks for, and each type has an
address of its own, `/{collection}/{slug}.{suffix}`, which a link can carry and a person can open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from content_app.canonical import compact_json
from content_app.delivery.http.responses import PINNED
from content_app.delivery.linked_data import page as linked_page
from content_app.delivery.linked_data import skos
from content_app.delivery.query.selecting import SELECTION_PARAMETERS
from content_app.delivery.query.selection import Selection, selected
from content_app.delivery.readable import markdown
from content_app.delivery.representations import page as readable_page
from content_app.delivery.store.place import Place
from content_app.vocabulary.addresses import as_type, href

Document = dict[str, Any]
# Pages and Markdown of a release say the same for ever, but a better way of showing it has to reach readers.
SHOWN = "public, max-age=3600, stale-while-revalidate=600, stale-if-error=86400"


@dataclass(frozen=True)
class Showing(Place):
    """Where, when and for whom a document is shown, and which of its layers: without a choice, all of it.

    `draft` is what the page of a draft says of itself (see `page.html`).
    """

    audience: str | None = None
    layer: str | None = None
    draft: Document | None = None

    @property
    def chosen(self) -> dict[str, str]:
        """The choices that were made, as parameters."""
        made = {"audience": self.audience, "layer": self.layer}
        return {name: value for name, value in made.items() if value}


@dataclass(frozen=True)
class Representation:
    """One media type. `takes` are the choices that it lets readers make.

    What is for reading says what the day has to do with it; data does not.
    """

    suffix: str
    media_type: str
    name: str
    derive: Callable[[Document, Showing], bytes]
    takes: tuple[str, ...] = ()
    content_type: str = ""
    when_pinned: str = PINNED
    is_for_reading: bool = False
    is_stored: bool = False


def _json(document: Document, where: Showing) -> bytes:
    return compact_json(document)


def _cut(document: Document, where: Showing) -> Document:
    """The texts for the audience, the statements of the layer. The data that goes with a page stays whole."""
    is_cut = "statements" in document and where.chosen
    return selected(document, Selection(**where.chosen)) if is_cut else document


def _page(document: Document, where: Showing) -> bytes:
    is_found = not (document.get("withdrawn") or where.draft)
    json_ld = compact_json(linked_page.embedded(document, where.base)).decode() if is_found else ""
    return readable_page.html(_cut(document, where), where, json_ld=json_ld, draft=where.draft, chosen=where.chosen)


def _markdown(document: Document, where: Showing) -> bytes:
    return markdown.text(_cut(document, where), where).encode()


def _json_ld(document: Document, where: Showing) -> bytes:
    return compact_json(linked_page.json_ld(document, where.base))


def _turtle(document: Document, where: Showing) -> bytes:
    return skos.of_item(document, where.base).encode()


# The usual one first: it is what a client gets that has no wish.
REPRESENTATIONS = (
    Representation("json", "application/json", "JSON", _json, SELECTION_PARAMETERS, is_stored=True),
    Representation(
        "html", "text/html", "page", _page, ("audience", "layer"), "text/html; charset=utf-8", SHOWN,
        is_for_reading=True,
    ),
    Representation("jsonld", "application/ld+json", "JSON-LD", _json_ld),
    Representation(
        "md", "text/markdown", "Markdown", _markdown, ("audience", "layer"), "text/markdown; charset=utf-8", SHOWN,
        is_for_reading=True,
    ),
    Representation("ttl", "text/turtle", "Turtle", _turtle, (), "text/turtle; charset=utf-8"),
)  # fmt: skip
BY_MEDIA_TYPE = {representation.media_type: representation for representation in REPRESENTATIONS}
BY_SUFFIX = {representation.suffix: representation for representation in REPRESENTATIONS}


def able_to(choices: set[str]) -> list[Representation]:
    """The representations that take all of these choices."""
    return [representation for representation in REPRESENTATIONS if choices <= set(representation.takes)]


def address(kind: str, slug: str, suffix: str) -> str:
    """Where one representation of a document is found, relative to the server."""
    return as_type(href(kind, slug), suffix)


def links(kind: str, slug: str, but: str, moment: dict[str, str]) -> str:
    """The `Link` header that names all other representations (RFC 8288)."""
    query = f"?{urlencode(moment)}" if moment else ""
    return ", ".join(
        f'<{address(kind, slug, other.suffix)}{query}>; rel="alternate"; type="{other.media_type}"'
        for other in REPRESENTATIONS
        if other.media_type != but
    )
