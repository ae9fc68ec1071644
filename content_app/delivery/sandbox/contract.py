"""What OpenAPI says of the sandbox. What is answered there has the shapes of the real thing."""

from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.rest import selection_shapes
from content_app.delivery.rest.contract import Operation
from content_app.delivery.sandbox.states import (
    DEPRECATED,
    DEPRECATED_FIELD,
    DEPRECATED_PARAMETER,
    ITEMS,
    NOTICE,
    SUNSET,
    TOO_MANY,
    UNAVAILABLE,
    State,
)
from content_app.serializers import string


class SandboxStateSerializer(serializers.Serializer):
    name = string("The name of the test case.")
    href = string("The address of the test case.")
    status = serializers.IntegerField(help_text="The HTTP status code of the response.")
    shows = string("The situation that it lets you test.")


class SandboxSerializer(serializers.Serializer):
    """The list of test cases in the sandbox."""

    notice = string("A notice that everything in the sandbox is made up.")
    states = SandboxStateSerializer(many=True, help_text="Every test case, with its address.")


class SandboxDeprecatedFieldSerializer(serializers.Serializer):
    """A response with a deprecated field."""

    name = string("The name, in the field that replaces `old_name`.")
    old_name = string("The same text as `name`, under its former name.")


def fixed(state: State, answer: type = published.ConceptSerializer, **more) -> Operation:
    """The operation of an address that is always answered in the same way."""
    name = state.name.replace("-", "_")
    summary = f"Test case: {state.name.replace('-', ' ')} ({state.status})"
    always = () if state.status == 200 else (state.status,)
    return Operation(
        f"get_sandbox_{name}", "sandbox", summary, f"{state.shows}\n\n{NOTICE}", answer, always=always, **more
    )


SANDBOX_OPERATIONS = {
    "SandboxView": Operation(
        "get_sandbox", "sandbox", "List the test cases",
        "Items in fixed states, and responses that are otherwise hard to provoke. Use them to test how your "
        f"application handles failures.\n\n{NOTICE}",
        SandboxSerializer, example="get_sandbox",
    ),
    "SandboxItemView": Operation(
        "get_sandbox_item", "sandbox", "Get a made-up item in a given state",
        "The response is produced by the same code as for real items.\n\n"
        + "\n".join(f"- `{state.name}`: {state.status}. {state.shows}" for state in ITEMS.values())
        + f"\n\n{NOTICE}",
        published.ConceptSerializer, selection_shapes.SELECTED["concept"],
        can_be_withdrawn=True, is_found_by_name=True, example="get_sandbox_item",
    ),
    "SandboxDeprecatedView": fixed(DEPRECATED),
    "SandboxDeprecatedParameterView": fixed(
        DEPRECATED_PARAMETER, describes={"form": ({"type": "string", "enum": ["short"]}, "Deprecated. Leave it out.")}
    ),
    "SandboxDeprecatedFieldView": fixed(DEPRECATED_FIELD, SandboxDeprecatedFieldSerializer),
    "SandboxSunsetView": fixed(SUNSET),
    "SandboxTooManyView": fixed(TOO_MANY),
    "SandboxUnavailableView": fixed(UNAVAILABLE),
}  # fmt: skip
