"""Compares every row that is written once with its receipt, and every receipt with the chain of closings.

In: the rows, receipts and closings. Out: one sentence for each fault. Reads only, one batch in memory at a time.
"""

from collections.abc import Container, Iterator
from itertools import groupby
from operator import attrgetter

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from content_app.models import Closing, Document, Receipt, Release, receipts
from content_app.models.immutable import WriteOnceModel
from content_app.publication import closing

# What of a row only its receipt holds, where the rest of it is compared with something else.
ONLY_HERE = {Release: "its date, note, significance or publisher", Document: "its significance or change note"}


def covered() -> list[type[models.Model]]:
    """Every model whose rows have receipts."""
    everything = apps.get_app_config("content_app").get_models()
    return [model for model in everything if issubclass(model, WriteOnceModel) and model.HAS_RECEIPTS]


def faults(named: Container[tuple[type[models.Model], int]]) -> Iterator[str]:
    """What is not as it was written, and where the chain is broken. Rows that are `named` already are left out."""
    for model in covered():
        try:
            for key in _suspects(model):
                # Read again, as both may have been written while this was reading.
                if (model, key) not in named and (fault := _fault(model, key)):
                    yield fault
        except ValueError as error:
            yield f"{model._meta.verbose_name_plural.capitalize()}: a value cannot be read ({error})."
    known = [model._meta.model_name for model in covered()]
    for name in Receipt.objects.exclude(of__in=known).order_by("of").values_list("of", flat=True).distinct():
        yield f"There are receipts of “{name}”, which is not a table of this software."
    yield from _faults_of_closings()


def _suspects(model: type[models.Model]) -> Iterator[int]:
    """The keys of rows and receipts that do not agree."""
    by, kept = receipts.key_of(model), Receipt.objects.filter(of=model._meta.model_name)
    for rows, (low, high) in receipts.in_batches(model):
        said = {key: receipts.digest(list(group)) for key, group in groupby(rows, attrgetter(by))}
        receipted = dict(kept.filter(*receipts.between("key", low, high)).values_list("key", "sha256"))
        yield from sorted(key for key in said.keys() | receipted.keys() if said.get(key) != receipted.get(key))


def _fault(model: type[models.Model], key: int) -> str | None:
    receipt = Receipt.objects.filter(of=model._meta.model_name, key=key).first()
    rows = list(model.objects.filter(**{receipts.key_of(model): key}).order_by("pk"))
    if not rows:
        return receipt and f"{_kind(model).capitalize()} {key} is missing."
    if receipt is None:
        return f"{_named(rows[0], key)}: it was not written by this software, as it has no receipt."
    if receipts.digest(rows) != receipt.sha256:
        return f"{_named(rows[0], key)}: {ONLY_HERE.get(model, 'it')} is not as it was written."
    return None


def _kind(model: type[models.Model]) -> str:
    if model._meta.model_name in receipts.TOGETHER:
        return f"{model._meta.verbose_name_plural} of {Document._meta.verbose_name}"
    return str(model._meta.verbose_name)


def _named(row: models.Model, key: int) -> str:
    if isinstance(row, Release):
        return str(row)
    if isinstance(row, Document):
        return f"{row.kind}/{row.slug} version {row.version}"
    try:
        label = f" ({row})"
    except (ObjectDoesNotExist, AttributeError):  # it refers to nothing that there is
        label = ""
    return f"{_kind(type(row)).capitalize()} {key}{label}"


def _faults_of_closings() -> Iterator[str]:
    previous, number = "", 0
    for number, link in enumerate(Closing.objects.order_by("number").iterator(), 1):
        if link.number != number:
            yield f"Closing {number} of the ledger is missing."
            return
        if closing.digest(number, previous, link.closed_at, closing.receipts_of(number)) != link.sha256:
            yield f"Closing {number} of the ledger does not match its receipts and the closing before."
        previous = link.sha256
    if Receipt.objects.filter(closing__gt=number).exists():
        yield f"Receipts name closings after {number}, which are missing."
