"""Many items at once, by their identifiers."""

import json
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from rest_framework.views import APIView

from content_app.canonical import compact_json
from content_app.delivery.http.problems import invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import parameters, selection
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.selecting import (
    BATCH_PARAMETERS,
    ITEM_KINDS,
    SEVERAL,
    bodies_of,
    in_release,
    parameter_schemas,
    selection_asked_for,
)
from content_app.delivery.rest import selection_shapes
from content_app.delivery.rest.changes import shapes as changes_shapes

MOST_ITEMS = 100


class BatchView(ReadView):
    """Up to a hundred items of any kind by their identifiers, in the order asked for, each once."""

    operation = Operation(
        "list_items",
        "items",
        "Read many items at once",
        "Up to 100 items of any kind by identifier, each once, in the order of `ids`. Withdrawn items and unknown "
        "identifiers are listed separately.",
        changes_shapes.BatchSerializer,
        described_elsewhere=("fields", "must_show", "audience", "labels"),
        required=("ids",),
        describes={
            "ids": (
                {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS, "items": {"type": "string", "format": "uuid"}},
                "The identifiers, separated by commas.",
            ),
            **{name: told for name, told in parameter_schemas().items() if name != "include"},
        },
    )

    several: ClassVar[tuple[str, ...]] = ("ids", *SEVERAL)
    known_parameters: ClassVar[tuple[str, ...]] = ("ids", *BATCH_PARAMETERS, *READ_PARAMETERS)

    def initial(self, request, *args: Any, **kwargs: Any) -> None:
        """As for all views, but `ids` may be as long as a hundred identifiers are."""
        APIView.initial(self, request, *args, **kwargs)
        self.join(request)
        if request.method != "OPTIONS":
            query = request.query_params.copy()
            if "ids" in query:
                query["ids"] = "".join(query["ids"].split(","))[:100]
            self.check(query)

    def get(self, request) -> HttpResponse:
        chosen = selection_asked_for(request.query_params, *ITEM_KINDS)
        wanted = identifiers(request.query_params)
        moment = self.moment()
        chosen = in_release(chosen, moment)
        found = bodies_of(wanted, moment)
        documents, graves = [], []
        for body, reason in (found[key] for key in wanted if key in found):
            document = json.loads(body)
            (graves if reason else documents).append(document if reason else selection.selected(document, chosen))
        body = {
            "release": moment.release,
            "results": documents,
            "withdrawn": graves,
            "unknown": [key for key in wanted if key not in found],
        }
        return answer(request, compact_json(body), moment=moment)


class SelectedBatchView(BatchView):
    """What is chosen of many items, at `/items/selected/`."""

    operation = replace(
        BatchView.operation,
        id="list_selected_items",
        summary="Read parts of many items at once",
        description="The parts of the items that you choose. `fields`, `must_show`, `audience` and `labels` also work "
        "at `/api/v1/items/`; they are described here because the response has a different shape.",
        answer=selection_shapes.SelectedBatchSerializer,
        described_elsewhere=(),
    )


def identifiers(query: QueryDict) -> list[str]:
    """The identifiers in `ids`, each once. Raises `Problem` (400)."""
    given = query.get("ids", "").split(",")
    if "ids" not in query or len(given) > MOST_ITEMS:
        raise invalid("ids", f"Give up to {MOST_ITEMS} identifiers, separated by commas.")
    return list(dict.fromkeys(parameters.identifier(value, "ids") for value in given))
