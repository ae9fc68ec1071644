"""The sandbox over HTTP: each state answered by the code that answers for real items, real limits and real faults."""

from typing import ClassVar

from django.http import HttpResponse

from content_app import serializers as published
from content_app.canonical import compact_json
from content_app.delivery.gate.protocol_errors import refuse_for_now
from content_app.delivery.gate.quotas import Policy, Standing
from content_app.delivery.http.elsewhere import PermanentRedirect, with_query
from content_app.delivery.http.languages import PARAMETER
from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.selecting import BATCH_PARAMETERS, SEVERAL, selection_asked_for
from content_app.delivery.representations.respond import as_stored, refuse_withdrawn
from content_app.delivery.rest.documents import SHAPING
from content_app.delivery.sandbox import states
from content_app.delivery.sandbox.shapes import SandboxDeprecatedFieldSerializer, SandboxSerializer
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

ABOVE_THE_LIMIT = Standing(Policy("sandbox", quota=1, window=60), used=2, reset=5)


def fixed(state: State, answer: type = published.ConceptSerializer, **more) -> Operation:
    """The operation of an address that is always answered in the same way."""
    name = state.name.replace("-", "_")
    summary = f"Test case: {state.name.replace('-', ' ')} ({state.status})"
    always = () if state.status == 200 else (state.status,)
    return Operation(
        f"get_sandbox_{name}", "sandbox", summary, f"{state.shows}\n\n{NOTICE}", answer, always=always, **more
    )


def whole(request, state: str) -> HttpResponse:
    """The document of a state, or that it was withdrawn: 410."""
    stored = states.stored(state)
    selection_asked_for(request.query_params, stored.kind)
    refuse_withdrawn(stored)
    return as_stored(request, stored, states.MOMENT)


class SandboxView(ReadView):
    """What the sandbox shows, and where."""

    operation = Operation(
        "get_sandbox",
        "sandbox",
        "List the test cases",
        "Items in fixed states, and responses that are otherwise hard to provoke. Use them to test how your "
        f"application handles failures.\n\n{NOTICE}",
        SandboxSerializer,
        example="get_sandbox",
    )

    known_parameters: ClassVar[tuple[str, ...]] = ()

    def get(self, request) -> HttpResponse:
        shown = [
            {"name": state.name, "href": state.href, "status": state.status, "shows": state.shows}
            for state in states.STATES
        ]
        return answer(request, compact_json({"notice": states.NOTICE, "states": shown}), moment=states.MOMENT)


class SandboxItemView(ReadView):
    """An invented item in a state."""

    operation = Operation(
        "get_sandbox_item",
        "sandbox",
        "Get a made-up item in a given state",
        "The response is produced by the same code as for real items.\n\n"
        + "\n".join(f"- `{state.name}`: {state.status}. {state.shows}" for state in ITEMS.values())
        + f"\n\n{NOTICE}",
        published.ConceptSerializer,
        described_elsewhere=SHAPING,
        can_be_withdrawn=True,
        is_found_by_name=True,
        example="get_sandbox_item",
    )

    known_parameters: ClassVar[tuple[str, ...]] = (*BATCH_PARAMETERS, PARAMETER)
    several = SEVERAL

    def get(self, request, state: str) -> HttpResponse:
        if state not in states.ITEMS:
            raise Problem("not-found", f"The sandbox has no state “{state[:60]}”. It has {', '.join(states.ITEMS)}.")
        if state == "moved":
            selection_asked_for(request.query_params, "concept")  # mistakes are told before the way is
            return PermanentRedirect(with_query(request, states.ITEMS["ordinary"].href))
        return whole(request, state)


class FixedView(ReadView):
    """An address that answers without parameters, always in the same way."""

    known_parameters: ClassVar[tuple[str, ...]] = ()

    def get(self, request) -> HttpResponse:
        return whole(request, "ordinary")


class SandboxDeprecatedView(FixedView):
    """The ordinary item, at an address that goes away: `deprecations` says so."""

    operation = fixed(DEPRECATED)


class SandboxDeprecatedParameterView(FixedView):
    """The ordinary item, with a parameter that goes away."""

    operation = fixed(
        DEPRECATED_PARAMETER, describes={"form": ({"type": "string", "enum": ["short"]}, "Deprecated. Leave it out.")}
    )

    known_parameters: ClassVar[tuple[str, ...]] = ("form",)

    def get(self, request) -> HttpResponse:
        if request.query_params.get("form", "short") != "short":
            raise invalid("form", "The only valid value is “short”. The parameter is deprecated: leave it out.")
        return super().get(request)


class SandboxDeprecatedFieldView(FixedView):
    """A response with a deprecated field."""

    operation = fixed(DEPRECATED_FIELD, SandboxDeprecatedFieldSerializer)

    def get(self, request) -> HttpResponse:
        name = "Sandbox: a response with a deprecated field"
        return answer(request, compact_json({"name": name, "old_name": name}), moment=states.MOMENT)


class SandboxSunsetView(FixedView):
    """Never reached: `deprecations` answers for what is past its sunset."""

    operation = fixed(SUNSET)


class SandboxTooManyView(FixedView):
    """Above a limit, always."""

    operation = fixed(TOO_MANY)

    def get(self, request) -> HttpResponse:
        return refuse_for_now(request._request, ABOVE_THE_LIMIT)


class SandboxUnavailableView(FixedView):
    """A library that cannot be read, always."""

    operation = fixed(UNAVAILABLE)

    def get(self, request) -> HttpResponse:
        raise Problem(
            "unavailable", "The library cannot be read at the moment. Try again shortly. (This is the sandbox.)"
        )
