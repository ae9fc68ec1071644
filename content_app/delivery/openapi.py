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

from content_app.delivery.changes_contract import SYNC_OPERATIONS, selection_of
from content_app.delivery.contract import OPERATIONS, Operation
from content_app.delivery.filters import PARAMETER_SCHEMAS
from content_app.delivery.search.contract import SEARCH_OPERATIONS
from content_app.delivery.shapes import ProblemSerializer, WithdrawnSerializer

EXAMPLES = Path(__file__).parent / "examples"
PROBLEM = "application/problem+json"
PROBLEMS = {
    400: "A parameter is unknown, given twice, or has a value that it does not take. `errors` names each.",
    404: "There is nothing at this address in this release, or no such release.",
    405: "Only GET, HEAD and OPTIONS are possible.",
    406: "None of the media types you accept is there. Send no `Accept` header to get JSON.",
    412: "`If-Match` or `If-Unmodified-Since` does not hold.",
    414: "The address is too long.",
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
}


@cache
def example(name: str) -> Any:
    """A recorded answer, or None. Tests write these files and compare them."""
    path = EXAMPLES / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if name and path.exists() else None


class ReadSchema(AutoSchema):
    """Describes a view as its `Operation` says; everything that the view's class knows is taken from there."""

    @property
    def operation(self) -> Operation:
        return (OPERATIONS | SYNC_OPERATIONS | SEARCH_OPERATIONS)[type(self.view).__name__]

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:
        return self.operation.description

    def get_auth(self) -> list:
        return []

    def get_override_parameters(self) -> list[OpenApiParameter]:
        query = [self._query_parameter(name) for name in self.view.get_known_parameters()]
        headers = [
            OpenApiParameter(name, TEXT, OpenApiParameter.HEADER, description=text, response=[200, 304])
            for name, text in RESPONSE_HEADERS.items()
        ]
        return query + self._path_parameters() + headers

    def _path_parameters(self) -> list[OpenApiParameter]:
        schemas = {
            "slug": ({"type": "string", "pattern": "^[a-z0-9-]+$"}, "The last part of its address."),
            "item_id": ({"type": "string", "format": "uuid"}, "The permanent identifier of the item."),
            "statement_id": ({"type": "string", "format": "uuid"}, "The permanent identifier of the statement."),
            "a": self._side("the one"),
            "b": self._side("the other"),
            "number": ({"type": "integer", "minimum": 1, "maximum": 2147483647}, "The number of the release."),
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
        return self._good_answers() | self._answers_elsewhere() | self._problems()

    def _good_answers(self) -> dict[Any, OpenApiResponse]:
        operation = self.operation
        is_json = operation.media_type == "application/json"
        answers: dict[Any, OpenApiResponse] = {
            (200, operation.media_type): recorded_response(
                self._shape() if is_json else OpenApiTypes.BINARY, "As published.", operation.example
            )
        }
        if operation.is_file:
            answers[206, operation.media_type] = OpenApiResponse(OpenApiTypes.BINARY, "The range asked for.")
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
        if "{slug}" in self.path or self.operation.id == "compare_conditions":
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
        if operation.can_be_withdrawn:
            withdrawn = "It has been withdrawn: why, and what takes its place."
            answers[410, PROBLEM] = OpenApiResponse(WithdrawnSerializer, withdrawn)
        return answers


def recorded_response(shape: Any, description: str, name: str) -> OpenApiResponse:
    """A response with its recorded example, if there is one."""
    recorded = example(name)
    examples = [OpenApiExample("As recorded", value=recorded)] if recorded else []
    return OpenApiResponse(shape, description=description, examples=examples)
