"""Says in sentences what is wrong with editorial documents: each alone, and all of them together.

In: (file, document) pairs as `files.read` gives them. Out: `Problem`s, each with file, JSON pointer and a sentence.
Nothing is stored.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from content_app.code_systems import CODE_SYSTEMS
from content_app.compiler import cited_slugs, references
from content_app.editorial_schema import SCHEMAS_BY_KIND
from content_app.interchange.files import Problem
from content_app.models import FormerSlug, Item, Source, Statement
from content_app.predicates import PREDICATES
from content_app.surroundings import items_by_reference

VALIDATORS = {
    kind: Draft202012Validator(schema, format_checker=FormatChecker()) for kind, schema in SCHEMAS_BY_KIND.items()
}
Given = list[tuple[str, dict[str, Any]]]


def pointer_to(path) -> str:
    """A JSON pointer (RFC 6901) from a sequence of keys and indexes."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def nearest(word: str, known) -> str:
    """“; did you mean …?” if a known word is near, else the list of known words."""
    close = difflib.get_close_matches(str(word), [str(k) for k in known], 1)
    return f"; did you mean “{close[0]}”?" if close else f"; known are {', '.join(str(k) for k in known)}."


def problems_of_form(file: str, document: Any) -> list[Problem]:
    """What the schema of its kind finds wrong with one document."""
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(document, dict):
        return [Problem(file, "", "It must be one mapping of keys to values.")]
    if not isinstance(kind, str) or kind not in VALIDATORS:
        return [Problem(file, "/kind", f"“{kind}” is not a kind of document{nearest(kind, VALIDATORS)}")]
    try:
        errors = sorted(
            VALIDATORS[kind].iter_errors(document), key=lambda error: [str(step) for step in error.absolute_path]
        )
    except RecursionError:
        return [Problem(file, "", "It is nested too deeply.")]
    return [
        Problem(file, pointer_to(error.absolute_path), sentence) for error in errors for sentence in sentences(error)
    ]


def sentences(error: ValidationError) -> Iterator[str]:
    """A schema error in words for editors."""
    rule, limit, value = error.validator, error.validator_value, error.instance
    if rule == "required":
        yield f"“{error.message.split(chr(39))[1]}” is missing."
    elif rule == "additionalProperties":
        for key in sorted(set(value) - set(error.schema["properties"])):
            yield f"There is no field “{key}” here{nearest(key, error.schema['properties'])}"
    elif rule == "enum":
        yield f"“{value}” is not one of the words allowed here{nearest(value, limit)}"
    elif rule == "type":
        yield f"This must be of type {limit}, not {type(value).__name__}."
    elif rule == "pattern":
        yield f"“{str(value)[:60]!a}” does not have the right form. {error.schema.get('description', '')}".strip()
    elif rule == "minLength":
        yield "This is empty: leave the field out, or fill it."
    elif rule == "maxLength":
        yield f"This has {len(value)} characters; at most {limit} are allowed."
    else:
        yield f"{error.message[:200]}."


def problems_together(given: Given) -> list[Problem]:
    """What is wrong with documents of the right form, seen together and with what is already stored."""
    items = [
        (file, document)
        for file, document in given
        if document["kind"] in ("condition", "concept", "symptom_type", "example")
    ]
    packs = [(file, document) for file, document in given if document["kind"] == "coding_pack"]
    finders = (
        _given_twice(given),
        _identities_taken(given),
        _statements_taken(items),
        _items_missing(items, packs),
        _sources_missing(items, given),
        _relations_wrong(items),
        _twice_within(items),
        _codings_wrong(items, packs),
    )
    return [problem for finder in finders for problem in finder]


def _given_twice(given: Given) -> Iterator[Problem]:
    for key_of, what in (
        (lambda d: (d["kind"], d["slug"]), "slug"),
        (lambda d: d.get("uuid"), "uuid"),
    ):
        seen: dict[Any, str] = {}
        for file, document in given:
            key = key_of(document)
            if key is not None and key in seen:
                yield Problem(file, f"/{what}", f"The {what} is also that of {seen[key]}; it must be unique.")
            seen.setdefault(key, file)


def _identities_taken(given: Given) -> Iterator[Problem]:
    stored = {str(uuid): kind for uuid, kind in Item.objects.values_list("uuid", "kind")}
    addresses = {(i.kind, i.slug): str(i.uuid) for i in Item.objects.only("kind", "slug", "uuid")}
    addresses |= {(f.kind, f.slug): str(f.item.uuid) for f in FormerSlug.objects.select_related("item")}
    for source in Source.objects.only("slug", "uuid"):
        stored[str(source.uuid)] = "source"
        addresses["source", source.slug] = str(source.uuid)
    for file, document in given:
        if "uuid" not in document:
            continue
        if stored.get(document["uuid"], document["kind"]) != document["kind"]:
            yield Problem(file, "/uuid", f"The uuid already belongs to a {stored[document['uuid']]}; make a new one.")
        owner = addresses.get((document["kind"], document["slug"]), document["uuid"])
        if owner != document["uuid"]:
            yield Problem(file, "/slug", "The slug already belongs to another item; choose another.")


def _statements_taken(items: Given) -> Iterator[Problem]:
    owners = {str(uuid): str(item) for uuid, item in Statement.objects.values_list("uuid", "item__uuid")}
    for file, document in items:
        for index, statement in enumerate(document.get("statements", [])):
            owner = owners.setdefault(statement["uuid"], document["uuid"])
            if owner != document["uuid"]:
                yield Problem(file, f"/statements/{index}/uuid", "The uuid belongs to a statement of another item.")


def _items_missing(items: Given, packs: Given) -> Iterator[Problem]:
    here = {f"{document['kind']}/{document['slug']}" for _, document in items}
    wanted = {reference for _, document in items for reference in references(document)}
    wanted |= {coding["item"] for _, pack in packs for coding in pack["codings"]}
    known = here | set(items_by_reference(sorted(wanted)))
    for file, document in items:
        for index, relation in enumerate(document.get("relations", [])):
            for end in ("object", "display_with"):
                if end in relation and relation[end] not in known:
                    sentence = (
                        f"There is no item “{relation[end]}”{nearest(relation[end], sorted(known)) if known else '.'}"
                    )
                    yield Problem(file, f"/relations/{index}/{end}", sentence)
    for file, pack in packs:
        for index, coding in enumerate(pack["codings"]):
            if coding["item"] not in known:
                yield Problem(file, f"/codings/{index}/item", f"There is no item “{coding['item']}”.")


def _sources_missing(items: Given, given: Given) -> Iterator[Problem]:
    known = set(Source.objects.values_list("slug", flat=True))
    known |= {document["slug"] for _, document in given if document["kind"] == "source"}
    for file, document in items:
        for slug in cited_slugs(document):
            if slug not in known:
                yield Problem(file, "", f"It cites “{slug}”, which is no known source{nearest(slug, sorted(known))}")


def _relations_wrong(items: Given) -> Iterator[Problem]:
    """What the database would refuse: wrong kinds, an item related to itself, a circle of kinds."""
    parents: dict[str, list[str]] = defaultdict(list)
    stated: set[tuple[str, str, str]] = set()
    for file, document in items:
        own = f"{document['kind']}/{document['slug']}"
        for index, relation in enumerate(document.get("relations", [])):
            predicate, other = PREDICATES[relation["predicate"]], relation["object"]
            where = f"/relations/{index}"
            kinds = (document["kind"], other.partition("/")[0])
            if other == own:
                yield Problem(file, f"{where}/object", "An item cannot be related to itself.")
            elif kinds[0] not in predicate.subject_kinds or kinds[1] not in predicate.object_kinds:
                yield Problem(file, where, f"“{predicate.label}” cannot join a {kinds[0]} to a {kinds[1]}.")
            elif predicate.code == "is_kind_of" and kinds[0] != kinds[1]:
                yield Problem(file, where, "An item can be a kind of another of its own kind only.")
            elif predicate.is_symmetric and (other, predicate.code, own) in stated:
                yield Problem(file, where, f"“{predicate.label}” reads both ways, and the other item already says it.")
            stated.add((own, predicate.code, other))
            if predicate.code == "is_kind_of":
                parents[own].append(other)
    for file, document in items:
        own = f"{document['kind']}/{document['slug']}"
        if _reaches(own, own, parents):
            yield Problem(file, "/relations", f"“{own}” would be a kind of itself, through a circle of is_kind_of.")


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
            ("relations", lambda r: (r["predicate"], r["object"])),
            ("codings", lambda c: (c["system"], c.get("code", ""))),
            ("not_covered", lambda aspect: aspect),
        ):
            seen = set()
            for index, entry in enumerate(document.get(part, [])):
                if key_of(entry) in seen:
                    yield Problem(file, f"/{part}/{index}", "This is already said above; say it once.")
                seen.add(key_of(entry))
        preferred = [name.get("language", "en") for name in document.get("names", []) if name["type"] == "preferred"]
        if "en" in preferred:
            yield Problem(file, "/names", "The preferred English name is the field “name”, not an entry here.")
        if len(set(preferred)) < len(preferred):
            yield Problem(file, "/names", "A language has one preferred name; make the others synonyms.")


def _codings_wrong(items: Given, packs: Given) -> Iterator[Problem]:
    for file, document in items + packs:
        for index, coding in enumerate(document.get("codings", [])):
            system = CODE_SYSTEMS[coding["system"]]
            if (coding["match"] == "none") == ("code" in coding):
                yield Problem(file, f"/codings/{index}", "Give a code, or the match “none” and no code.")
            if (
                system.is_gated
                and system.key not in settings.LICENSED_CODE_SYSTEMS
                and document["kind"] != "coding_pack"
            ):
                sentence = (
                    f"{system.name} needs a licence; if you hold one, name {system.key} in LICENSED_CODE_SYSTEMS."
                )
                yield Problem(file, f"/codings/{index}/system", sentence)
