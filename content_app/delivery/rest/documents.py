"""One document in any of its representations, and lists of documents: stored bytes, handed out."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse

from content_app import serializers as published
from content_app.delivery.http.elsewhere import PermanentRedirect, with_query
from content_app.delivery.http.problems import Problem, problem_response
from content_app.delivery.http.renderers import JSONRenderer, named
from content_app.delivery.query import addressed, filters, labels, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.delivery.query.selecting import ITEM_KINDS, SELECTION_PARAMETERS, SEVERAL
from content_app.delivery.representations.respond import represented
from content_app.delivery.representations.table import BY_SUFFIX, REPRESENTATIONS, Representation, able_to, address
from content_app.delivery.rest import selection_shapes, shapes
from content_app.delivery.store import reading
from content_app.nearest import nearest
from content_app.vocabulary.addresses import href
from content_app.vocabulary.terms import COLLECTIONS

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}


MOST_COUNTED = 10_000
COUNTS = ("known", "exact")
COUNT = (
    {"type": "string", "enum": list(COUNTS), "default": "known"},
    "With `exact`, `count` is also given for a filtered list that has further pages, up to "
    f"{MOST_COUNTED:,}. This takes longer.",
)


def listing(plural: str, noun: str, page: type, what: str) -> Operation:
    return Operation(
        id=f"list_{plural}",
        tag=plural.replace("_", "-"),
        summary=f"List {plural.replace('_', ' ')}",
        description=f"{what}\n\nFollow `next` until it is null. All pages are read from the same release, even if "
        f"another is published in the meantime. Entries are in short form; `href` is the address of the full {noun}.",
        answer=page,
        describes={"count": COUNT, "labels": labels.PARAMETER},
        example=f"list_{plural}",
    )


FORMS = (
    "The `Accept` header selects the representation: JSON, a readable page, schema.org JSON-LD, Markdown, or SKOS in "
    "Turtle. Without it you get JSON; browsers get the page. Each representation also has an address of its own, "
    "which `Link` gives: `get_page`, `get_json_ld`, `get_markdown` and `get_turtle` describe them."
)
# What makes another shape of a document. Each shape has an address of its own, where it is described.
SHAPING = ("fields", "must_show", "audience", "include", "labels")
PART = (
    "The parts of the document that you choose. `fields`, `must_show`, `audience`, `include` and `labels` also work "
    "at the address of the whole document; they are described here because the response has a different shape."
)


def single(plural: str, singular: str, noun: str, answer: type) -> Operation:
    return Operation(
        id=f"get_{singular}",
        tag=plural.replace("_", "-"),
        summary=f"Get one {noun}",
        description=f"The full {noun} as published. Store the `ETag` and send it in `If-None-Match` next time: you get "
        "a 304 if nothing has changed. A former slug or an abbreviation redirects with a 308; a withdrawn "
        f"{noun} returns a 410.\n\n{FORMS}\n\nAlways show `notices` with the content, and show the sentences in "
        "`not_covered` instead of empty sections.",
        answer=answer,
        described_elsewhere=SHAPING,
        is_found_by_name=True,
        can_be_withdrawn=True,
        example=f"get_{singular}",
    )


def part_of(single: Operation, shape: type) -> Operation:
    """How the address of the chosen part of a document is described."""
    return replace(
        single,
        id=single.id.replace("get_", "get_selected_"),
        summary=single.summary.replace("Get one", "Get part of one"),
        description=PART,
        answer=shape,
        described_elsewhere=(),
        example=f"{single.id.replace('get_', 'get_selected_')}",
    )


class RepresentedView(ReadView):
    """A document in the representation that is asked for."""

    renderer_classes: ClassVar[list[type]] = [
        named(representation.media_type, representation.suffix) for representation in REPRESENTATIONS
    ]
    known_parameters = (*READ_PARAMETERS, *SELECTION_PARAMETERS)
    several = SEVERAL

    def get_renderers(self) -> list:
        """Those that take the choices of the request: what is chosen of a document is told in JSON, as a rule."""
        chosen = set(SELECTION_PARAMETERS) & self.request.GET.keys()
        able = {representation.media_type for representation in able_to(chosen)}
        return [renderer() for renderer in self.renderer_classes if renderer.media_type in able]

    def answer(self, stored: reading.Stored, moment: reading.Moment, *kinds: str) -> HttpResponse:
        return represented(self.request, stored, moment, *kinds)


def missing(
    moment: reading.Moment, kind: str, slug: str, known: list[str], address_of: Callable[[str], str]
) -> Problem:
    """The problem that there is no such document, with the addresses of the `known` slugs, or else of the nearest."""
    near = known or nearest(slug, reading.slugs_near(moment, kind, slug.lower()), most=3)
    return Problem(
        "not-found",
        f"Release {moment.release} has no {kind.replace('_', ' ')} “{slug[:120]}”.",
        near={name: address_of(name) for name in near},
    )


class DocumentView(RepresentedView):
    """The public document at `/{collection}/{slug}/`."""

    kind = ""

    def get(self, request, slug: str) -> HttpResponse:
        moment = self.moment()
        stored = reading.by_slug(moment, self.kind, slug)
        return self.answer(stored, moment, self.kind) if stored else self.elsewhere(moment, slug)

    def address(self, slug: str) -> str:
        return href(self.kind, slug)

    def elsewhere(self, moment: reading.Moment, slug: str) -> HttpResponse:
        """308 to where another case, an abbreviation or a former slug leads, or a 404 that names the nearest slug."""
        slugs = [found.slug for found in addressed.by_name(moment, slug, (self.kind,), is_no_slug=True)]
        if len(slugs) == 1:
            return PermanentRedirect(with_query(self.request, self.address(slugs[0])))
        raise missing(moment, self.kind, slug, slugs, self.address)


class SelectedView(DocumentView):
    """What is chosen of a document, at `/{collection}/{slug}/selected/`."""

    renderer_classes: ClassVar[list[type]] = [JSONRenderer]

    def address(self, slug: str) -> str:
        return f"{href(self.kind, slug)}selected/"


class RepresentationView(DocumentView):
    """One representation at its own address, `/{collection}/{slug}.{suffix}`: for links, and for people."""

    suffix = ""

    def setup(self, request, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.kind = KINDS[kwargs["collection"]]
        self.is_for_people = self.suffix == "html"

    def get_renderers(self) -> list:
        return [renderer() for renderer in self.renderer_classes]  # what it does not take is refused by name

    def get_known_parameters(self) -> tuple[str, ...]:
        return (*READ_PARAMETERS, *BY_SUFFIX[self.suffix].takes)

    def get(self, request, collection: str, slug: str) -> HttpResponse:
        return super().get(request, slug)

    def address(self, slug: str) -> str:
        return address(self.kind, slug, self.suffix)


def unknown_suffix(request, **_: str) -> HttpResponse:
    """The problem that there is no such representation."""
    detail = f"This suffix is not known. Use one of .{', .'.join(BY_SUFFIX)}."
    return problem_response(request, "not-found", detail)


# What the operation of each representation is called, what it gets, and the shape of that where it is JSON of ours.
CALLED = {
    "json": ("get_json", "JSON", shapes.published_document()),
    "html": ("get_page", "a readable page", None),
    "jsonld": ("get_json_ld", "schema.org JSON-LD", None),
    "md": ("get_markdown", "Markdown", None),
    "ttl": ("get_turtle", "SKOS in Turtle", None),
}


def view_at_suffix(representation: Representation) -> type[RepresentationView]:
    """The view of one representation, which no other shares an operation with."""
    name, called, shape = CALLED[representation.suffix]
    operation = Operation(
        name,
        "library",
        f"Get a document as {called}",
        "Every representation has an address of its own, for links and for browsers. It returns the same as the "
        "address of the document does with the matching `Accept` header.",
        shape,
        described_elsewhere=SHAPING if representation.is_stored else (),
        is_found_by_name=True,
        can_be_withdrawn=True,
        example="get_concept",
    )
    renderers = [named(representation.media_type, representation.suffix)]
    members = {"suffix": representation.suffix, "renderer_classes": renderers, "operation": operation}
    return type(f"{representation.suffix.title()}View", (RepresentationView,), members)


REPRESENTATION_VIEWS = {representation.suffix: view_at_suffix(representation) for representation in REPRESENTATIONS}


class ItemView(RepresentedView):
    """The same document by its permanent identifier, at `/items/{uuid}/`."""

    operation = Operation(
        "get_item",
        "items",
        "Get an item of any kind by its identifier",
        "The same document as at its own address, in any representation. Store identifiers rather than slugs: "
        "identifiers never change.",
        shapes.published_item(),
        described_elsewhere=SHAPING,
        is_found_by_name=True,
        can_be_withdrawn=True,
        example="get_concept",
    )

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        moment = self.moment()
        stored = reading.by_id(moment, item_id)
        if stored is None:
            raise Problem("not-found", f"Release {moment.release} has no item {item_id}.")
        return self.answer(stored, moment, *ITEM_KINDS)


class SelectedItemView(ItemView):
    """What is chosen of an item, at `/items/{uuid}/selected/`."""

    operation = part_of(ItemView.operation, selection_shapes.selected_item())
    renderer_classes: ClassVar[list[type]] = [JSONRenderer]


class DocumentListView(ReadView):
    """A page of the documents of one kind, at `/{collection}/`."""

    kind = ""
    filterset_class = filters.DocumentFilters
    labelled = staticmethod(labels.labelled)

    @property
    def several(self) -> tuple[str, ...]:
        return self.filterset_class.several()

    def get_known_parameters(self) -> tuple[str, ...]:
        return (*self.filterset_class.base_filters, "count", "labels", *PAGE_PARAMETERS, *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = request.query_params
        page = paging.asked_for(self, filters.ORDERINGS.get(query.get("ordering"), filters.ORDERINGS["name"]))
        are_few = not set(query).isdisjoint(filters.LOOKED_UP)
        living = reading.of_kind(reading.living(page.moment), self.kind, are_few=are_few)
        asked = set(query) & set(self.filterset_class.base_filters)
        # A set of filters is copied for each request, which takes longer than the list itself.
        found = self.filterset_class(query, living, moment=page.moment).narrowed() if asked else living
        rows, onward = page.of(found, "list_form", are_few=are_few)
        is_whole = not page.key and onward.address is None
        count = len(rows) if is_whole else self.count(page.moment, found, asked)
        return page.answer([bytes(row["list_form"]) for row in rows], onward, count=count)

    def count(self, moment: reading.Moment, found: QuerySet, asked: set[str]) -> int | None:
        """How many there are: written with the release, or counted where that is asked for; None if too many."""
        is_wanted = parameters.one_of(self.request.query_params, "count", COUNTS) == "exact"
        if not asked - {"ordering"}:
            return moment.counts[self.kind]
        counted = found.order_by().values("pk")[: MOST_COUNTED + 1].count() if is_wanted else MOST_COUNTED + 1
        return counted if counted <= MOST_COUNTED else None


def views_of(
    kind: str, filterset: type[filters.DocumentFilters], listing: Operation, single: Operation
) -> tuple[type[ReadView], type[ReadView], type[ReadView]]:
    """The list view of one kind, the view of a document, and the view of what is chosen of it."""
    name = "".join(word.capitalize() for word in kind.split("_"))
    listed = {"kind": kind, "filterset_class": filterset, "operation": listing}
    return (
        type(f"{name}ListView", (DocumentListView,), listed),
        type(f"{name}View", (DocumentView,), {"kind": kind, "operation": single}),
        type(
            f"Selected{name}View",
            (SelectedView,),
            {"kind": kind, "operation": part_of(single, selection_shapes.SELECTED[kind])},
        ),
    )


ConditionListView, ConditionView, SelectedConditionView = views_of(
    "condition",
    filters.ConditionFilters,
    listing(
        "conditions",
        "condition",
        shapes.ConditionPage,
        "Conditions that people are diagnosed with: AMPS and the conditions it is confused with.",
    ),
    single("conditions", "condition", "condition", published.ConditionSerializer),
)
ConceptListView, ConceptView, SelectedConceptView = views_of(
    "concept",
    filters.ConceptFilters,
    listing(
        "concepts",
        "concept",
        shapes.ConceptPage,
        "Ideas that help to explain conditions: mechanisms, normal physiology, presentation patterns, populations, "
        "body sites, triggers, impact and gaps in knowledge.",
    ),
    single("concepts", "concept", "concept", published.ConceptSerializer),
)
SymptomTypeListView, SymptomTypeView, SelectedSymptomTypeView = views_of(
    "symptom_type",
    filters.SymptomTypeFilters,
    listing(
        "symptom_types",
        "symptom type",
        shapes.SymptomTypePage,
        "Symptoms that a person feels and signs that an examiner sees: pain, its quality and location, and autonomic "
        "signs.\n\nThis API does not rank conditions by symptoms. Do not use it to build a symptom checker: the same "
        "signs occur in illnesses that need prompt care and are not described here.",
    ),
    single("symptom_types", "symptom_type", "symptom type", published.SymptomTypeSerializer),
)
ExampleListView, ExampleView, SelectedExampleView = views_of(
    "example",
    filters.ExampleFilters,
    listing(
        "examples",
        "example",
        shapes.ExamplePage,
        "Short scenes, analogies and contrasts. An analogy is not a fact: always show its limits with it.",
    ),
    single("examples", "example", "example", published.ExampleSerializer),
)
SourceListView, SourceView, SelectedSourceView = views_of(
    "source",
    filters.SourceFilters,
    listing("sources", "source", shapes.SourcePage, "The works that the content cites."),
    single("sources", "source", "source", published.SourceSerializer),
)
