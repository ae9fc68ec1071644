"""Says of many copies at once whether they are current. The one address that reads a body: it changes nothing."""

import json
from collections import defaultdict
from typing import Any, ClassVar

from django.db.models import BinaryField, Case, F, Value, When
from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem
from content_app.delivery.query.base_view import MOMENT_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.rest.changes import check, shapes
from content_app.delivery.store.reading import Moment
from content_app.models.publication import Document

COLUMNS = (
    "item_uuid", "kind", "slug", "name", "version", "sha256", "significance", "first_release", "tombstone_reason",
    "grave",
)  # fmt: skip
GRAVE = Case(
    When(tombstone_reason="", then=Value(None, BinaryField())), default=F("list_form"), output_field=BinaryField()
)


class CheckView(ReadView):
    """POST `{"items": [{"id": …, "sha256": …}]}` with up to a thousand entries."""

    operation = Operation(
        "check_copies",
        "changes",
        "Check your copies",
        "Checks up to 1,000 copies: whether each one is current, how significant the changes are that you missed, "
        "and which items have been withdrawn. The request changes nothing; it uses POST because it has a long body.",
        shapes.CheckedCopiesSerializer,
        body=shapes.CHECK_REQUEST,
        example="check_copies",
    )

    http_method_names: ClassVar[list[str]] = ["post", "options"]
    known_parameters = MOMENT_PARAMETERS

    def post(self, request) -> HttpResponse:
        body = read_body(request._request)
        try:
            entries = check.parsed(body)
        except check.NotUsable as error:
            raise Problem("invalid-body", str(error), errors=error.errors)
        moment = self.moment()
        versions = versions_of({entry["id"] for entry in entries}, moment)
        results = [check.result(entry, versions[entry["id"]]) for entry in entries]
        response = HttpResponse(
            compact_json({"release": moment.release, "results": results}), content_type="application/json"
        )
        response["Cache-Control"] = "no-store"
        response["Content-Release"] = str(moment.release)
        return response


def read_body(request) -> bytes:
    """The body, if it is JSON and not too large. Raises `Problem` (413, 415)."""
    if request.content_type != "application/json" or request.content_params.get("charset", "utf-8").lower() != "utf-8":
        raise Problem("unsupported-media-type", "Send the body as application/json, in UTF-8.")
    most = check.LARGEST_BODY
    length = request.headers.get("Content-Length") or "0"
    body = request.read(most + 1) if not length.isdigit() or int(length) <= most else None
    if body is None or len(body) > most:
        raise Problem("body-too-large", f"The body has more than {most} bytes. Check fewer items at once.")
    return body


def versions_of(identifiers: set[str], moment: Moment) -> dict[str, list[dict[str, Any]]]:
    """All versions of these items up to a release, oldest first: one query."""
    rows = Document.objects.filter(item_uuid__in=identifiers, first_release__lte=moment.release)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.annotate(grave=GRAVE).order_by("item_uuid", "version").values(*COLUMNS).iterator():
        row["grave"] = json.loads(bytes(row["grave"])) if row["grave"] else None
        found[str(row["item_uuid"])].append(row)
    return found
