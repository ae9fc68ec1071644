"""What people did, in words.

In: events of the trail. Out: the same events, each with its verb told as a participle.
"""

from django.db.models import QuerySet

from content_app.models import Event, SourceRevision

ACTS = {
    "create": "first written",
    "edit": "edited",
    "import": "imported",
    "delete": "deleted",
    "earlier": "as it stood before its trail began",
    "restore": "set back to an earlier revision",
    "submit": "sent for review",
    "request_changes": "sent back with changes requested",
    "approve": "signed off",
    "publish": "published",
    "withdraw": "withdrawn",
    "schedule": "scheduled",
    "unschedule": "taken off the schedule",
    "schedule_failed": "scheduled in vain",
}


def told(events: QuerySet[Event]) -> list[Event]:
    """The events, each with its verb in words as `told`, and with who did it at hand."""
    found = list(events.select_related("done_by"))
    for event in found:
        event.told = ACTS.get(event.verb, event.verb.replace("_", " "))
    return found


def told_of_source(revisions: QuerySet[SourceRevision]) -> list[SourceRevision]:
    """What was done to a source, each act in words as `told`."""
    found = list(revisions.select_related("created_by").defer("document"))
    for revision in found:
        revision.told = ACTS.get(revision.verb, revision.verb)
    return found
