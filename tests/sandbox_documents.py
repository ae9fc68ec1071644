"""The documents of the sandbox, made by the compiler as real ones are, with their links led into the sandbox.

In: nothing. Out: the bytes of `content_app/delivery/sandbox/documents/`, by state. The texts are about nothing.
"""

import dataclasses
from typing import Any

from content_app.manuscripts import compiler
from content_app.manuscripts.compiler import Directory, Target
from tests.library import uuid_of

Document = dict[str, Any]
PUBLISHED_AT = "2026-01-01T00:00:00Z"
SOURCE = {
    "uuid": uuid_of("sandbox", "source"),
    "slug": "sandbox-source",
    "type": "web_page",
    "evidence_level": "unreferenced_lay_text",
    "title": "Sandbox: a made-up source",
    "note": "This source does not exist.",
}
CITED = [{"source": "sandbox-source", "locator": "nowhere"}]
TEXT = "Sandbox: made up for testing. It is not about any real person or illness."
GOOD = {
    "state": "clinically_reviewed",
    "reviewed_on": "2026-01-01",
    "review_due_on": "2099-01-01",
    "reviewer_role": "Nobody: this is a sandbox",
    "cycle_months": 12,
}
OVERDUE = GOOD | {"reviewed_on": "2020-01-01", "review_due_on": "2021-01-01"}
SAFETY = "Sandbox: this is an example of a safety alert. Nothing is wrong."
GRAVES = {
    "withdrawn": ("withdrawn", "Sandbox: a note on the reason for the withdrawal."),
    "replaced": ("replaced", "Sandbox: another item replaces it."),
    "gone": ("gone", ""),
}


def editorial(state: str, **more: Any) -> Document:
    statement = {"uuid": uuid_of("sandbox", state, "statement"), "aspect": "terminology", "assertion": "unknown"}
    return {
        "kind": "concept",
        "uuid": uuid_of("sandbox", state),
        "slug": f"sandbox-{state}",
        "name": f"Sandbox: {state.replace('-', ' ')}",
        "topic": "knowledge_gap",
        "summary": {"clinical": TEXT, "plain": TEXT},
        "citations": CITED,
        "statements": [statement | {"clinical": TEXT, "plain": TEXT, "citations": CITED}],
    } | more


def compiled(state: str, review: Document, **more: Any) -> compiler.Compiled:
    made = compiler.compile_item(editorial(state, **more), Directory({}, {"sandbox-source": SOURCE}), review, [])
    here, links = f"/sandbox/{state}/", dict.fromkeys(made.content["links"], "/sandbox/")
    sources = [source | {"href": "/sandbox/"} for source in made.content["sources"]]
    content = made.content | {"links": links | {"self": here, "item": here}, "sources": sources}
    return dataclasses.replace(made, content=content)


def tombstone(state: str, reason: str, note: str) -> compiler.Compiled:
    other = editorial("ordinary")
    target = Target(other["uuid"], other["kind"], other["slug"], other["name"]) if reason == "replaced" else None
    made = compiler.compile_tombstone(compiled(state, GOOD).content, reason, note, target, [])
    if target:
        replaced_by = made.content["replaced_by"] | {"href": "/sandbox/ordinary/"}
        made = dataclasses.replace(made, content=made.content | {"replaced_by": replaced_by})
    return made


def documents() -> dict[str, bytes]:
    """The recorded bytes of every state that is a document."""
    made = {
        "ordinary": compiled("ordinary", GOOD),
        "overdue": compiled("overdue", OVERDUE),
        "safety-notice": compiled("safety-notice", GOOD, safety_notice=SAFETY),
        **{state: tombstone(state, reason, note) for state, (reason, note) in GRAVES.items()},
    }
    return {state: compiler.render(one, 1, 1, PUBLISHED_AT).body for state, one in made.items()}
