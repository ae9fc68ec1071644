"""Reads a live server with the client that was generated from its description.

In: the address of the server. Out: JSON, the status of each call and what the client made of the answer.
`reading.ts` makes the same calls in TypeScript; both have to tell the same.
"""

import json
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

from api import AuthenticatedClient, Client
from api.api.changes import check_copies, list_changes
from api.api.concepts import list_concepts
from api.api.conditions import get_condition, get_selected_condition
from api.api.sandbox import get_sandbox_too_many_requests
from api.api.search import search
from api.models import (
    Audience,
    ChangePage,
    CheckedCopies,
    ConceptPage,
    Condition,
    ConditionField,
    CopiesToCheck,
    CopyByVersion,
    DocumentKind,
    Kind,
    ListedExample,
    Problem,
    SearchPage,
    SelectedCondition,
    Topic,
)
from api.types import Response

client = Client(sys.argv[1])
keyed = AuthenticatedClient(sys.argv[1], token="not-a-key", prefix="", auth_header_name="X-Api-Key")
NOBODY = UUID("00000000-0000-4000-8000-000000000000")


def told(response: Response[Any], what: type, members: Callable[[Any], object]) -> dict[str, object]:
    """The status, and what is told of an answer of the type that it must have."""
    known = isinstance(response.parsed, what)
    return {"status": response.status_code.value, "told": members(response.parsed) if known else None}


def main() -> None:
    whole = get_condition.sync_detailed("fibromyalgia", client=client)
    holding = client.with_headers({"If-None-Match": whole.headers["etag"]})
    calls = {
        "list": told(
            list_concepts.sync_detailed(client=client, topic=[Topic.KNOWLEDGE_GAP, Topic.IMPACT], page_size=1),
            ConceptPage,
            lambda page: [[concept.slug, concept.topic] for concept in page.results],
        ),
        "detail": told(
            whole, Condition, lambda condition: [condition.kind, condition.name, condition.statements[0].assertion]
        ),
        "chosen fields": told(
            get_selected_condition.sync_detailed(
                "fibromyalgia",
                client=client,
                fields=[ConditionField.CODINGS, ConditionField.NAMES],
                audience=Audience.PLAIN,
            ),
            SelectedCondition,
            lambda chosen: [bool(chosen.statements), chosen.codings[0].match, chosen.meta.version],
        ),
        "unchanged": told(
            get_condition.sync_detailed("fibromyalgia", client=holding), Condition, lambda _: "sent again"
        ),
        "search": told(
            search.sync_detailed(client=client, q="hand ice cold", kind=[Kind.EXAMPLE]),
            SearchPage,
            lambda page: [
                [hit.item.kind, hit.item.slug, hit.match.tier]
                for hit in page.results
                if isinstance(hit.item, ListedExample)
            ],
        ),
        "changes": told(
            list_changes.sync_detailed(client=client, kind=[DocumentKind.CONDITION], page_size=1),
            ChangePage,
            lambda page: [page.is_more, [[change.change, change.slug] for change in page.results]],
        ),
        "check": told(
            check_copies.sync_detailed(client=client, body=CopiesToCheck([CopyByVersion(id=str(NOBODY), version=1)])),
            CheckedCopies,
            lambda checked: [copy.status for copy in checked.results],
        ),
        "not there": told(
            get_condition.sync_detailed("fibromialgia", client=client),
            Problem,
            lambda problem: [problem.status, problem.title],
        ),
        "not usable": told(
            list_concepts.sync_detailed(client=client, page_size=0),
            Problem,
            lambda problem: [error.parameter for error in problem.errors],
        ),
        "too many": told(
            get_sandbox_too_many_requests.sync_detailed(client=client), Problem, lambda problem: problem.title
        ),
        "wrong key": told(
            get_condition.sync_detailed("fibromyalgia", client=keyed), Problem, lambda problem: problem.title
        ),
    }
    sys.stdout.write(json.dumps(calls))


main()
