"""Rows that are written once. Python refuses to change them here; database triggers refuse raw SQL (see `guards`).

Each gets a receipt in the transaction that writes it, so that a change past both is found (see `receipts`).
"""

from typing import ClassVar

from django.db import models, transaction

from content_app.models import receipts


class Immutable(Exception):
    """Raised when something tries to change or delete a row that is written once."""

    def __init__(self, model: type[models.Model]):
        super().__init__(f"A {model._meta.verbose_name} is written once: it cannot be changed or deleted.")


class WriteOnceQuerySet(models.QuerySet):
    """Refuses every change in bulk."""

    def update(self, **kwargs):
        raise Immutable(self.model)

    def delete(self):
        raise Immutable(self.model)

    def bulk_update(self, objs, fields, batch_size=None):
        raise Immutable(self.model)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        if kwargs.get("update_conflicts") or any(not row._state.adding for row in objs):
            raise Immutable(self.model)
        with transaction.atomic(self.db, savepoint=False):
            created = super().bulk_create(objs, *args, **kwargs)
            if self.model.HAS_RECEIPTS:
                receipts.keep(created)
        return created


class WriteOnceModel(models.Model):
    """Can be created, never saved again, never deleted.

    Raises `Immutable` from `save` of a stored row, `delete`, and their bulk forms.
    """

    HAS_RECEIPTS: ClassVar[bool] = True
    objects = WriteOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise Immutable(type(self))
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs | {"force_insert": True})
            if self.HAS_RECEIPTS:
                receipts.keep([self])

    def delete(self, *args, **kwargs):
        raise Immutable(type(self))
