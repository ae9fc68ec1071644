"""The OpenAPI 3.1 description, made from the views, their filters and `contract`.

In: a view. Out: its operation, with every status that it answers, headers, and examples that tests produced.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from content_app.delivery.gate import deprecations
from content_app.delivery.http import languages
from content_app.delivery.http.problems import PROBLEM_TYPES
from content_app.delivery.query.filters import PARAMETER_SCHEMAS
from content_app.delivery.representations.table import BY_SUFFIX
from content_app.delivery.rest.changes.contract import SYNC_OPERATIONS, selection_of
from content_app.delivery.rest.contract import OPERATIONS, Operation
from content_app.delivery.rest.search_contract import SEARCH_OPERATIONS
from content_app.delivery.rest.shapes import ProblemSerializer, WithdrawnSerializer
from content_app.delivery.sandbox.contract import SANDBOX_OPERATIONS
from content_app.delivery.sandbox.states import ITEMS
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
    400: "A parameter is unknown, given twice, or has a value that it does not take. `errors` names each.",
    401: "The API key is unknown, revoked or expired. Without the header the request is answered.",
    404: "There is nothing at this address in this release, or no such release.",
    405: "Only GET, HEAD and OPTIONS are possible.",
    406: "None of the media types you accept is there. Send no `Accept` header to get JSON.",
    412: "`If-Match` or `If-Unmodified-Since` does not hold.",
    414: "The address is too long.",
    429: "Above the limit; `Retry-After` says when to ask again.",
    500: "A fault on our side.",
    503: "The library cannot be read at the moment; see `Retry-After`.",
}
PROBLEMS_OF_BODIES = {
    413: "The body is too large.",
    415: "The body is not `application/json` in UTF-8, or it is compressed.",
}
PROBLEMS_OF_FILES = {416: "The range begins behind the end."}
TEXT = {"type": "string"}
COMMON = {
    languages.PARAMETER: languages.SCHEMA,
    "release": (
        {"type": "integer", "minimum": 1, "maximum": 2147483647},
        "Answer from this release. Such an answer never changes: keep it as long as you like.",
    ),
    "as_of": (
        PARAMETER_SCHEMAS["updated_since"],
        "Answer from the release that was current at the end of a day (`2026-12-31`, UTC) or at an instant "
        "(`2026-12-31T12:00:00Z`). Not together with `release`.",
    ),
    "cursor": (
        {"type": "string", "maxLength": 500},
        "Where the page begins: take it from `next`, with all other parameters as they were.",
    ),
}
RESPONSE_HEADERS = {
    "ETag": "Names these bytes. Send it back in `If-None-Match` to get 304 if nothing has changed.",
    "Last-Modified": "When what is shown was published.",
    "Cache-Control": "How long it is fresh, and how long it may be used while the server is away.",
    "Content-Release": "The release that the answer was read from.",
    "Content-Language": "The language of what is shown.",
    "Link": "Relations to other addresses: an active safety notice of what is shown, what a pinned answer is now, what "
    "is to be used in place of what is deprecated.",
}
LIMIT_HEADERS = {
    "RateLimit-Policy": "The limit that holds for you: `q` requests in `w` seconds.",
    "RateLimit": "How many requests are left (`r`), and seconds until you have them all again (`t`). Of no meaning in "
    "an answer that has an `Age`: it was another client's.",
}
WHEN_LIMITED = [200, 304, 429]  # in all others too; said where they are looked for
RETRY_AFTER = OpenApiParameter(
    "Retry-After", {"type": "integer"}, OpenApiParameter.HEADER, description="Seconds to wait.", response=[429, 503]
)
CHALLENGE = OpenApiParameter(
    "WWW-Authenticate", TEXT, OpenApiParameter.HEADER, description="How a key is sent.", response=[401]
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
        return (OPERATIONS | SYNC_OPERATIONS | SEARCH_OPERATIONS | SANDBOX_OPERATIONS)[type(self.view).__name__]

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
        query = [self._query_parameter(name) for name in self.view.get_known_parameters()]
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
            "slug": ({"type": "string", "pattern": "^[a-z0-9-]+$"}, "The last part of its address."),
            "item_id": ({"type": "string", "format": "uuid"}, "The permanent identifier of the item."),
            "statement_id": ({"type": "string", "format": "uuid"}, "The permanent identifier of the statement."),
            "a": self._side("the one"),
            "b": self._side("the other"),
            "number": ({"type": "integer", "minimum": 1, "maximum": 2147483647}, "The number of the release."),
            "state": ({"type": "string", "enum": list(ITEMS)}, "The state."),
            "collection": ({"type": "string", "enum": list(COLLECTIONS.values())}, "What sort of document it is."),
            "suffix": ({"type": "string", "enum": list(BY_SUFFIX)}, "The representation."),
        }
        return [
            OpenApiParameter(name, schema, OpenApiParameter.PATH, description=text)
            for name, (schema, text) in schemas.items()
            if f"{{{name}}}" in self.path
        ]

    def _side(self, which: str) -> tuple[dict, str]:
        if self.operation.id == "compare_releases":
            return {"type": "integer", "minimum": 1, "maximum": 2147483647}, f"The number of {which} release."
        return {"type": "string", "pattern": "^[a-z0-9-]+$"}, f"The last part of the address of {which} condition."

    def _query_parameter(self, name: str) -> OpenApiParameter:
        schema, description = self._schema_of(name)
        return OpenApiParameter(
            name,
            schema,
            OpenApiParameter.QUERY,
            required=name in self.operation.required,
            deprecated=any(entry.parameter == name for entry in self.announced),
            description=description,
        )

    def _schema_of(self, name: str) -> tuple[dict, str]:
        if name == "page_size":
            most = 1000 if self.operation.id == "get_release" else 100
            usual = 1000 if self.operation.id == "get_release" else 20
            return {"type": "integer", "minimum": 1, "maximum": most, "default": usual}, "How many entries a page has."
        if name in COMMON:
            return COMMON[name]
        if name in self.operation.describes:
            return self.operation.describes[name]
        selecting = selection_of(*filter(None, [getattr(self.view, "kind", "")]))
        if name in selecting:
            return selecting[name]
        declared = self.view.filterset_class.base_filters[name]
        choices = declared.extra.get("choices")
        if choices:
            return {"type": "string", "enum": [code for code, _ in choices]}, declared.label
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
        """The answer in every media type that the view has."""
        operation = self.operation
        answers: dict[Any, OpenApiResponse] = {}
        for renderer in self.view.renderer_classes:
            shape = self._shape() if renderer.media_type == JSON else SHAPES.get(renderer.media_type)
            name = operation.example + ("" if renderer.media_type == JSON else f".{renderer.format}")
            answers[200, renderer.media_type] = recorded_response(shape or OpenApiTypes.BINARY, "As published.", name)
            if operation.is_file:
                answers[206, renderer.media_type] = OpenApiResponse(OpenApiTypes.BINARY, "The range asked for.")
        return answers

    def _shape(self) -> Any:
        """What is answered: the whole, or what is chosen of it. What is chosen may be all, so it is “any of”."""
        operation = self.operation
        if operation.chosen is None:
            return operation.answer
        return {"anyOf": [self.resolve_serializer(one, "response").ref for one in (operation.answer, operation.chosen)]}

    def _answers_elsewhere(self) -> dict[Any, OpenApiResponse]:
        """The client has it already, or it is at another address."""
        answers: dict[Any, OpenApiResponse] = {}
        if not self.operation.body:
            held = "You have it already: `If-None-Match` or `If-Modified-Since` holds."
            answers[304] = OpenApiResponse(description=held)
        if "{slug}" in self.path or "{state}" in self.path or self.operation.id == "compare_conditions":
            moved = "An abbreviation or a former slug: `Location` is where it is now."
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
            withdrawn = "It has been withdrawn: why, and what takes its place."
            answers[410, PROBLEM] = OpenApiResponse(WithdrawnSerializer, withdrawn)
            if any(renderer.media_type == HTML for renderer in self.view.renderer_classes):
                answers[410, HTML] = OpenApiResponse(OpenApiTypes.STR, withdrawn)
        return answers


def key_is_optional(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: every address is answered without a key and with one."""
    return result | {"security": [{}, {"ApiKey": []}]}


def recorded_response(shape: Any, description: str, name: str) -> OpenApiResponse:
    """A response with its recorded example, if there is one."""
    recorded = example(name)
    examples = [OpenApiExample("As recorded", value=recorded)] if recorded else []
    return OpenApiResponse(shape, description=description, examples=examples)
