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
    name = string("What it is called.")
    href = string("Its address.")
    status = serializers.IntegerField(help_text="The status that it is answered with.")
    shows = string("What it is for.")


class SandboxSerializer(serializers.Serializer):
    """What the sandbox shows."""

    notice = string("What all of it is: invented.")
    states = SandboxStateSerializer(many=True, help_text="Every state, with its address.")


class SandboxDeprecatedFieldSerializer(serializers.Serializer):
    """An answer with a field that goes away."""

    name = string("A text.")
    old_name = string("The same text, as it was called formerly.")


def fixed(state: State, answer: type = published.ConceptSerializer, **more) -> Operation:
    """The operation of an address that is always answered in the same way."""
    name = state.name.replace("-", "_")
    summary = f"{state.status}: {state.name.replace('-', ' ')}"
    always = () if state.status == 200 else (state.status,)
    return Operation(
        f"get_sandbox_{name}", "sandbox", summary, f"{state.shows}\n\n{NOTICE}", answer, always=always, **more
    )


SANDBOX_OPERATIONS = {
    "SandboxView": Operation(
        "get_sandbox", "sandbox", "What the sandbox shows",
        "Items in fixed states, and answers that are hard to come by otherwise: test with them how your application "
        f"takes the bad days.\n\n{NOTICE}",
        SandboxSerializer, example="get_sandbox",
    ),
    "SandboxItemView": Operation(
        "get_sandbox_item", "sandbox", "Get an invented item in a state",
        "Answered as items at their own addresses are, by the same code.\n\n"
        + "\n".join(f"- `{state.name}`: {state.status}. {state.shows}" for state in ITEMS.values())
        + f"\n\n{NOTICE}",
        published.ConceptSerializer, selection_shapes.SELECTED["concept"],
        can_be_withdrawn=True, is_found_by_name=True, example="get_sandbox_item",
    ),
    "SandboxDeprecatedView": fixed(DEPRECATED),
    "SandboxDeprecatedParameterView": fixed(
        DEPRECATED_PARAMETER, describes={"form": ({"type": "string", "enum": ["short"]}, "Goes away. Leave it out.")}
    ),
    "SandboxDeprecatedFieldView": fixed(DEPRECATED_FIELD, SandboxDeprecatedFieldSerializer),
    "SandboxSunsetView": fixed(SUNSET),
    "SandboxTooManyView": fixed(TOO_MANY),
    "SandboxUnavailableView": fixed(UNAVAILABLE),
}  # fmt: skip
