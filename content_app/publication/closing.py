"""Closes the ledger: chains the receipts that have come since the last closing.

In: receipts of committed rows. Out: a `Closing`, whose hash covers them and the closing before. The worker does it, not
whoever writes, so that nobody waits for anybody: a receipt that is committed late is covered by a later closing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from content_app.canonical import canonical_json, rfc3339
from content_app.models import Closing, Library, Receipt

EVERY = timedelta(minutes=1)
MOST = 10_000  # receipts of one closing
BATCH = 500


def close_in_time() -> int:
    """Close what is open if the last closing is a minute old. How many receipts that were. For the worker."""
    last = Closing.objects.last()
    # A clock that was put back does not stop closings.
    if last and abs(timezone.now() - last.closed_at) < EVERY:
        return 0
    return close()


def close() -> int:
    """Chain what is open: how many receipts that were. Where nothing is, one statement that reads."""
    done = 0
    while Receipt.objects.filter(closing=None).exists():
        chained = _close_next()
        if not chained:
            break
        done += chained
    return done


@transaction.atomic
def _close_next() -> int:
    """One closing; 0 if a publication, or another worker, has the turn now."""
    if Library.objects.select_for_update(no_key=True, skip_locked=True).first() is None:
        return 0
    last = Closing.objects.last()
    number, now = last.number + 1 if last else 1, timezone.now()
    waiting = Receipt.objects.filter(closing=None).order_by("pk").values("pk")[:MOST]
    chained = Receipt.objects.filter(pk__in=waiting).update(closing=number)
    if chained:
        sha256 = digest(number, last.sha256 if last else "", now, receipts_of(number))
        Closing.objects.create(number=number, closed_at=now, sha256=sha256)
    return chained


def receipts_of(number: int) -> Iterator[Receipt]:
    """The receipts that a closing covers, in the order in which it covers them; so many at a time in memory."""
    covered, last = Receipt.objects.filter(closing=number).order_by("pk"), 0
    while batch := list(covered.filter(pk__gt=last)[:BATCH]):
        yield from batch
        last = batch[-1].pk


def digest(number: int, previous: str, closed_at: datetime, receipts: Iterable[Receipt]) -> str:
    """The hash of a closing: over one line for itself, and one for each receipt."""
    head = {"closing": number, "previous": previous, "closed_at": rfc3339(closed_at)}
    found = hashlib.sha256(canonical_json(head))
    for receipt in receipts:
        found.update(b"\n" + canonical_json([receipt.of, receipt.key, receipt.sha256]))
    return found.hexdigest()
