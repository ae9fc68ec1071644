"""One document, and lists of documents: stored bytes, handed out."""

import json
import uuid
from difflib import get_close_matches

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import resolve_url

from content_app.addresses import href
from content_app.delivery import filters, paging, reading
from content_app.delivery.paging import PAGE_PARAMETERS
from content_app.delivery.problems import Problem
from content_app.delivery.responses import answer
from content_app.delivery.selection_views import ITEM_KINDS, SELECTION_PARAMETERS, chosen_body
from content_app.delivery.views.base import MOMENT_PARAMETERS, ReadView


class DocumentView(ReadView):
    """The public document at `/{collection}/{slug}/`."""

    kind = ""
    known_parameters = (*MOMENT_PARAMETERS, *SELECTION_PARAMETERS)

    def get(self, request, slug: str) -> HttpResponse:
        moment = self.moment()
        stored = reading.by_slug(moment, self.kind, slug)
        if stored is None:
            return self.elsewhere(moment, slug)
        return document_answer(request, stored, moment, self.kind)

    def elsewhere(self, moment: reading.Moment, slug: str) -> HttpResponse:
        """308 to where an abbreviation or a former slug leads, or a 404 that names the nearest slug."""
        slugs = reading.address_of_alias(moment, self.kind, slug)
        if len(slugs) == 1:
            query = self.request.META.get("QUERY_STRING", "")
            return PermanentRedirect(href(self.kind, slugs[0]) + (f"?{query}" if query else ""))
        close = slugs or get_close_matches(slug.lower()[:120], reading.slugs_like(moment, self.kind), 3, 0.6)
        hint = f" Near to it: {', '.join(close)}." if close else ""
        raise Problem(
            "not-found", f"Release {moment.release} has no {self.kind.replace('_', ' ')} “{slug[:120]}”.{hint}"
        )


class PermanentRedirect(HttpResponsePermanentRedirect):
    """308: the address has changed for good, and the method stays (RFC 9110, section 15.4.9)."""

    status_code = 308

    def __init__(self, to: str):
        super().__init__(resolve_url(to))
        self["Cache-Control"] = "public, max-age=300"


class ItemView(ReadView):
    """The same document by its permanent identifier, at `/items/{uuid}/`."""

    known_parameters = (*MOMENT_PARAMETERS, *SELECTION_PARAMETERS)

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        moment = self.moment()
        stored = reading.by_id(moment, item_id)
        if stored is None:
            raise Problem("not-found", f"Release {moment.release} has no item {item_id}.")
        return document_answer(request, stored, moment, *ITEM_KINDS)


def document_answer(request, stored: reading.Stored, moment: reading.Moment, *kinds: str) -> HttpResponse:
    """The stored bytes, what is chosen of them, or 410 if they are a tombstone. In: the kinds that it may be of."""
    if stored.tombstone_reason:
        grave = json.loads(stored.body)
        detail = f"“{grave['name']}” was withdrawn on {stored.published_at:%Y-%m-%d}."
        members = {key: grave[key] for key in ("id", "kind", "slug", "name", "reason", "note", "replaced_by", "meta")}
        raise Problem("withdrawn", detail, **members)
    chosen = chosen_body(request.query_params, stored.body, moment, *kinds)
    if chosen is not None:
        return answer(request, chosen, moment=moment)
    return answer(
        request,
        stored.body,
        moment=moment,
        etag=f"{stored.version}-{stored.sha256[:32]}",
        last_modified=stored.published_at,
        body_gzip=stored.body_gzip,
    )


class DocumentListView(ReadView):
    """A page of the documents of one kind, at `/{collection}/`."""

    kind = ""
    filterset_class = filters.DocumentFilters

    def get_known_parameters(self) -> tuple[str, ...]:
        return (*self.filterset_class.base_filters, *PAGE_PARAMETERS, *MOMENT_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = request.query_params
        page = paging.asked_for(self, filters.ORDERINGS.get(query.get("ordering"), filters.ORDERINGS["name"]))
        are_few = not set(query).isdisjoint(filters.LOOKED_UP)
        living = reading.of_kind(reading.living(page.moment), self.kind, are_few=are_few)
        found = self.filterset_class(query, living, moment=page.moment).narrowed()
        rows, next_page = page.of(found, "list_form", are_few=are_few)
        narrowing = set(query) & (set(self.filterset_class.base_filters) - {"ordering"})
        count = None if narrowing else page.moment.counts[self.kind]
        return page.answer([bytes(row["list_form"]) for row in rows], next_page, count=count)


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
