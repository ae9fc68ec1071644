"""Statements, relations and codings: parts of documents, found through their terms and read from stored bytes."""

import json
import uuid
from collections.abc import Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import addressed, filters, labels, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.filters import NAME_PATTERN, NAMED, PLAIN
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.delivery.rest import shapes
from content_app.delivery.store import own_codes, reading
from content_app.delivery.store.coded import CLOSEST_FIRST, CODED_SYSTEMS, own_codes_in, term_of, terms_of
from content_app.vocabulary.addresses import FHIR, href
from content_app.vocabulary.code_systems import OWN, SYSTEM_NAMES, CodeSystem, system_named
from content_app.vocabulary.predicates import PREDICATES

BY_NAME = filters.ORDERINGS["name"]

END = {"type": "string", "maxLength": 500, "pattern": NAME_PATTERN, "examples": ["concepts/cause-unknown"]}


def reference_to(document: dict[str, Any]) -> dict[str, Any]:
    """The short form of a document's item."""
    short = {key: document[key] for key in ("id", "kind", "slug", "name")}
    return short | {"href": href(document["kind"], document["slug"])}


class StatementView(ReadView):
    """One statement by its permanent identifier, with what must be shown with it."""

    operation = Operation(
        "get_statement",
        "statements",
        "Get one statement",
        "A single clinical statement, by its identifier, with its sources, the review of its item, and the notices "
        "that must be shown with it.",
        shapes.StatementDocumentSerializer,
        is_found_by_name=True,
        example="get_statement",
    )

    def get(self, request, statement_id: uuid.UUID) -> HttpResponse:
        moment = self.moment()
        body = reading.body_with_term(moment, "statement", str(statement_id))
        if body is None:
            raise Problem("not-found", f"Release {moment.release} has no statement {statement_id}.")
        document = json.loads(body)
        statement = next(s for s in document["statements"] if s["id"] == str(statement_id))
        cited = {citation["source"] for citation in statement["citations"]}
        shown = statement | {
            "item": reference_to(document),
            "sources": [source for source in document["sources"] if source["slug"] in cited],
            **{key: document[key] for key in ("review", "notices", "licence", "meta")},
        }
        return answer(request, compact_json(shown), moment=moment)


class EntryListView(ReadView):
    """A page of parts of documents, in the order of the documents' names and of their place in each.

    `documents_with` must give only documents in which `entries_of` finds at least one entry; it says whether they are
    few whatever the size of the library.
    """

    own_parameters: tuple[str, ...] = ()

    def get_known_parameters(self) -> tuple[str, ...]:
        return (*self.own_parameters, "labels", *PAGE_PARAMETERS, *READ_PARAMETERS)

    def documents_with(self, moment: reading.Moment) -> tuple[QuerySet, bool]:
        raise NotImplementedError

    def entries_of(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        raise NotImplementedError

    def best_first(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The entries of an answer that fits on one page, in the order in which they are most use."""
        return entries

    def members(self, moment: reading.Moment, found: int) -> dict[str, Any]:
        """What the envelope says beside the entries."""
        return {}

    def get(self, request) -> HttpResponse:
        page = paging.asked_for(self, (*BY_NAME, "place"))
        found, are_few = self.documents_with(page.moment)
        if page.key:
            found = found.filter(paging.behind(BY_NAME, page.key[:2], or_at=True))
        keyed = (entry for entry in self.keyed_entries(found, page.size + 1, are_few) if entry[0] > page.key)
        entries, onward = page.cut(list(islice(keyed, page.size + 1)), itemgetter(0))
        shown = [entry for _, entry in entries]
        if not page.key and onward.address is None:
            shown = self.best_first(shown)
        results = [compact_json(entry) for entry in shown]
        return page.answer(results, onward, **self.members(page.moment, len(results)))

    def keyed_entries(
        self, found: QuerySet, most: int, are_few: bool
    ) -> Iterator[tuple[tuple[str, str, int], dict[str, Any]]]:
        # One document more than entries: the first may have been read to its end by the page before.
        for sort_name, item_uuid, body in reading.bodies(found, most + 1, are_few=are_few):
            for place, entry in enumerate(self.entries_of(json.loads(body))):
                yield (sort_name, item_uuid, place), entry


class RelationListView(EntryListView):
    """Edges of the graph: by subject, predicate and object, or by either end."""

    operation = Operation(
        "list_relations",
        "relations",
        "List relations",
        "The relations between items. Filter by `subject`, `predicate` and `object`, or by `item` for either end. "
        "Show the likelihood of each relation, and show the item in `display_with` beside it. Present a relation "
        "marked `attributed` as the view of its sources.",
        shapes.RelationPage,
        describes={
            "subject": (END, f"Only relations from this item, {NAMED}"),
            "predicate": (parameters.several_of(shapes.PREDICATE_CODES), "Only relations of these types."),
            "object": (END, f"Only relations to this item, {NAMED}"),
            "item": (END, f"Only relations from or to this item, {NAMED}"),
            "labels": labels.PARAMETER,
        },
        example="list_relations",
    )

    labelled = staticmethod(labels.labelled_part("relations"))
    several = ("predicate",)
    own_parameters = ("subject", "predicate", "object", "item")

    def documents_with(self, moment: reading.Moment) -> tuple[QuerySet, bool]:
        query = self.request.query_params
        self.predicates = parameters.values_of(query, "predicate", PREDICATES) or tuple(PREDICATES)
        self.ends = {
            end: addressed.one(query[end], end, moment).item_uuid
            for end in ("subject", "object", "item")
            if end in query
        }
        found = reading.living(moment)
        term = "edge" if "predicate" in query else "object"
        if "subject" in self.ends:
            found = found.filter(item_uuid=self.ends["subject"])
        if "object" in self.ends:
            found = reading.with_term(found, term, *self.terms_of(self.ends["object"]))
        if "item" in self.ends:
            found = reading.with_either(found, [self.ends["item"]], term, *self.terms_of(self.ends["item"]))
        return reading.with_common_term(found, "predicate", *self.predicates), bool(self.ends)

    def terms_of(self, end: str) -> list[str]:
        """The terms by which relations to an item are found: those of the predicates that are asked for."""
        asked = "predicate" in self.request.query_params
        return [f"{predicate}|{end}" for predicate in self.predicates] if asked else [end]

    def entries_of(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        subject = reference_to(document)
        return [
            {"subject": subject} | relation | self.reading_backwards(relation["predicate"])
            for relation in document["relations"]
            if self.is_asked_for(subject["id"], relation)
        ]

    def is_asked_for(self, subject: str, relation: dict[str, Any]) -> bool:
        target = relation["object"]["id"]
        return (
            relation["predicate"] in self.predicates
            and self.ends.get("subject", subject) == subject
            and self.ends.get("object", target) == target
            and self.ends.get("item", subject) in (subject, target)
        )

    def reading_backwards(self, code: str) -> dict[str, Any]:
        return {"inverse_label": PREDICATES[code].inverse_label, "is_symmetric": PREDICATES[code].is_symmetric}


class CodingListView(EntryListView):
    """Which items answer to a code, and how well. A known system with an unknown code is said as such."""

    operation = Operation(
        "list_codings",
        "codings",
        "Find items by code",
        "Find the items for a code, and how closely each matches. `match` says how the code relates to the item. If "
        "it is `broad`, the code is broader than the item, so a patient with this code does not necessarily have "
        "what the item describes. If the system is known but no item has the code, you get a 200 with `outcome: "
        "unknown_code`. Entries with `match: none` mean that the system was searched and no code was found for the "
        "item.",
        shapes.CodingPage,
        describes={
            "system": (
                {"type": "string", "enum": list(SYSTEM_NAMES)},
                "The code system, given by its key (`icd-10-cm`), its FHIR address or its OID.",
            ),
            "code": (
                {"type": "string", "maxLength": 500, "pattern": f"^{PLAIN}$", "examples": ["M79.7"]},
                "The code, in upper or lower case, with or without the dot or the prefix of its system. Without "
                "`system`, all code systems are searched.",
            ),
            "labels": labels.PARAMETER,
        },
        example="list_codings",
    )

    labelled = staticmethod(labels.labelled_part("codings"))
    own_parameters = ("system", "code")

    def documents_with(self, moment: reading.Moment) -> tuple[QuerySet, bool]:
        query = self.request.query_params
        self.code, self.read_from = query.get("code"), moment
        self.system = find_system(query["system"]) if "system" in query else None
        systems = [self.system.key] if self.system else list(CODED_SYSTEMS)
        if self.code is None:
            if self.system is OWN:
                raise invalid("code", f"Give a code too. All codes of this system are in {FHIR}/CodeSystem/amps.")
            return reading.with_common_term(reading.living(moment), "system", *systems), False
        filters.refuse_what_is_no_code(self.code, "code")
        asked = [(key, self.code) for key in systems]
        self.terms, self.own = terms_of(asked), own_codes_in(asked, moment)
        return reading.with_either(reading.living(moment), list(self.own), "code", *self.terms), True

    def best_first(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(entries, key=lambda entry: CLOSEST_FIRST[entry["match"]]) if self.code else entries

    def entries_of(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        item = reference_to(document)
        own = self.own.get(document["id"]) if self.code else None
        codings = [own_codes.coding(document, own, self.read_from)] if own else []
        codings += [coding for coding in document["codings"] if self.is_asked_for(coding)]
        return [{"item": item, **coding} for coding in codings]

    def is_asked_for(self, coding: dict[str, Any]) -> bool:
        if self.system and coding["system"] != self.system.key:
            return False
        return self.code is None or term_of(coding) in self.terms

    def members(self, moment: reading.Moment, found: int) -> dict[str, Any]:
        system = system_entry(self.system) if self.system else None
        members: dict[str, Any] = {"system": system, "code": self.code, "outcome": "found", "detail": None}
        if not found and self.code is None:
            members["outcome"] = "no_codings"
        elif not found:
            members["outcome"] = "unknown_code"
            of_system = f" in {self.system.name}" if self.system else ""
            members["detail"] = (
                f"No item in release {moment.release} has the code “{self.code}”{of_system}. "
                "This does not mean that the code does not exist."
            )
        return members


def system_entry(system: CodeSystem) -> dict[str, Any]:
    """A code system as this API shows it."""
    return {
        "key": system.key,
        "name": system.name,
        "uri": system.uri,
        "oid": system.oid,
        "version": system.version,
        "licence": system.licence,
        "attribution": system.attribution,
        "needs_licence": system.is_gated,
    }


def find_system(value: str) -> CodeSystem:
    """The code system of a key, a FHIR address or an OID. Raises `Problem` (400)."""
    system = system_named(value)
    if system is None:
        raise invalid("system", f"“{value[:100]}” is not a known code system{parameters.hint(value, CODED_SYSTEMS)}")
    return system
