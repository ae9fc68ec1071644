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
    """An object that has all of these fields. Later versions may add some: leave those you do not know alone."""
    return {"type": "object", "description": description, "required": list(fields), "properties": fields, **more}


IDENTITY = {
    "id": text("The permanent identifier of the item.", format="uuid"),
    "kind": text("The kind of item.", enum=list(terms.KINDS)),
    "slug": text("The last part of its address."),
}
URL = text("Where to read on: absolute where the server knows its own address.", format="uri-reference")
VERSION = {
    "version": number("The version of the item.", 1),
    "sha256": text("SHA-256 over the canonical JSON of the document without `meta`.", pattern="^[0-9a-f]{64}$"),
    "url": URL,
}
SIGNIFICANCE = text("How significant the change is.", enum=list(terms.SIGNIFICANCES))
SHORTENED = "at most 2,000 characters, the end cut off with “…”."
CHANGE = {
    "release": number("The release in which it changed.", 1),
    "significance": SIGNIFICANCE,
    "change_note": text(f"What changed, in the editors’ words: {SHORTENED}"),
}
REPLACEMENT = shape({**IDENTITY, "url": URL}, "What takes its place; null if nothing does.")
WITHDRAWAL = {
    "reason": text("Why it is withdrawn.", enum=list(terms.WITHDRAWAL_REASONS)),
    "replaced_by": REPLACEMENT | {"type": ["object", "null"]},
}
RELEASE = {
    "release": number("Its number.", 1),
    "published_at": text("When it was published.", format="date-time"),
    "significance": SIGNIFICANCE,
    "note": text(f"The note on the release, which may be empty: {SHORTENED}"),
    "manifest_sha256": text("The hash of its manifest.", pattern="^[0-9a-f]{64}$"),
    "items_published": number("How many items have a new version in it."),
    "items_withdrawn": number("How many items are withdrawn in it."),
    "items_announced": number("How many of both have an event of their own. If fewer: read `/api/v1/changes/`."),
    "url": URL,
}
SAFETY = {
    "safety_notice": {
        "type": ["string", "null"],
        "enum": ["added", "changed", "unchanged", "removed", None],
        "description": "What has become of the item’s safety notice; null if it had none and has none.",
    },
    "withdrawn": {"type": "boolean", "description": "Whether the item was withdrawn; then read why at its address."},
}
OVERDUE = {
    "release": number("The release in which this version was published.", 1),
    "review_due_on": text("The day until which its review counted as current.", format="date"),
}
DATA: dict[str, dict[str, Schema]] = {
    "release.published": RELEASE,
    "item.published": {**IDENTITY, **VERSION, **CHANGE},
    "item.withdrawn": {**IDENTITY, **VERSION, **CHANGE, **WITHDRAWAL},
    "content.safety": {**IDENTITY, **VERSION, **CHANGE, **SAFETY},
    "review.overdue": {**IDENTITY, **VERSION, **OVERDUE},
    TEST: {"endpoint": text("The identifier of the endpoint.", format="uuid")},
}
TEACHES = {
    "release.published": "One for each release: the event to keep a copy in step by. Read what changed at "
    "`/api/v1/changes/`.",
    "item.published": "An item has a new version: it was edited, or compiled again because something it names "
    f"changed. A release tells of its first {MOST_ITEM_EVENTS} items only, the most significant first; "
    "`release.published` says how many there are.",
    "item.withdrawn": "Stop showing the item: its address answers 410 from now on. Counts among the items that a "
    "release tells of, before all others.",
    "content.safety": "Somebody’s safety may depend on this: an item was published with a change of significance "
    "`safety`, or it has, had or has lost a safety notice. It comes beside the other events, for every such item.",
    "review.overdue": "The review of a published item was due and has not been done. Show its review date with it. "
    "Told once for each due date, on the day after it.",
    TEST: "Sent to one endpoint when somebody asks for it in the admin, whatever its events are.",
}
HEADERS = [
    ("webhook-id", {"type": "string", "pattern": "^msg_[0-9a-f]{32}$"},
     "The identifier of the event, the same in every attempt: act on each once."),
    ("webhook-timestamp", {"type": "string", "pattern": "^[0-9]+$"},
     "When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off."),
    ("webhook-signature", {"type": "string", "pattern": "^v1,[A-Za-z0-9+/=]+( v1,[A-Za-z0-9+/=]+)*$"},
     "Signatures with a blank between them, while a secret is rotated two: HMAC-SHA256 over "
     "`{webhook-id}.{webhook-timestamp}.{body}`. One that fits is enough."),
]  # fmt: skip
ANSWERS = {
    "2XX": "Received. Answer within 20 seconds, and do the work afterwards.",
    "410": "The endpoint is switched off, and nothing more is sent to it.",
    "429": "Nothing is sent for as long as `Retry-After` says; then it is tried again.",
    "default": "Anything else, redirects too, is a failure: it is tried ten times in all, within about three days.",
}


def event_schema(code: str) -> Schema:
    """The JSON Schema of the body of a type of event."""
    fields = {
        "type": text("The type of event.", const=code),
        "timestamp": text("When it happened.", format="date-time"),
        "data": shape(DATA[code], "What it is about. Thin: read the rest at `url`."),
    }
    return shape(fields, "An event, below 20 kB.")


def operation(code: str) -> Schema:
    """The OpenAPI operation that a receiver of this type implements."""
    label = EVENT_TYPES[code].label if code in EVENT_TYPES else "Test"
    content: Schema = {"schema": event_schema(code)}
    recorded = EXAMPLES / f"{code}.json"
    if recorded.exists():
        value = json.loads(recorded.read_text(encoding="utf-8"))
        content["examples"] = {"AsRecorded": {"summary": "As recorded", "value": value}}
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
