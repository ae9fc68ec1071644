"""The pages that lead people to the items: the whole library, one kind, a search.

In: a request, with strict parameters. Out: HTML. The pages of the items themselves are another form of their documents,
served at their own addresses.
"""

import json
import uuid
from typing import Any, ClassVar

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from content_app.delivery.http.problems import Problem, base_url, invalid
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import answer
from content_app.delivery.pages import shelves
from content_app.delivery.query import addressed, cursors, paging
from content_app.delivery.query.base_view import MOMENT_PARAMETERS, ReadView
from content_app.delivery.readable import parts
from content_app.delivery.representations import page
from content_app.delivery.search import covered, question
from content_app.delivery.search.finding import MOST, NOTICE, find, interpretation
from content_app.delivery.search.results import results
from content_app.delivery.store import reading
from content_app.delivery.store.entries import VERSION_COLUMNS, version_entry
from content_app.delivery.store.place import Place
from content_app.models.publication import Document
from content_app.vocabulary.addresses import href
from content_app.vocabulary.terms import COLLECTIONS, SIGNIFICANCES

MOST_OF_A_KIND, PAGE = 60, 100
SHOWN = "public, max-age=3600"  # what a release holds never changes, how it is shown may
HTML = "text/html; charset=utf-8"
KIND_OF = {collection: kind for kind, collection in COLLECTIONS.items()}


class PageView(ReadView):
    """A page for people. Whatever a client says that it accepts, there is no other form."""

    renderer_classes: ClassVar[list[type]] = [named("text/html", "html")]
    schema = None  # a page, no part of the API
    is_for_people = True

    def perform_content_negotiation(self, request: Any, force: bool = False) -> tuple:
        return super().perform_content_negotiation(request, force=True)

    def place(self, moment: reading.Moment) -> Place:
        return Place(base_url(self.request._request), moment.release, moment.is_pinned, timezone.now().date())

    def written(self, template: str, moment: reading.Moment, **told: Any) -> HttpResponse:
        """The page of a template."""
        told |= {"moment": moment, "place": self.place(moment)}
        body = render_to_string(f"content_app/readable/{template}.html", told)
        written = body.encode("utf-8", "replace")
        return answer(self.request, written, moment=moment, content_type=HTML, when_pinned=SHOWN)


class LibraryPageView(PageView):
    """Everything that is published, by kind; or what cites a `source` (slug) or leads to an `object` (identifier)."""

    known_parameters = ("source", "object", *MOMENT_PARAMETERS)

    def get(self, request) -> HttpResponse:
        if "source" in request.query_params and "object" in request.query_params:
            raise invalid("object", "Give either source or object, not both.")
        moment = self.moment()
        about, terms = self.narrowed(moment)
        found = shelves.shelves(moment, MOST_OF_A_KIND + 1, *terms)
        kinds = [self.shelf(kind, found[kind["kind"]], moment) for kind in page.kinds() if kind["kind"] in found]
        return self.written("library", moment, shelves=kinds, about=about, most=MOST_OF_A_KIND)

    def shelf(self, kind: dict[str, Any], shown: list[shelves.Entry], moment: reading.Moment) -> dict[str, Any]:
        groups = shelves.grouped(kind["kind"], shown[:MOST_OF_A_KIND], self.place(moment))
        return kind | {"groups": groups, "is_cut": len(shown) > MOST_OF_A_KIND, "count": moment.counts[kind["kind"]]}

    def narrowed(self, moment: reading.Moment) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
        """What everything on the page is about, and the terms that find it. Raises `Problem` (400)."""
        query = self.request.query_params
        if "source" in query:
            found = addressed.one(query["source"], "source", moment, ("source",))
            stored, term = reading.by_slug(moment, "source", found.slug), ("source", found.slug)
        elif "object" in query:
            found = addressed.one(query["object"], "object", moment)
            stored, term = reading.by_slug(moment, found.kind, found.slug), ("object", found.item_uuid)
        else:
            return None, []
        if stored is None:
            raise invalid(term[0], f"Release {moment.release} has no {term[0]} “{term[1][:60]}”.")
        document = json.loads(stored.body)
        here = self.place(moment).link(parts.address(document))
        return {"name": document["name"], "href": here, "is_source": term[0] == "source"}, [term]


class CollectionPageView(PageView):
    """All of one kind, by name, a hundred a page."""

    known_parameters = ("cursor", *MOMENT_PARAMETERS)

    def get(self, request, collection: str) -> HttpResponse:
        if collection not in KIND_OF:
            raise Problem("not-found", f"The library has no list “{collection[:60]}”.")
        shown = paging.asked_for(self, shelves.ORDER, usual=PAGE)
        kind = next(kind for kind in page.kinds() if kind["slug"] == collection)
        found = reading.living(shown.moment).filter(kind=kind["kind"])
        rows, onward = shown.of(found, *shelves.COLUMNS)
        place = self.place(shown.moment)
        entries = [shelves.entry(row, place) for row in rows]
        told = {"kind": kind, "entries": entries, "count": shown.moment.counts[kind["kind"]]}
        return self.written("collection", shown.moment, **told, next=onward.address, is_first=not shown.key)


class HistoryPageView(PageView):
    """The versions that an item has had, newest first, with what changed in each."""

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        moment = self.moment()
        found = Document.objects.filter(item_uuid=item_id, first_release__lte=moment.release).exclude(kind="source")
        rows = list(found.order_by("-version").values(*VERSION_COLUMNS)[:PAGE])
        if not rows:
            raise Problem("not-found", f"Release {moment.release} has no item {item_id}.")
        versions = [
            version_entry(item_id, row, moment.release)
            | {"significance": SIGNIFICANCES[row["significance"]].label, "on": row["first_release__published_at"]}
            for row in rows
        ]
        here = self.place(moment).link(href(rows[0]["kind"], rows[0]["slug"]))
        return self.written("history", moment, name=rows[0]["name"], here=here, versions=versions, item_id=item_id)


class SearchPageView(PageView):
    """What a search in the texts finds: a form that works without scripts, and its answer."""

    known_parameters = ("q", "kind", "cursor", *MOMENT_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = request.query_params
        shown = paging.asked_for(self, ("start",))
        moment, start = shown.moment, shown.key[0] if shown.key else 0
        if start >= MOST:
            raise cursors.not_one_of_ours()
        kind = query.get("kind")
        told: dict[str, Any] = {"q": query.get("q", ""), "kind": kind, "notice": NOTICE}
        told["kind_name"] = COLLECTIONS.get(kind, "").replace("-", " ")
        try:
            wanted = question.read(query)
        except Problem as problem:
            if "kind" in {error["parameter"] for error in problem.errors or []}:
                raise
            error = str(problem.detail) if "q" in query else None
            return self.written("search", moment, **told, error=error)
        found = find(wanted, moment.release)
        hits, onward = shown.cut(found.hits[start : start + shown.size + 1], lambda _: (start + shown.size,))
        told |= {
            "hits": [self.hit(json.loads(entry), moment) for entry in results(hits, found)],
            "total": len(found.hits),
            "has_more": found.has_more,
            "interpreted": interpretation(wanted, found),
            "seek_help": wanted.recognised.seek_help,
            "aspects": self.aspects(covered.answers(wanted, found, moment.release), moment),
            "next": onward.address,
        }
        return self.written("search", moment, **told, is_asked=True)

    def aspects(self, answers: list[dict[str, Any]], moment: reading.Moment) -> list[dict[str, Any]]:
        """The answers with links that this page can follow."""
        place = self.place(moment)
        for aspect in answers:
            for entry in aspect["items"]:
                entry["href"] = place.link(entry["item"]["href"])
        return answers

    def hit(self, entry: dict[str, Any], moment: reading.Moment) -> dict[str, Any]:
        item, place = entry["item"], self.place(moment)
        return {
            "name": item["name"],
            "abbreviation": item.get("abbreviation"),
            "kind": item["kind"].replace("_", " "),
            "href": place.link(item["href"]),
            "summary": item["summary"]["plain"],
            "field": entry["match"]["field"].replace("_", " ").capitalize(),
            "excerpt": entry["match"]["excerpt"] if entry["match"]["field"] != "summary" else None,
        }
