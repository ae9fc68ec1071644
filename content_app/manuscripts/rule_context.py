"""Reads from the editorial tables what the rules have to know of other items.

In: editorial documents, and the references of items about to be published together. Out: `findings.RuleContext`
for each document, by its uuid. Reads only.
"""

from typing import Any

from django.conf import settings
from django.utils import timezone

from content_app.manuscripts import code_releases, findings, rows, rules
from content_app.manuscripts.compiler import references
from content_app.models import FormerSlug, Item, Revision, Source


def items_by_reference(wanted: list[str]) -> dict[str, Item]:
    """The items that references name, also by a former slug. What is not there is left out."""
    slugs = {reference.partition("/")[2] for reference in wanted}
    found = {}
    for former in FormerSlug.objects.filter(slug__in=slugs).select_related("item"):
        found[f"{former.kind}/{former.slug}"] = former.item
    for item in Item.objects.filter(slug__in=slugs):
        found[item.reference] = item
    return {reference: found[reference] for reference in wanted if reference in found}


def around(documents: list[findings.Document], together: set[str]) -> dict[str, findings.RuleContext]:
    """What the rules need to know for each document, given which references are published together."""
    wanted = list(dict.fromkeys(reference for document in documents for reference in references(document)))
    neighbours = _neighbours(items_by_reference(wanted), together)
    retracted = {source.slug: str(source) for source in Source.objects.filter(retracted=True)}
    unsigned = {source.slug: str(source) for source in Source.objects.filter(signed_revision=None)}
    titles = {key: found.title for key, found in code_releases.look_up(_codes(documents)).items()}
    releases = {system: release.label for system, release in code_releases.RELEASES.items()}
    uuids = [document["uuid"] for document in documents]
    stored = Item.objects.filter(uuid__in=uuids).select_related("published_revision")
    items = {str(item.uuid): item for item in stored}
    return {
        key: findings.RuleContext(
            neighbours=neighbours,
            retracted=retracted,
            unsigned=unsigned,
            releases=releases,
            titles=titles,
            licensed=frozenset(settings.LICENSED_CODE_SYSTEMS),
            review_due_on=items[key].review_due_on if key in items else None,
            **(_change(items[key]) if key in items else {}),
            today=timezone.now().date(),
        )
        for key in uuids
    }


def _change(item: Item) -> dict[str, Any]:
    """What readers have of the item, and how significant the change is said to be."""
    published = item.published_revision.document if item.published_revision else None
    return {"published": published, "significance": item.significance}


def _codes(documents: list[findings.Document]) -> set[tuple[str, str]]:
    codings = [coding for document in documents for coding in document.get("codings", [])]
    return {(coding["system"], coding["code"]) for coding in codings if coding.get("code")}


def _neighbours(items: dict[str, Item], together: set[str]) -> dict[str, findings.Neighbour]:
    """What the items will be to readers: as published, or as their drafts say if these are published too."""
    drafts = [i.pk for i in items.values() if i.published_revision_id is None or i.reference in together]
    published = [i.pk for i in items.values() if i.pk not in set(drafts)]
    documents = {d["uuid"]: d for d in rows.to_documents(Item.objects.filter(pk__in=drafts))}
    revisions = Revision.objects.filter(pk__in=Item.objects.filter(pk__in=published).values("published_revision"))
    documents |= {revision.document["uuid"]: revision.document for revision in revisions}
    return {
        reference: findings.Neighbour(
            kind=item.kind,
            sort=rules.sort_of(documents[str(item.uuid)]),
            name=documents[str(item.uuid)]["name"],
            names=rules.folded_names(documents[str(item.uuid)]),
            will_be_published=item.published_revision_id is not None or item.reference in together,
            links=frozenset((r["predicate"], r["object"]) for r in documents[str(item.uuid)].get("relations", [])),
        )
        for reference, item in items.items()
    }
