"""What people did, in words.

In: events of the trail. Out: the same events, each with its verb told as a participle.
"""

from django.db.models import QuerySet

from content_app.models import Event, SourceRevision

ACTS = {
    "create": "created",
    "edit": "edited",
    "import": "imported",
    "delete": "deleted",
    "earlier": "recorded as it was before its history began",
    "restore": "restored to an earlier revision",
    "submit": "sent for review",
    "request_changes": "sent back for changes",
    "approve": "signed off",
    "publish": "published",
    "retract": "marked as retracted",
    "request_withdrawal": "proposed for withdrawal",
    "decline_withdrawal": "kept (withdrawal declined)",
    "withdraw": "withdrawn",
    "put_away": "put away",
    "consider": "looked at, with a warning put aside,",
    "bring_back": "brought back",
    "schedule": "scheduled",
    "unschedule": "taken off the schedule",
    "schedule_failed": "missed the scheduled time set",
}


def labelled(events: QuerySet[Event]) -> list[Event]:
    """The events, each with its verb in words as `label`, and with who did it at hand."""
    found = list(events.select_related("done_by"))
    for event in found:
        event.label = ACTS.get(event.verb, event.verb.replace("_", " "))
    return found


def labelled_of_source(revisions: QuerySet[SourceRevision]) -> list[SourceRevision]:
    """What was done to a source, each act in words as `label`."""
    found = list(revisions.select_related("created_by").defer("document"))
    for revision in found:
        revision.label = ACTS.get(revision.verb, revision.verb)
    return found
