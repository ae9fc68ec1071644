"""Makes what an earlier revision says the next draft of its item.

In: a revision, and who restores it. Out: the item's rows, and their next revision, in one transaction.
Raises `NotRestorable` with every reason at once; then nothing has changed.
"""

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from content_app.editorial import workflow
from content_app.editorial.exchange import validation
from content_app.manuscripts import rows
from content_app.manuscripts.compiler import references
from content_app.manuscripts.rule_context import items_by_reference
from content_app.models import Item, Revision


class NotRestorable(Exception):
    """A revision names what is no longer there. `sentences` says all of it; nothing has been stored."""

    def __init__(self, sentences: list[str]):
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@transaction.atomic
def restore(*, revision: Revision, by: AbstractUser) -> Revision | None:
    """Make what the revision says the item's next draft. Returns the new revision, or None if nothing differs.

    Raises `NotRestorable`, and `workflow.TransitionNotAllowed` to whoever may not edit.
    """
    item = Item.objects.select_for_update().get(pk=revision.item_id)
    document = revision.document
    problems = validation.problems_together([("revision", document)])
    if problems:
        raise NotRestorable([problem.sentence for problem in problems])
    found = items_by_reference(references(document))
    rows.clear_parts(item)
    rows.write_parts(rows.write_item(document), document, found.__getitem__)
    return workflow.record_edit(item=item, by=by, verb="restore")
