"""One document in any of its representations, and lists of documents: stored bytes, handed out."""

import json
import uuid
from difflib import get_close_matches
from typing import Any, ClassVar

from django.db.models import Q
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import resolve_url

from content_app.addresses import href
from content_app.delivery import cursors, filters, parameters, reading
from content_app.delivery.problems import Problem
from content_app.delivery.renderers import named
from content_app.delivery.representations import BY_SUFFIX, REPRESENTATIONS, able_to, address
from content_app.delivery.representing import represented
from content_app.delivery.responses import answer
from content_app.delivery.selection_views import SELECTION_PARAMETERS
from content_app.delivery.views.base import MOMENT_PARAMETERS, ReadView
from content_app.vocabulary import COLLECTIONS

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}


class RepresentedView(ReadView):
    """A document in the representation that is asked for."""

    renderer_classes: ClassVar[list[type]] = [
        named(representation.media_type, representation.suffix) for representation in REPRESENTATIONS
    ]
    known_parameters = (*MOMENT_PARAMETERS, *SELECTION_PARAMETERS)

    def get_renderers(self) -> list:
        """Those that take the choices of the request: what is chosen of a document is told in JSON, as a rule."""
        chosen = set(SELECTION_PARAMETERS) & self.request.GET.keys()
        able = {representation.media_type for representation in able_to(chosen)}
        return [renderer() for renderer in self.renderer_classes if renderer.media_type in able]

    def answer(self, stored: reading.Stored, moment: reading.Moment) -> HttpResponse:
        return represented(self.request, stored, moment)


class DocumentView(RepresentedView):
    """The public document at `/{collection}/{slug}/`."""

    kind = ""

    def get(self, request, slug: str) -> HttpResponse:
        moment = self.moment()
        stored = reading.by_slug(moment, self.kind, slug)
        return self.answer(stored, moment) if stored else self.elsewhere(moment, slug)

    def address(self, slug: str) -> str:
        return href(self.kind, slug)

    def elsewhere(self, moment: reading.Moment, slug: str) -> HttpResponse:
        """308 to where an abbreviation or a former slug leads, or a 404 that names the nearest slug."""
        slugs = reading.address_of_alias(moment, self.kind, slug)
        if len(slugs) == 1:
            query = self.request.META.get("QUERY_STRING", "")
            return PermanentRedirect(self.address(slugs[0]) + (f"?{query}" if query else ""))
        close = slugs or get_close_matches(slug.lower()[:120], reading.slugs_like(moment, self.kind), 3, 0.6)
        hint = f" Near to it: {', '.join(close)}." if close else ""
        raise Problem(
            "not-found", f"Release {moment.release} has no {self.kind.replace('_', ' ')} “{slug[:120]}”.{hint}"
        )


class RepresentationView(DocumentView):
    """One representation at its own address, `/{collection}/{slug}.{suffix}`: for links, and for people."""

    suffix = "json"

    def setup(self, request, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind = KINDS[kwargs["collection"]]
        self.suffix = kwargs["suffix"]

    def initial(self, request, *args: Any, **kwargs: Any) -> None:
        if self.suffix not in BY_SUFFIX:
            raise Problem("not-found", f"No form of a document ends like that; known are .{', .'.join(BY_SUFFIX)}.")
        super().initial(request, *args, **kwargs)

    def get_renderers(self) -> list:
        return [renderer() for renderer in self.renderer_classes if renderer.format == self.suffix]

    def get_known_parameters(self) -> tuple[str, ...]:
        return (*MOMENT_PARAMETERS, *BY_SUFFIX[self.suffix].takes)

    def get(self, request, collection: str, slug: str, suffix: str) -> HttpResponse:
        return super().get(request, slug)

    def address(self, slug: str) -> str:
        return address(self.kind, slug, self.suffix)


class PermanentRedirect(HttpResponsePermanentRedirect):
    """308: the address has changed for good, and the method stays (RFC 9110, section 15.4.9)."""

    status_code = 308

    def __init__(self, to: str):
        super().__init__(resolve_url(to))
        self["Cache-Control"] = "public, max-age=300"


class ItemView(RepresentedView):
    """The same document by its permanent identifier, at `/items/{uuid}/`."""

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        moment = self.moment()
        stored = reading.by_id(moment, item_id)
        if stored is None:
            raise Problem("not-found", f"Release {moment.release} has no item {item_id}.")
        return self.answer(stored, moment)


class DocumentListView(ReadView):
    """A page of the documents of one kind, at `/{collection}/`."""

    kind = ""
    filterset_class = filters.DocumentFilters
    columns = ("sort_name", "item_uuid", "first_release", "list_form")

    def get_known_parameters(self) -> tuple[str, ...]:
        return (*self.filterset_class.base_filters, "page_size", "cursor", *MOMENT_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = request.query_params
        page_size = parameters.whole_number(
            query, "page_size", default=filters.USUAL_PAGE, least=filters.SMALLEST_PAGE, most=filters.LARGEST_PAGE
        )
        asked = cursors.question(request)
        order = asked.get("ordering", "name")
        columns, types = filters.ORDERINGS.get(order, filters.ORDERINGS["name"])
        cursor = cursors.decode(query["cursor"], asked, types) if "cursor" in query else None
        moment = reading.moment_of_release(cursor.release) if cursor else self.moment()
        if moment is None:
            raise cursors.not_one_of_ours()
        living = reading.living(moment).filter(kind=self.kind)
        found = self.filterset_class(query, living, moment=moment).narrowed()
        if cursor:
            found = found.filter(after(columns, cursor.key))
        rows = list(found.order_by(*columns).values_list(*self.columns)[: page_size + 1])
        next_page = None
        if len(rows) > page_size:
            last = dict(zip(self.columns, rows[page_size - 1], strict=True))
            key = tuple(value if isinstance(value := last[c.lstrip("-")], int) else str(value) for c in columns)
            next_page = next_address(request, cursors.Cursor(moment.release, key), asked)
        narrowing = set(asked) & (set(self.filterset_class.base_filters) - {"ordering"})
        count = None if narrowing else moment.counts[self.kind]
        return answer(
            request,
            envelope(moment, [bytes(row[3]) for row in rows[:page_size]], next_page, count=count),
            moment=moment,
        )


def after(columns: tuple[str, str], key: tuple) -> Q:
    """The condition that a row stands behind a key, in the order of two columns."""
    first, second = (column.lstrip("-") for column in columns)
    beyond = "lt" if columns[0].startswith("-") else "gt"
    if isinstance(key[1], str):
        try:
            uuid.UUID(key[1])
        except ValueError:
            raise cursors.not_one_of_ours()
    return Q(**{f"{first}__{beyond}": key[0]}) | Q(**{first: key[0], f"{second}__{beyond}": key[1]})


def next_address(request, cursor: cursors.Cursor, asked: dict[str, str]) -> str:
    """The address of the next page: the same question, behind the last entry, in the same release."""
    query = request.query_params.copy()
    query["cursor"] = cursors.encode(cursor, asked)
    return f"{request.path}?{query.urlencode()}"


def envelope(moment: reading.Moment, results: list[bytes], next_page: str | None, **members) -> bytes:
    """The bytes of a page: its release, how many there are, where it goes on, and the entries as stored."""
    head = json.dumps(
        {"release": moment.release, **members, "next": next_page}, ensure_ascii=False, separators=(",", ":")
    )
    return head[:-1].encode() + b',"results":[' + b",".join(results) + b"]}"


def views_of(kind: str, filterset: type[filters.DocumentFilters]) -> tuple[type[ReadView], type[ReadView]]:
    """The list view and the detail view of one kind."""
    name = "".join(word.capitalize() for word in kind.split("_"))
    return (
        type(f"{name}ListView", (DocumentListView,), {"kind": kind, "filterset_class": filterset}),
        type(f"{name}View", (DocumentView,), {"kind": kind}),
    )


ConditionListView, ConditionView = views_of("condition", filters.ConditionFilters)
ConceptListView, ConceptView = views_of("concept", filters.ConceptFilters)
SymptomTypeListView, SymptomTypeView = views_of("symptom_type", filters.SymptomTypeFilters)
ExampleListView, ExampleView = views_of("example", filters.ExampleFilters)
SourceListView, SourceView = views_of("source", filters.SourceFilters)
