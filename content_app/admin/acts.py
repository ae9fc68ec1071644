"""What people did, in words.

In: events of the trail. Out: the same events, each with its verb told as a participle.
"""

from django.db.models import QuerySet

from content_app.models import Event

ACTS = {
    "create": "first written",
    "edit": "edited",
    "import": "imported",
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
