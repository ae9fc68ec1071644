"""Says in sentences what is wrong with editorial documents: each alone, and all of them together.

In: (file, document) pairs as `files.read` gives them. Out: `Problem`s, each with file, JSON pointer and a sentence.
Nothing is stored.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings

from content_app.editorial.exchange.files import Problem
from content_app.manuscripts.compiler import references
from content_app.manuscripts.identifiers import normal_doi, normal_pmid
from content_app.manuscripts.rule_context import items_by_reference
from content_app.manuscripts.rules import all_citations
from content_app.manuscripts.schema_messages import faults_of_form, hint
from content_app.manuscripts.schema_messages import sentences as sentences  # the words of the schema, for forms
from content_app.models import FormerSlug, Item, Relation, Source, Statement
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import KINDS, WITHOUT_CODE

Given = list[tuple[str, dict[str, Any]]]
MOST_TOGETHER = 300  # each names what was probably meant, which takes its time
BOTH_WAYS = [predicate.code for predicate in PREDICATES.values() if predicate.is_symmetric]


def problems_of_form(file: str, document: Any) -> list[Problem]:
    """What the schema of its kind finds wrong with one document."""
    return [Problem(file, pointer, sentence) for pointer, sentence in faults_of_form(document)]


def problems_together(given: Given) -> list[Problem]:
    """What is wrong with documents of the right form, seen together and with what is already stored."""
    items = [(file, document) for file, document in given if document["kind"] in KINDS]
    packs = [(file, document) for file, document in given if document["kind"] == "coding_pack"]
    known = identities(items, packs)
    finders = (
        _given_twice(given),
        _identities_taken(given),
        _sources_renamed(given),
        _works_twice(given),
        _statements_taken(items),
        _items_missing(items, packs, known),
        _sources_missing(items, given),
        _relations_wrong(items, known),
        _circles(items, known),
        _twice_within(items),
        _codings_wrong(items, packs),
    )
    return list(itertools.islice(itertools.chain.from_iterable(finders), MOST_TOGETHER))


def own_reference(document: dict[str, Any]) -> str:
    """How other documents name this one: `kind/slug`."""
    return f"{document['kind']}/{document['slug']}"


def identities(items: Given, packs: Given) -> dict[str, str]:
    """The uuid of the item that each reference names: one of those given, or else one that is stored.

    The slug that a given item gives up names nothing, unless it is already kept as a former slug.
    """
    wanted = {reference for _, document in items for reference in references(document)}
    wanted |= {coding["item"] for _, pack in packs for coding in pack["codings"]}
    given = {document["uuid"] for _, document in items}
    known = {
        reference: str(item.uuid)
        for reference, item in items_by_reference(sorted(wanted)).items()
        if str(item.uuid) not in given or item.reference != reference
    }
    return known | {own_reference(document): document["uuid"] for _, document in items}


def _given_twice(given: Given) -> Iterator[Problem]:
    for key_of, what in (
        (lambda d: (d["kind"], d["slug"]), "slug"),
        (lambda d: d.get("uuid"), "uuid"),
    ):
        seen: dict[Any, str] = {}
        for file, document in given:
            key = key_of(document)
            if key is not None and key in seen:
                yield Problem(file, f"/{what}", f"{seen[key]} has the same {what}. Each document needs its own.")
            seen.setdefault(key, file)


def _identities_taken(given: Given) -> Iterator[Problem]:
    slugs = [document["slug"] for _, document in given]
    uuids = [document["uuid"] for _, document in given if "uuid" in document]
    stored = {str(uuid): kind for uuid, kind in Item.objects.filter(uuid__in=uuids).values_list("uuid", "kind")}
    stored |= {str(uuid): "source" for uuid in Source.objects.filter(uuid__in=uuids).values_list("uuid", flat=True)}
    addresses = {(i.kind, i.slug): str(i.uuid) for i in Item.objects.filter(slug__in=slugs)}
    former = FormerSlug.objects.filter(slug__in=slugs).select_related("item")
    addresses |= {(f.kind, f.slug): str(f.item.uuid) for f in former}
    addresses |= {("source", s.slug): str(s.uuid) for s in Source.objects.filter(slug__in=slugs)}
    for file, document in given:
        if "uuid" not in document:
            continue
        if stored.get(document["uuid"], document["kind"]) != document["kind"]:
            yield Problem(
                file, "/uuid", f"This uuid already belongs to a {_kind(stored[document['uuid']])}. Create a new one."
            )
        owner = addresses.get((document["kind"], document["slug"]), document["uuid"])
        if owner != document["uuid"]:
            what = "source" if document["kind"] == "source" else "item"
            yield Problem(file, "/slug", f"This slug already belongs to another {what}. Choose a different one.")


def _sources_renamed(given: Given) -> Iterator[Problem]:
    uuids = [document["uuid"] for _, document in given if document["kind"] == "source"]
    slugs = {str(uuid): slug for uuid, slug in Source.objects.filter(uuid__in=uuids).values_list("uuid", "slug")}
    for file, document in given:
        if slugs.get(document.get("uuid", ""), document["slug"]) != document["slug"]:
            yield Problem(
                file, "/slug", f"The slug of a source cannot change. It must stay “{slugs[document['uuid']]}”."
            )


def _works_twice(given: Given) -> Iterator[Problem]:
    """A work that another source stands for, by its DOI or PubMed identifier. What is stored twice may stay so."""
    sources = [(file, document) for file, document in given if document["kind"] == "source"]
    stored = list(Source.objects.values("slug", "doi", "pmid")) if sources else []
    for field, what, normal in (("doi", "DOI", normal_doi), ("pmid", "PubMed ID", normal_pmid)):
        there = {(row["slug"], normal(row[field])) for row in stored if row[field]}
        claimed = {document["slug"]: normal(document.get(field, "")) for _, document in sources}
        owners = {key: slug for slug, key in sorted(there) if claimed.get(slug, key) == key}
        for file, document in sources:
            slug, key = document["slug"], claimed[document["slug"]]
            if key and owners.setdefault(key, slug) != slug and (slug, key) not in there:
                yield Problem(
                    file, f"/{field}", f"The source “{owners[key]}” has the same {what}. Cite that source instead."
                )


def _kind(code: str) -> str:
    return code.replace("_", " ")


def _kinds(codes: Iterable[str]) -> str:
    words = map(_kind, sorted(codes))
    return " or ".join(f"an {word}" if word[0] in "aeiou" else f"a {word}" for word in words)


def _statements_taken(items: Given) -> Iterator[Problem]:
    uuids = [statement["uuid"] for _, document in items for statement in document.get("statements", [])]
    stored = Statement.objects.filter(uuid__in=uuids).values_list("uuid", "item__uuid")
    owners = {str(uuid): str(item) for uuid, item in stored}
    for file, document in items:
        for index, statement in enumerate(document.get("statements", [])):
            owner = owners.setdefault(statement["uuid"], document["uuid"])
            if owner != document["uuid"]:
                yield Problem(
                    file,
                    f"/statements/{index}/uuid",
                    "This uuid belongs to a statement of another item. Create a new one.",
                )


def _items_missing(items: Given, packs: Given, known: dict[str, str]) -> Iterator[Problem]:
    places = [
        (file, f"/relations/{index}/{end}", relation[end])
        for file, document in items
        for index, relation in enumerate(document.get("relations", []))
        for end in ("object", "display_with")
        if end in relation
    ]
    places += [
        (file, f"/codings/{index}/item", coding["item"])
        for file, pack in packs
        for index, coding in enumerate(pack["codings"])
    ]
    for file, pointer, reference in places:
        if reference not in known:
            yield Problem(file, pointer, f"There is no item “{reference}”{hint(reference, sorted(known))}")


def _sources_missing(items: Given, given: Given) -> Iterator[Problem]:
    known = set(Source.objects.values_list("slug", flat=True))
    known |= {document["slug"] for _, document in given if document["kind"] == "source"}
    for file, document in items:
        for pointer, citations in all_citations(document):
            for index, citation in enumerate(citations):
                slug = citation["source"]
                if slug not in known:
                    sentence = f"There is no source “{slug}”{hint(slug, sorted(known))}"
                    yield Problem(file, f"{pointer}/{index}/source", sentence)


def _relations_wrong(items: Given, known: dict[str, str]) -> Iterator[Problem]:
    """What the database would refuse of a relation: wrong kinds, one's own end, said twice."""
    stated = _stated_elsewhere(items, BOTH_WAYS)
    for file, document in items:
        own = document["uuid"]
        for index, relation in enumerate(document.get("relations", [])):
            predicate, other = PREDICATES[relation["predicate"]], known.get(relation["object"])
            where = f"/relations/{index}"
            kinds = (document["kind"], relation["object"].partition("/")[0])
            if other == own:
                yield Problem(file, f"{where}/object", "An item cannot have a relationship with itself.")
            elif kinds[0] not in predicate.subject_kinds:
                allowed = _kinds(predicate.subject_kinds)
                yield Problem(file, f"{where}/predicate", f"“{predicate.label}” can only start from {allowed}.")
            elif kinds[1] not in predicate.object_kinds:
                ends = f"can only link to {_kinds(predicate.object_kinds)}, and this is {_kinds(kinds[1:])}."
                yield Problem(file, f"{where}/object", f"“{predicate.label}” {ends}")
            elif predicate.code == "is_kind_of" and kinds[0] != kinds[1]:
                sentence = "“Is a kind of” can only link two items of the same kind."
                yield Problem(file, f"{where}/object", sentence)
            elif predicate.is_symmetric and (other, predicate.code, own) in stated:
                yield Problem(
                    file,
                    f"{where}/object",
                    (
                        f"The other item already has “{predicate.label}”, which applies in both "
                        "directions. Delete one of the two."
                    ),
                )
            elif other and (own, predicate.code, other) in stated:
                yield Problem(file, where, "This repeats an entry above. Delete one of them.")
            stated.add((own, predicate.code, other))


def _stated_elsewhere(items: Given, predicates: Iterable[str]) -> set[tuple[str, str, str | None]]:
    """Stored relations of these types that start from items which are not given."""
    rows = Relation.objects.filter(predicate__in=predicates).exclude(subject__uuid__in=[d["uuid"] for _, d in items])
    return {(str(a), predicate, str(b)) for a, predicate, b in rows.values_list(*ENDS)}


ENDS = ("subject__uuid", "predicate", "object__uuid")


def _circles(items: Given, known: dict[str, str]) -> Iterator[Problem]:
    parents: dict[str, list[str]] = defaultdict(list)
    for child, _, parent in _stated_elsewhere(items, ["is_kind_of"]):
        parents[child].append(str(parent))
    for _, document in items:
        ends = (r["object"] for r in document.get("relations", []) if r["predicate"] == "is_kind_of")
        parents[document["uuid"]] += [known[end] for end in ends if end in known and known[end] != document["uuid"]]
    for file, document in items:
        if _reaches(document["uuid"], document["uuid"], parents):
            yield Problem(
                file,
                "/relations",
                f"“{document['name']}” would be a kind of itself. "
                "Remove one of the “is a kind of” relationships in the circle.",
            )


def _reaches(start: str, goal: str, parents: dict[str, list[str]]) -> bool:
    waiting, seen = list(parents.get(start, [])), set()
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting += parents.get(here, [])
    return False


def _twice_within(items: Given) -> Iterator[Problem]:
    """Entries of one document that say the same thing twice."""
    for file, document in items:
        for part, key_of in (
            ("names", lambda n: (n["text"], n["type"], n.get("language", "en"))),
            ("statements", lambda s: s["uuid"]),
            ("codings", lambda c: (c["system"], c.get("code", ""))),
        ):
            seen = set()
            for index, entry in enumerate(document.get(part, [])):
                if key_of(entry) in seen:
                    yield Problem(file, f"/{part}/{index}", "This repeats an entry above. Delete one of them.")
                seen.add(key_of(entry))
        preferred = [name.get("language", "en") for name in document.get("names", []) if name["type"] == "preferred"]
        if "en" in preferred:
            yield Problem(file, "/names", "The preferred English name belongs in the field “name”, not here.")
        if len(set(preferred)) < len(preferred):
            yield Problem(
                file,
                "/names",
                "There is more than one preferred name in the same language. Make the others synonyms.",
            )


def _codings_wrong(items: Given, packs: Given) -> Iterator[Problem]:
    for file, document in items + packs:
        is_pack = document["kind"] == "coding_pack"
        for index, coding in enumerate(document.get("codings", [])):
            system = CODE_SYSTEMS[coding["system"]]
            if (coding["match"] in WITHOUT_CODE) == ("code" in coding):
                yield Problem(
                    file,
                    f"/codings/{index}/code",
                    "Enter a code, or choose the match “No code exists” (none) and leave the code out.",
                )
            if is_pack and not system.is_gated:
                sentence = f"{system.name} needs no licence. Put this coding in the document of the item."
                yield Problem(file, f"/codings/{index}/system", sentence)
            if system.is_gated and not is_pack and system.key not in settings.LICENSED_CODE_SYSTEMS:
                sentence = f"{system.name} needs a licence. If you have one, add {system.key} to LICENSED_CODE_SYSTEMS."
                yield Problem(file, f"/codings/{index}/system", sentence)
