"""The library as linked data, whole: SKOS in Turtle, all codings as SSSOM, and the context of our JSON-LD."""

import json
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, ClassVar

from django.http import HttpResponse

from content_app.canonical import compact_json, rfc3339
from content_app.delivery.http.problems import base_url
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import streamed, unchanging
from content_app.delivery.linked_data import context, page, skos, sssom
from content_app.delivery.linked_data.form import FORM
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.rest import shapes
from content_app.delivery.rest.export import kept_bundles
from content_app.delivery.store import symmetric_query
from content_app.delivery.store.reading import Moment
from content_app.models.publication import Release

Document = dict[str, Any]
Writer = Callable[[Iterable[Document], str, int, str], Iterator[str]]


class WholeLibraryView(ReadView):
    """Every document of a release in one file, written while it is sent."""

    media_type: ClassVar[str]
    file_name: ClassVar[str]
    write: ClassVar[Writer]

    def get(self, request) -> HttpResponse:
        moment = self.moment()
        base = base_url(request._request)
        published_at = rfc3339(moment.published_at)
        pieces = type(self).write(self.documents(moment), base, moment.release, published_at)
        etag = self.etag(moment, base)
        response = streamed(request, pieces, moment=moment, etag=etag, content_type=f"{self.media_type}; charset=utf-8")
        if response.status_code == 200:
            name = self.file_name.format(moment.release)
            response["Content-Disposition"] = f'inline; filename="{name}"'
        return response

    def documents(self, moment: Moment) -> Iterator[Document]:
        """Every document of the release, by identifier."""
        return (json.loads(body) for _, body in kept_bundles.documents(moment))

    def etag(self, moment: Moment, base: str) -> str:
        """Made from what the file is made from: the release, the form, the address of this server."""
        manifest = Release.objects.values_list("manifest_sha256", flat=True).get(number=moment.release)
        return sha256(f"{manifest} {self.media_type} {FORM} {base}".encode()).hexdigest()[:32]


class WholeGraphView(WholeLibraryView):
    """A graph of all documents, each told of those that name it."""

    def documents(self, moment: Moment) -> Iterator[Document]:
        return symmetric_query.with_both_ends_in_batches(super().documents(moment), moment)


class LibraryGraphView(WholeGraphView):
    """The library as a SKOS concept scheme, at `/library.ttl`."""

    operation = Operation(
        "get_library_graph",
        "library",
        "Get the whole library as SKOS",
        "Conditions, concepts and symptom types as a SKOS concept scheme in Turtle, with examples and sources. Codes "
        "are marked as exact, close, broader, narrower or related matches. Only relations that are neither ambiguous "
        "nor disputed become SKOS relations. Every relation is also included as `amps:Relation`, with its type and "
        "qualifiers, and every statement as a claim with its citations.",
        example="get_library_graph",
    )

    media_type = "text/turtle"
    file_name = "amps-release-{}.ttl"
    renderer_classes: ClassVar[list[type]] = [named("text/turtle", "ttl")]
    write = staticmethod(skos.of_library)


class LibraryJsonLdView(WholeGraphView):
    """The library as JSON-LD, at `/library.jsonld`."""

    operation = Operation(
        "get_library_json_ld",
        "library",
        "Get the whole library as JSON-LD",
        "Every document of the release as one JSON-LD 1.1 graph: what you get for each item as "
        "`application/ld+json`, in one file. Withdrawn items are included with the reason, but without their content.",
        is_file=True,
    )

    media_type = "application/ld+json"
    file_name = "amps-release-{}.jsonld"
    renderer_classes: ClassVar[list[type]] = [named("application/ld+json", "jsonld")]
    write = staticmethod(page.of_library)


class MappingsView(WholeLibraryView):
    """All codings as SSSOM, at `/mappings.sssom.tsv`."""

    operation = Operation(
        "list_mappings",
        "codings",
        "Get all codings as SSSOM",
        "Every coding in the release as SSSOM/TSV 1.1. `skos:broadMatch` means that the code is broader than the "
        "item. `sssom:NoTermFound` means that the system was searched and no code was found for the item.",
        example="list_mappings",
    )

    media_type = "text/tab-separated-values"
    file_name = "amps-release-{}.sssom.tsv"
    renderer_classes: ClassVar[list[type]] = [named("text/tab-separated-values", "tsv")]
    write = staticmethod(sssom.lines)


class ContextView(ReadView):
    """What the names in our JSON-LD mean, at `/contexts/1.jsonld`."""

    operation = Operation(
        "get_context",
        "library",
        "Get the JSON-LD context",
        "Defines the names used in `application/ld+json`. It is self-contained and refers to no other context. If a "
        "meaning changes, the context gets a new address, so you can cache this one indefinitely.",
        shapes.JsonLdContextSerializer,
        example="get_context",
    )

    known_parameters = ()
    renderer_classes: ClassVar[list[type]] = [
        named("application/ld+json", "jsonld"),
        named("application/json", "json"),
    ]

    def get(self, request) -> HttpResponse:
        body = compact_json(context.document())
        return unchanging(request, body, request.accepted_media_type)
