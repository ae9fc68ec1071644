"""Brings a set of editorial documents into the library: all of them or none.

In: a path, or documents that were read; and who imports. Out: a `Plan` that says item by item what changes, applied
in one transaction.
Raises `NotImportable` with every problem at once. Importing the same files twice changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError, transaction

from content_app.editorial import saving, source_history
from content_app.editorial.exchange import files, validation
from content_app.editorial.exchange.files import Problem
from content_app.editorial.exchange.validation import Given, own_reference
from content_app.editorial.transitions import require_role
from content_app.manuscripts import rows, writing
from content_app.manuscripts.schema import SCHEMAS_BY_KIND
from content_app.models import Item, Source
from content_app.publication import publishing
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.terms import KINDS

Document = dict[str, Any]


class NotImportable(Exception):
    """The documents cannot be imported. `problems` holds all of them; nothing has been stored."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Overtaken(NotImportable):
    """The library has changed since the plan was made: plan again, and look again."""


@dataclass(frozen=True)
class Change:
    """What importing does to one item or source. `fields` names what differs, for a changed one.

    `before` is what the library said when the plan was made, and `version` the item's `lock_version` then; None if
    it did not have it. A source has no version but what it says.
    """

    action: str  # "created", "changed" or "unchanged"
    reference: str
    document: Document
    fields: tuple[str, ...] = ()
    before: Document | None = None
    version: int | None = None


@dataclass
class Plan:
    """What importing would do. `left_out` says which packs are not loaded, and why; `given` is what was read."""

    changes: list[Change] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    given: Given = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many documents are created, changed and left as they are."""
        return {action: self.count(action) for action in ("created", "changed", "unchanged")}

    def count(self, action: str) -> int:
        return sum(change.action == action for change in self.changes)


def plan(path: Path) -> Plan:
    """Read and check every document below `path` and say what importing them would do. Raises `NotImportable`."""
    return plan_of(files.read(path))


def plan_of(documents: Iterable[tuple[str, Any | Problem]]) -> Plan:
    """Check documents as `files.read` gives them, and say what importing them would do. Raises `NotImportable`."""
    given, problems = [], []
    for file, document in documents:
        found = [document] if isinstance(document, Problem) else validation.problems_of_form(file, document)
        problems += found
        if not found:
            given.append((file, document))
    problems += validation.problems_together(given)
    if problems:
        raise NotImportable(problems)
    packs = [document for _, document in given if document["kind"] == "coding_pack"]
    left_out = [_why_left_out(pack) for pack in packs if not _is_licensed(pack)]
    return Plan(_changes(given), left_out, given)


def _is_licensed(pack: Document) -> bool:
    return not _systems_without_licence(pack)


def _systems_without_licence(pack: Document) -> list[str]:
    systems = {coding["system"] for coding in pack["codings"] if CODE_SYSTEMS[coding["system"]].is_gated}
    return sorted(systems - set(settings.LICENSED_CODE_SYSTEMS))


def _why_left_out(pack: Document) -> str:
    systems = ",".join([*settings.LICENSED_CODE_SYSTEMS, *_systems_without_licence(pack)])
    licence = pack["licence"].rstrip(".")
    return (
        f"{pack['slug']} was not imported, because it needs a licence: {licence}. If you have it, set "
        f"LICENSED_CODE_SYSTEMS={systems}."
    )


def _changes(given: Given) -> list[Change]:
    items = [(file, document) for file, document in given if document["kind"] in KINDS]
    packs = [
        (file, document) for file, document in given if document["kind"] == "coding_pack" and _is_licensed(document)
    ]
    uuid_of = validation.identities(items, packs)
    documents = {document["uuid"]: document for _, document in given if document["kind"] != "coding_pack"}
    stored = _stored({*documents, *(uuid_of[coding["item"]] for _, pack in packs for coding in pack["codings"])})
    for key, codings in _codings_by_item(packs, uuid_of).items():
        documents[key] = _with_codings(documents.get(key) or stored[key], codings)
    current = {uuid: own_reference(document) for uuid, document in (stored | documents).items()}
    current |= {
        str(item.uuid): item.reference for item in Item.objects.filter(uuid__in=set(uuid_of.values()) - {*current})
    }
    named = {reference: current[uuid] for reference, uuid in uuid_of.items()}
    versions = _versions(set(documents))
    return [
        _change(_with_references(document, named), stored.get(key), versions.get(key))
        for key, document in documents.items()
    ]


def _stored(uuids: set[str]) -> dict[str, Document]:
    """What the library now says of items and sources, by uuid."""
    stored = {document["uuid"]: document for document in rows.to_documents(Item.objects.filter(uuid__in=uuids))}
    for source in Source.objects.filter(uuid__in=uuids):
        stored[str(source.uuid)] = rows.source_document(source)
    return stored


def _versions(uuids: set[str]) -> dict[str, int]:
    """The `lock_version` of each stored item, by uuid."""
    return {
        str(uuid): version for uuid, version in Item.objects.filter(uuid__in=uuids).values_list("uuid", "lock_version")
    }


def _codings_by_item(packs: Given, uuid_of: dict[str, str]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for _, pack in packs:
        for coding in pack["codings"]:
            own = {key: value for key, value in coding.items() if key != "item"}
            found.setdefault(uuid_of[coding["item"]], []).append(own)
    return found


def _with_codings(document: Document, codings: list[Document]) -> Document:
    """The document with codings added, each replacing one of the same system and code."""
    given = {(coding["system"], coding.get("code")): coding for coding in codings}
    kept = [c for c in document.get("codings", []) if (c["system"], c.get("code")) not in given]
    return document | {"codings": kept + list(given.values())}


def _with_references(document: Document, named: dict[str, str]) -> Document:
    """The document with every item named by its current slug, also where it is given a former one."""
    relations = [
        relation | {end: named[relation[end]] for end in ("object", "display_with") if end in relation}
        for relation in document.get("relations", [])
    ]
    return document | {"relations": relations} if relations else document


def _change(document: Document, stored: Document | None, version: int | None) -> Change:
    document = normal(document)
    if not stored:
        return Change("created", own_reference(document), document)
    differing = tuple(key for key in {**document, **stored} if document.get(key) != stored.get(key))
    action = "changed" if differing else "unchanged"
    return Change(action, own_reference(document), document, differing, stored, version)


def normal(document: Document) -> Document:
    """The document as the library will give it back: no empty values and no defaults, keys in schema order."""
    return _normal(document, SCHEMAS_BY_KIND[document["kind"]])


def _normal(value: Any, schema: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_normal(entry, schema["items"]) for entry in value]
    if isinstance(value, dict):
        fields = schema["properties"]
        kept = {key: _normal(value[key], fields[key]) for key in fields if key in value}
        return rows.without_empty({k: v for k, v in kept.items() if not (k in rows.FLAGS and v is False)})
    return value


def apply(plan: Plan, *, by: AbstractUser, note: str = "") -> list[Item]:
    """Store what the plan says, as drafts. Returns the items that were created or changed, in the plan's order.

    `note` is kept in the trail, such as the name of the file. Raises `Overtaken` if somebody has meanwhile changed
    what the plan rests on, `workflow.TransitionNotAllowed` to whoever may not write; then nothing is stored.
    """
    require_role("edit", by)
    try:
        with transaction.atomic():
            return _apply(plan, by, note)
    except IntegrityError:
        raise Overtaken([Problem("library", "", "Somebody has just saved the same item or source. Import again.")])


def _apply(plan: Plan, by: AbstractUser, note: str) -> list[Item]:
    changes = [change for change in plan.changes if change.action != "unchanged"]
    _refuse_if_overtaken(plan, changes)
    for change in changes:
        if change.document["kind"] == "source":
            source = writing.write_source(change.document)
            source_history.record(source=source, by=by, verb="import", before=change.before, note=note)
    documents = [change.document for change in changes if change.document["kind"] != "source"]
    return [saved.item for saved in saving.save_all(documents, by=by, verb="import", note=note)]


def _refuse_if_overtaken(plan: Plan, changes: list[Change]) -> None:
    """Hold what will be written, and refuse if the plan no longer fits it. Imports happen one after the other."""
    publishing.wait_for_turn()
    uuids = {change.document["uuid"] for change in changes}
    list(Item.objects.select_for_update(no_key=True).filter(uuid__in=uuids).order_by("pk"))
    list(Source.objects.select_for_update(no_key=True).filter(uuid__in=uuids).order_by("pk"))
    stored, versions = _stored(uuids), _versions(uuids)
    problems = [
        Problem(change.reference, "", "Somebody has changed this since the import was checked. Import it again.")
        for change in changes
        for key in [change.document["uuid"]]
        if (stored.get(key), versions.get(key)) != (change.before, change.version)
    ]
    problems = problems or validation.problems_together(plan.given)
    if problems:
        raise Overtaken(problems)
