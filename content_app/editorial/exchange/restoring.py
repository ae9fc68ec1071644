"""Makes what an earlier revision says the next draft of its item.

In: a revision, and who restores it. Out: the item's next revision. What saving refuses, restoring refuses.
"""

from django.contrib.auth.models import AbstractUser

from content_app.editorial import saving
from content_app.models import Revision


def restore(*, revision: Revision, by: AbstractUser) -> Revision | None:
    """Make what the revision says the item's next draft. Returns the new revision, or None if nothing differs.

    Raises `saving.NotSaveable` if it names what is no longer there, `TransitionNotAllowed` to whoever may not edit.
    """
    return saving.save(revision.document, by=by, verb="restore").revision
