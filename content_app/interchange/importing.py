"""Brings a set of editorial documents into the library: all of them or none.

In: a path, and who imports. Out: a `Plan` that says item by item what changes, applied in one transaction.
Raises `NotImportable` with every problem at once. Importing the same files twice changes nothing.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import transaction

from content_app import workflow
from content_app.interchange import files, rows, validation
from content_app.interchange.files import Problem
from content_app.models import Item, Source

Document = dict[str, Any]


class NotImportable(Exception):
    """The documents cannot be imported. `problems` holds all of them; nothing has been stored."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Change:
    """What importing does to one item or source. `fields` names what differs, for a changed one."""

    action: str  # "created", "changed" or "unchanged"
    reference: str
    document: Document
    fields: tuple[str, ...] = ()


@dataclass
class Plan:
    """What importing would do. `left_out` says which packs are not loaded, and why."""

    changes: list[Change] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def count(self, action: str) -> int:
        return sum(change.action == action for change in self.changes)


def plan(path: Path) -> Plan:
    """Read and check every document below `path` and say what importing them would do. Raises `NotImportable`."""
    given, problems = [], []
    for file, document in files.read(path):
        found = [document] if isinstance(document, Problem) else validation.problems_of_form(file, document)
        problems += found
        if not found:
            given.append((file, document))
    problems += validation.problems_together(given)
    if problems:
        raise NotImportable(problems)
    documents = [document for _, document in given]
    packs = [document for document in documents if document["kind"] == "coding_pack"]
    left_out = [_why_left_out(pack) for pack in packs if not _is_licensed(pack)]
    loaded = [pack for pack in packs if _is_licensed(pack)]
    return Plan(_changes([d for d in documents if d["kind"] != "coding_pack"], loaded), left_out)


def _is_licensed(pack: Document) -> bool:
    return all(coding["system"] in settings.LICENSED_CODE_SYSTEMS for coding in pack["codings"])


def _why_left_out(pack: Document) -> str:
    systems = ",".join(sorted({coding["system"] for coding in pack["codings"]}))
    return (
        f"{pack['slug']} was left out. It needs: {pack['licence']} If you hold it, set LICENSED_CODE_SYSTEMS={systems}."
    )


def _changes(documents: list[Document], packs: list[Document]) -> list[Change]:
    items = Item.objects.filter(uuid__in=[d["uuid"] for d in documents])
    stored = {document["uuid"]: document for document in rows.to_documents(items)}
    for source in Source.objects.filter(uuid__in=[d["uuid"] for d in documents]):
        stored[str(source.uuid)] = rows.source_document(source)
    by_reference = {f"{d['kind']}/{d['slug']}": d for d in documents}
    for reference, codings in _codings_by_item(packs).items():
        by_reference[reference] = _with_codings(by_reference.get(reference) or _stored_item(reference), codings)
        stored.setdefault(by_reference[reference]["uuid"], _stored_item(reference) or {})
    return [_change(document, stored.get(document["uuid"])) for document in by_reference.values()]


def _codings_by_item(packs: list[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for pack in packs:
        for coding in pack["codings"]:
            found.setdefault(coding["item"], []).append({key: value for key, value in coding.items() if key != "item"})
    return found


def _stored_item(reference: str) -> Document | None:
    kind, _, slug = reference.partition("/")
    item = Item.objects.filter(kind=kind, slug=slug).first()
    return rows.to_document(item) if item else None


def _with_codings(document: Document, codings: list[Document]) -> Document:
    """The document with codings added, each replacing one of the same system and code."""
    given = {(coding["system"], coding.get("code")) for coding in codings}
    kept = [c for c in document.get("codings", []) if (c["system"], c.get("code")) not in given]
    return document | {"codings": kept + codings}


def _change(document: Document, stored: Document | None) -> Change:
    document = normal(document)
    reference = f"{document['kind']}/{document['slug']}"
    if not stored:
        return Change("created", reference, document)
    differing = tuple(key for key in {**document, **stored} if document.get(key) != stored.get(key))
    return Change("changed" if differing else "unchanged", reference, document, differing)


def normal(document: Document) -> Document:
    """The document as the library will give it back: no empty values and no defaults, keys in schema order."""
    order = list(validation.SCHEMAS_BY_KIND[document["kind"]]["properties"])
    shaped = {key: _normal_value(document[key]) for key in order if key in document}
    return rows.without_empty(shaped)


def _normal_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_normal_value(entry) for entry in value]
    if isinstance(value, dict):
        flags = {key for key in ("ambiguous", "attributed", "retracted") if value.get(key) is False}
        return rows.without_empty({k: _normal_value(v) for k, v in value.items() if k not in flags})
    return value


@transaction.atomic
def apply(plan: Plan, *, by: AbstractUser) -> list[Item]:
    """Store what the plan says, as drafts. Returns the items that were created or changed, in the plan's order."""
    touched = [change.document for change in plan.changes if change.action != "unchanged"]
    for document in touched:
        if document["kind"] == "source":
            rows.write_source(document)
    documents = [document for document in touched if document["kind"] != "source"]
    items = [(rows.write_item(document), document) for document in documents]
    base = {item.pk: item for item in Item.objects.filter(pk__in=[item.pk for item, _ in items])}
    wanted = [reference for _, document in items for reference in validation.references(document)]
    found = validation.items_by_reference(list(dict.fromkeys(wanted)))
    for item, _ in items:
        rows.clear_parts(item)
    for item, document in items:
        rows.write_parts(item, document, found.__getitem__)
    for item, _ in items:
        workflow.record_edit(item=base[item.pk], by=by, verb="import")
    return [base[item.pk] for item, _ in items]
