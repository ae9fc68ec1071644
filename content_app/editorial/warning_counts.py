"""How many warnings the rules have for each item, counted beforehand: the desk asks often, and the rules take a while.

In: items as they are. Out: `Checked` rows, one an item. The worker calls `refresh` again and again: it counts anew
what was changed since, what points to that, and each item once a day, as reviews become overdue by themselves.
"""

import datetime
from collections.abc import Container

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from content_app.editorial import considering
from content_app.manuscripts import findings, rows, rule_context, rules
from content_app.models import Checked, Item, Relation, Source

AT_ONCE = 100  # items, so that one look of the worker stays short
STALE = -1  # a lock version that no item has


def refresh() -> int:
    """Count what is out of date, a hundred items at a time. Returns how many items were counted."""
    today = timezone.now().date()
    is_old = Q(checked=None) | ~Q(checked__lock_version=F("lock_version")) | Q(checked__day__lt=today)
    old = list(Item.objects.filter(is_old).select_related("checked").order_by("pk")[:AT_ONCE])
    if old:
        _count(old, today)
    return len(old)


def source_changed(source: Source) -> None:
    """Items that cite the source are counted anew: it may have been retracted."""
    Checked.objects.filter(item__citations__source=source).update(lock_version=STALE)


@transaction.atomic
def _count(items: list[Item], today: datetime.date) -> None:
    changed = [item.pk for item in items if _has_changed(item)]
    documents = rows.to_documents(Item.objects.filter(pk__in=[item.pk for item in items]))
    around = rule_context.around(documents, set())
    known = considering.keys_for(items)
    aside = {str(item.uuid): known.get(item.pk, {}) for item in items}
    found = {key: _warnings(one, around[key], aside[key]) for one in documents for key in [one["uuid"]]}
    # Before these are stored: two that point to each other would otherwise be counted for ever.
    pointing = Relation.objects.filter(object__in=changed).values("subject")
    Checked.objects.filter(item__in=pointing).update(lock_version=STALE)
    Checked.objects.bulk_create(
        (
            Checked(item=item, lock_version=item.lock_version, day=today, warnings=found[str(item.uuid)])
            for item in items
        ),
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["lock_version", "day", "warnings"],
    )


def _warnings(document: rows.Document, around: findings.RuleContext, aside: Container[str]) -> int:
    """How many warnings it has that nobody has put aside."""
    found = [finding for finding in rules.check(document, around) if finding.severity == findings.WARNING]
    return sum(considering.key_of(document, finding) not in aside for finding in found)


def _has_changed(item: Item) -> bool:
    checked = getattr(item, "checked", None)
    return checked is None or checked.lock_version not in (STALE, item.lock_version)
