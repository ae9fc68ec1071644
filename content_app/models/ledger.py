"""The ledger: a receipt for every row that is written once, and the chain of closings over all receipts.

In: receipts from `receipts.keep`, closings from `publication.closing`. Out: what `verify_releases` compares rows with.
"""

from django.db import models
from django.db.models import Q

from content_app.models.guards import Guard
from content_app.models.immutable import WriteOnceModel

SOMETHING_ELSE_CHANGES = (
    "old.closing IS NOT NULL OR new.closing IS NULL OR new.id <> old.id OR new.of <> old.of OR new.key <> old.key "
    "OR new.sha256 <> old.sha256"
)
THE_SAME_RECEIPT = (
    "EXISTS (SELECT 1 FROM content_app_receipt r WHERE r.id = new.id OR (r.of = new.of AND r.key = new.key))"
)


class Receipt(models.Model):
    """The hash of a row, or of rows that were written together. See `models.receipts`.

    Its one change is `closing`: from null to the number of the closing that covers it, once.
    """

    GUARDS = {
        "receipt_is_written_once_update": Guard("update", SOMETHING_ELSE_CHANGES, "receipt is written once"),
        "receipt_is_written_once_delete": Guard("delete", "true", "receipt is written once"),
        "receipt_is_written_once_replace": Guard(
            "insert", THE_SAME_RECEIPT, "receipt is written once", only_on=("sqlite",)
        ),
    }

    of = models.CharField(max_length=40)
    key = models.BigIntegerField()
    sha256 = models.CharField("SHA-256", max_length=64)
    closing = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["closing", "id"], name="receipt_by_closing"),
            models.Index(fields=["id"], condition=Q(closing=None), name="receipt_open"),
        ]
        constraints = [models.UniqueConstraint(fields=["of", "key"], name="receipt_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.of} {self.key}"


class Closing(WriteOnceModel):
    """A link of the chain: 1, 2, 3 … without gaps. `sha256` is over the closing before and the receipts it covers."""

    GUARDS = {
        "closing_numbers_have_no_gap": Guard(
            "insert",
            "new.number <> (SELECT coalesce(max(number), 0) + 1 FROM content_app_closing)",
            "closing numbers have no gap",
        ),
    }
    HAS_RECEIPTS = False

    number = models.PositiveIntegerField(primary_key=True)
    closed_at = models.DateTimeField()
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Closing {self.number}"
