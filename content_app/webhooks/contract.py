"""What OpenAPI says of webhooks: each type of event with its schema, its headers and a real example.

In: nothing. Out: one `OpenApiWebhook` a type, which `SPECTACULAR_SETTINGS["WEBHOOKS"]` names. Tests hold every event
that is written to these schemas, and write the examples.
"""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.utils import OpenApiWebhook

from content_app.publication.outbox import EVENT_TYPES, MOST_ITEM_EVENTS, TEST
from content_app.vocabulary import terms

Schema = dict[str, Any]
EXAMPLES = Path(__file__).parent / "examples"


def text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def number(description: str, minimum: int = 0) -> Schema:
    return {"type": "integer", "minimum": minimum, "description": description}


def shape(fields: dict[str, Schema], description: str, **more: Any) -> Schema:
    """An object that has all of these fields. Later versions may add some: ignore those you do not know."""
    return {"type": "object", "description": description, "required": list(fields), "properties": fields, **more}


IDENTITY = {
    "id": text("The permanent identifier of the item.", format="uuid"),
    "kind": text("The kind of item.", enum=list(terms.KINDS)),
    "slug": text("The last part of the document's address."),
}
URL = text(
    "The address at which to read more. It is absolute if the server knows its own address.", format="uri-reference"
)
VERSION = {
    "version": number("The version of the item, counted from 1.", 1),
    "sha256": text("The SHA-256 of the canonical JSON of the document without `meta`.", pattern="^[0-9a-f]{64}$"),
    "url": URL,
}
SIGNIFICANCE = text("The significance of the change.", enum=list(terms.SIGNIFICANCES))
SHORTENED = "It has at most 2,000 characters; longer notes end with “…”."
CHANGE = {
    "release": number("The release that contains the change.", 1),
    "significance": SIGNIFICANCE,
    "change_note": text(f"The editors’ note on the change. {SHORTENED}"),
}
REPLACEMENT = shape({**IDENTITY, "url": URL}, "The item that replaces it; null if there is none.")
WITHDRAWAL = {
    "reason": text("The reason for the withdrawal.", enum=list(terms.WITHDRAWAL_REASONS)),
    "replaced_by": REPLACEMENT | {"type": ["object", "null"]},
}
RELEASE = {
    "release": number("The number of the release.", 1),
    "published_at": text("The time at which the release was published.", format="date-time"),
    "significance": SIGNIFICANCE,
    "note": text(f"The publisher’s note on the release. It can be empty. {SHORTENED}"),
    "manifest_sha256": text("The SHA-256 of the release’s manifest.", pattern="^[0-9a-f]{64}$"),
    "items_published": number("The number of items with a new version in the release."),
    "items_withdrawn": number("The number of items withdrawn in the release."),
    "items_announced": number(
        "The number of these items that get an event of their own. If it is lower than the total, read "
        "`/api/v1/changes/` for the rest."
    ),
    "url": URL,
}
SAFETY = {
    "safety_notice": {
        "type": ["string", "null"],
        "enum": ["added", "changed", "unchanged", "removed", None],
        "description": "The change to the item’s safety alert; null if it has none and had none before.",
    },
    "withdrawn": {"type": "boolean", "description": "True if the item was withdrawn. Its address gives the reason."},
}
OVERDUE = {
    "release": number("The release in which this version was published.", 1),
    "review_due_on": text("The day by which the item should have been reviewed.", format="date"),
}
DATA: dict[str, dict[str, Schema]] = {
    "release.published": RELEASE,
    "item.published": {**IDENTITY, **VERSION, **CHANGE},
    "item.withdrawn": {**IDENTITY, **VERSION, **CHANGE, **WITHDRAWAL},
    "content.safety": {**IDENTITY, **VERSION, **CHANGE, **SAFETY},
    "review.overdue": {**IDENTITY, **VERSION, **OVERDUE},
    TEST: {"endpoint": text("The identifier of your endpoint.", format="uuid")},
}
TEACHES = {
    "release.published": "Sent once for each release. Use it to keep a copy up to date: read the changes at "
    "`/api/v1/changes/`.",
    "item.published": "Sent when an item has a new version: either it was edited, or something that it refers to "
    f"changed. For each release, only the {MOST_ITEM_EVENTS} most significant items get an event; "
    "`release.published` gives the total.",
    "item.withdrawn": "Sent when an item is withdrawn. Stop showing it: its address now returns a 410. Withdrawals "
    f"count towards the {MOST_ITEM_EVENTS} items of a release and come before all others.",
    "content.safety": "Someone’s safety may depend on this event. It is sent when an item is published with a change "
    "of significance `safety`, or when it has or had a safety alert. It is sent for every such item, in addition to "
    "the other events.",
    "review.overdue": "Sent when the review of a published item becomes overdue. Show the review date with the item. "
    "The event is sent once for each due date, on the day after it.",
    TEST: "Sent to one endpoint when an administrator tests it, whichever events it has chosen.",
}
HEADERS = [
    ("webhook-id", {"type": "string", "pattern": "^msg_[0-9a-f]{32}$"},
     "The identifier of the event, the same in every attempt. Process each event only once."),
    ("webhook-timestamp", {"type": "string", "pattern": "^[0-9]+$"},
     "The time of this attempt, in seconds since 1970. Reject a delivery if this is more than five minutes off."),
    ("webhook-signature", {"type": "string", "pattern": "^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$"},
     "The signatures, separated by spaces: HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`. There are two "
     "while a secret is being rotated. One that matches is enough."),
]  # fmt: skip
ANSWERS = {
    "2XX": "The event was received. Respond within 20 seconds and process the event afterwards.",
    "410": "The endpoint is switched off, and no more events are sent to it.",
    "429": "Sending pauses for the time in `Retry-After`. Then the event is tried again.",
    "default": "Any other response, including a redirect, is a failure. Each event is tried up to ten times "
    "within about three days.",
}


def event_schema(code: str) -> Schema:
    """The JSON Schema of the body of a type of event."""
    fields = {
        "type": text("The type of the event: always this one.", const=code),
        "timestamp": text("The time at which the event happened.", format="date-time"),
        "data": shape(DATA[code], "The details of the event. They are kept short: read the rest at `url`."),
    }
    return shape(fields, "An event of less than 20 kB.")


def operation(code: str) -> Schema:
    """The OpenAPI operation that a receiver of this type implements."""
    label = EVENT_TYPES[code].label if code in EVENT_TYPES else "Test"
    content: Schema = {"schema": event_schema(code)}
    recorded = EXAMPLES / f"{code}.json"
    if recorded.exists():
        value = json.loads(recorded.read_text(encoding="utf-8"))
        content["examples"] = {"AsRecorded": {"summary": "Recorded event", "value": value}}
    return {
        "operationId": f"receive_{code.replace('.', '_')}",
        "summary": label,
        "description": TEACHES[code],
        "tags": ["webhooks"],
        "parameters": [
            {"in": "header", "name": name, "required": True, "schema": schema, "description": description}
            for name, schema, description in HEADERS
        ],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {status: {"description": description} for status, description in ANSWERS.items()},
    }


def webhook(code: str) -> OpenApiWebhook:
    return OpenApiWebhook(code, {"post": operation(code)})


RELEASE_PUBLISHED = webhook("release.published")
ITEM_PUBLISHED = webhook("item.published")
ITEM_WITHDRAWN = webhook("item.withdrawn")
CONTENT_SAFETY = webhook("content.safety")
REVIEW_OVERDUE = webhook("review.overdue")
ENDPOINT_TEST = webhook(TEST)
