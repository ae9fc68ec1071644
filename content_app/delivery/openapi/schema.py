"""The OpenAPI 3.1 description, made from the views, their filters and their `operation`.

In: a view. Out: its operation, with every status that it answers, headers, and examples that tests produced.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from content_app.delivery.http import deprecations, languages
from content_app.delivery.http.problems import PROBLEM_TYPES
from content_app.delivery.query.filters import PARAMETER_SCHEMAS
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.parameters import several_of
from content_app.delivery.query.selecting import parameter_schemas
from content_app.delivery.rest.shapes import ProblemSerializer, WithdrawnSerializer
from content_app.delivery.sandbox.states import ITEMS
from content_app.vocabulary import release_numbers
from content_app.vocabulary.terms import COLLECTIONS

EXAMPLES = Path(__file__).parent / "examples"
JSON, HTML = "application/json", "text/html"
PROBLEM = "application/problem+json"
# The shape of an answer that is not JSON of ours; any other is bytes.
SHAPES = {
    "application/ld+json": OpenApiTypes.OBJECT,
    **dict.fromkeys((HTML, "text/markdown", "text/turtle", "text/tab-separated-values"), OpenApiTypes.STR),
}
PROBLEMS = {
    400: "A parameter is unknown, repeated or has an invalid value. `errors` lists each one.",
    401: "The API key is unknown, revoked or expired. You can also read without a key.",
    404: "Nothing exists at this address in this release, or the release does not exist.",
    405: "The method is not allowed here. See the `Allow` header.",
    406: "None of the media types you accept is available. Leave out the `Accept` header to get JSON.",
    412: "The condition in `If-Match` or `If-Unmodified-Since` is not met.",
    414: "The address of the request is too long.",
    429: "You have exceeded your limit. Wait for the time in `Retry-After`.",
    500: "An internal server error.",
    503: "The library cannot be read at the moment. Wait for the time in `Retry-After`.",
}
PROBLEMS_OF_BODIES = {
    413: "The request body is too large.",
    415: "The request body is not `application/json` in UTF-8, or has a coding other than gzip.",
}
PROBLEMS_OF_FILES = {416: "The range begins after the end of the file."}
TEXT = {"type": "string"}
SLUG = {"type": "string", "pattern": "^[A-Za-z0-9-]+$"}
LEADING_ON = {"slug", "state", "a", "item_id", "statement_id"}  # parts of paths that may be written in other ways
COMMON = {
    languages.PARAMETER: languages.SCHEMA,
    "release": (
        release_numbers.SCHEMA,
        "Read from this release. The response never changes, so you can cache it indefinitely.",
    ),
    "as_of": (
        PARAMETER_SCHEMAS["updated_since"],
        "Read from the release that was current at the end of a day (`2026-12-31`, UTC) or at a time "
        "(`2026-12-31T12:00:00Z`). Do not combine it with `release`.",
    ),
    "cursor": (
        {"type": "string", "maxLength": 500},
        "The position at which the page begins. Take it from `next` and keep all other parameters unchanged.",
    ),
}
RESPONSE_HEADERS = {
    "ETag": "The identifier of this response. Send it back in `If-None-Match` to get a 304 if nothing has changed.",
    "Last-Modified": "The time at which this content was published.",
    "Cache-Control": "How long you can cache the response, and how long you can use it if the server is unavailable.",
    "Content-Release": "The number of the release from which the response was read.",
    "Content-Language": "The language of the content.",
    "Link": "Links to related addresses: an active safety alert for this content, the current version of a pinned "
    "response, or the replacement for something deprecated.",
}
LIMIT_HEADERS = {
    "RateLimit-Policy": "Your limit: `q` requests in `w` seconds.",
    "RateLimit": "The number of requests you have left (`r`), and the seconds until your limit is reset (`t`). Ignore "
    "it if the response has an `Age` header: a cache stored it for another client.",
}
WHEN_LIMITED = [200, 304, 429]  # in all others too; said where they are looked for
RETRY_AFTER = OpenApiParameter(
    "Retry-After",
    {"type": "integer"},
    OpenApiParameter.HEADER,
    description="The number of seconds to wait.",
    response=[429, 503],
)
CHALLENGE = OpenApiParameter(
    "WWW-Authenticate",
    TEXT,
    OpenApiParameter.HEADER,
    description="The header in which to send an API key.",
    response=[401],
)


@cache
def example(name: str) -> Any:
    """A recorded answer, or None. Tests write these files and compare them. Without a suffix it is one in JSON."""
    path = EXAMPLES / (name if "." in name else f"{name}.json")
    if not name or not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix in (".json", ".jsonld") else text


class ReadSchema(AutoSchema):
    """Describes a view as its `Operation` says; everything that the view's class knows is taken from there."""

    @property
    def operation(self) -> Operation:
        return self.view.operation

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:
        return self.operation.description

    def get_auth(self) -> list:
        return []  # what the whole description says: a key may be sent, and need not

    def is_deprecated(self) -> bool:
        return any(not entry.parameter and not entry.field for entry in self.announced)

    @property
    def announced(self) -> list[deprecations.Deprecation]:
        """What is announced to go away of this address."""
        return [entry for entry in deprecations.DEPRECATIONS if entry.path == self.path]

    def get_override_parameters(self) -> list[OpenApiParameter]:
        elsewhere = self.operation.described_elsewhere
        query = [self._query_parameter(name) for name in self.view.get_known_parameters() if name not in elsewhere]
        headers = [
            OpenApiParameter(name, TEXT, OpenApiParameter.HEADER, description=text, response=[200, 304])
            for name, text in RESPONSE_HEADERS.items()
        ]
        limits = [
            OpenApiParameter(name, TEXT, OpenApiParameter.HEADER, description=text, response=WHEN_LIMITED)
            for name, text in LIMIT_HEADERS.items()
        ]
        return [*query, *self._path_parameters(), *headers, *limits, RETRY_AFTER, CHALLENGE]

    def _path_parameters(self) -> list[OpenApiParameter]:
        schemas = {
            "slug": (SLUG, "The last part of the document's address, an abbreviation, or a former slug."),
            "item_id": ({"type": "string", "format": "uuid"}, "The permanent identifier of the item."),
            "statement_id": ({"type": "string", "format": "uuid"}, "The permanent identifier of the statement."),
            "a": self._side("first"),
            "b": self._side("second"),
            "number": (release_numbers.SCHEMA, "The number of the release."),
            "state": ({"type": "string", "enum": list(ITEMS)}, "The name of the test case."),
            "collection": (
                {"type": "string", "enum": list(COLLECTIONS.values())},
                "The collection that contains the document.",
            ),
        }
        return [
            OpenApiParameter(name, schema, OpenApiParameter.PATH, description=text)
            for name, (schema, text) in schemas.items()
            if f"{{{name}}}" in self.path
        ]

    def _side(self, which: str) -> tuple[dict, str]:
        if self.operation.id == "compare_releases":
            return release_numbers.SCHEMA, f"The number of the {which} release."
        return SLUG, f"The last part of the address of the {which} condition, or its abbreviation."

    def _query_parameter(self, name: str) -> OpenApiParameter:
        schema, description = self._schema_of(name)
        return OpenApiParameter(
            name,
            schema,
            OpenApiParameter.QUERY,
            required=name in self.operation.required,
            deprecated=any(entry.parameter == name for entry in self.announced),
            description=description,
            explode=False if schema.get("type") == "array" else None,
        )

    def _schema_of(self, name: str) -> tuple[dict, str]:
        if name == "page_size":
            most = 1000 if self.operation.id == "get_release" else 100
            usual = 1000 if self.operation.id == "get_release" else 20
            return {
                "type": "integer",
                "minimum": 1,
                "maximum": most,
                "default": usual,
            }, "The maximum number of entries per page."
        if name in COMMON:
            return COMMON[name]
        if name in self.operation.describes:
            return self.operation.describes[name]
        filters = getattr(self.view, "filterset_class", None)
        if filters is None:
            return parameter_schemas(*filter(None, [getattr(self.view, "kind", "")]))[name]
        declared = filters.base_filters[name]
        words = [code for code, _ in declared.extra.get("choices", ())]
        if name in self.view.several:
            return several_of(words), declared.label
        if words:
            return {"type": "string", "enum": words}, declared.label
        return PARAMETER_SCHEMAS[name], declared.label

    def get_request_serializer(self) -> dict | None:
        return {"application/json": self.operation.body} if self.operation.body else None

    def _get_request_body(self, direction: str = "request") -> dict | None:
        body = super()._get_request_body(direction)
        return body | {"required": True} if body else None

    def get_response_serializers(self) -> dict:
        good = {} if self.operation.always else self._good_answers() | self._answers_elsewhere()
        return good | self._problems()

    def _good_answers(self) -> dict[Any, OpenApiResponse]:
        """The answer in the usual media type of the view: every other type has an address of its own."""
        operation, usual = self.operation, self.view.renderer_classes[0]
        shape = operation.answer if usual.media_type == JSON else SHAPES.get(usual.media_type)
        name = operation.example + ("" if usual.media_type == JSON else f".{usual.format}")
        answers: dict[Any, OpenApiResponse] = {
            (200, usual.media_type): recorded_response(shape or OpenApiTypes.BINARY, "The response as published.", name)
        }
        if operation.is_file:
            answers[206, usual.media_type] = OpenApiResponse(
                OpenApiTypes.BINARY, "The range of the file that you requested."
            )
        return answers

    def _answers_elsewhere(self) -> dict[Any, OpenApiResponse]:
        """The client has it already, or it is at another address."""
        answers: dict[Any, OpenApiResponse] = {}
        if not self.operation.body:
            held = "Not modified: your cached copy is still current."
            answers[304] = OpenApiResponse(description=held)
        if not LEADING_ON.isdisjoint(re.findall(r"{(\w+)}", self.path)):
            moved = (
                "The address has an abbreviation, a former slug or different case. `Location` gives the current one."
            )
            answers[308] = OpenApiResponse(description=moved)
        return answers

    def _problems(self) -> dict[Any, OpenApiResponse]:
        operation = self.operation
        told = (
            PROBLEMS | (PROBLEMS_OF_BODIES if operation.body else {}) | (PROBLEMS_OF_FILES if operation.is_file else {})
        )
        answers: dict[Any, OpenApiResponse] = {
            (status, PROBLEM): recorded_response(ProblemSerializer, text, f"problem_{status}")
            for status, text in told.items()
        }
        for status in set(operation.always) - set(told):
            meant = next(problem for problem in PROBLEM_TYPES.values() if problem.status == status)
            answers[status, PROBLEM] = OpenApiResponse(ProblemSerializer, meant.title)
        if operation.can_be_withdrawn:
            withdrawn = (
                "The item has been withdrawn. The response gives the reason and the replacement, if there is one."
            )
            answers[410, PROBLEM] = OpenApiResponse(WithdrawnSerializer, withdrawn)
            if self.view.renderer_classes[0].media_type == HTML:
                answers[410, HTML] = OpenApiResponse(OpenApiTypes.STR, withdrawn)
        return answers


def key_is_optional(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: every address is answered without a key and with one."""
    return result | {"security": [{}, {"ApiKey": []}]}


def recorded_response(shape: Any, description: str, name: str) -> OpenApiResponse:
    """A response with its recorded example, if there is one."""
    recorded = example(name)
    examples = [OpenApiExample("Recorded response", value=recorded)] if recorded else []
    return OpenApiResponse(shape, description=description, examples=examples)
