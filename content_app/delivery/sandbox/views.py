"""The sandbox over HTTP: each state answered by the code that answers for real items, real limits and real faults."""

from typing import ClassVar

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.gate.protocol_errors import refuse_for_now
from content_app.delivery.gate.quotas import Policy, Standing
from content_app.delivery.http.languages import PARAMETER
from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.representations.respond import as_stored, refuse_withdrawn
from content_app.delivery.rest.documents import PermanentRedirect
from content_app.delivery.rest.selection import BATCH_PARAMETERS, selection_asked_for
from content_app.delivery.sandbox import states

ABOVE_THE_LIMIT = Standing(Policy("sandbox", quota=1, window=60), used=2, reset=5)


def whole(request, state: str) -> HttpResponse:
    """The document of a state, or that it was withdrawn: 410."""
    stored = states.stored(state)
    selection_asked_for(request.query_params, stored.kind)
    refuse_withdrawn(stored)
    return as_stored(request, stored, states.MOMENT)


class SandboxView(ReadView):
    """What the sandbox shows, and where."""

    known_parameters: ClassVar[tuple[str, ...]] = ()

    def get(self, request) -> HttpResponse:
        shown = [
            {"name": state.name, "href": state.href, "status": state.status, "shows": state.shows}
            for state in states.STATES
        ]
        return answer(request, compact_json({"notice": states.NOTICE, "states": shown}), moment=states.MOMENT)


class SandboxItemView(ReadView):
    """An invented item in a state."""

    known_parameters: ClassVar[tuple[str, ...]] = (*BATCH_PARAMETERS, PARAMETER)

    def get(self, request, state: str) -> HttpResponse:
        if state not in states.ITEMS:
            raise Problem("not-found", f"The sandbox has no “{state[:60]}”; it has {', '.join(states.ITEMS)}.")
        if state == "moved":
            selection_asked_for(request.query_params, "concept")  # mistakes are told before the way is
            query = request.META.get("QUERY_STRING", "")
            return PermanentRedirect(states.ITEMS["ordinary"].href + (f"?{query}" if query else ""))
        return whole(request, state)


class FixedView(ReadView):
    """An address that answers without parameters, always in the same way."""

    known_parameters: ClassVar[tuple[str, ...]] = ()

    def get(self, request) -> HttpResponse:
        return whole(request, "ordinary")


class SandboxDeprecatedView(FixedView):
    """The ordinary item, at an address that goes away: `deprecations` says so."""


class SandboxDeprecatedParameterView(FixedView):
    """The ordinary item, with a parameter that goes away."""

    known_parameters: ClassVar[tuple[str, ...]] = ("form",)

    def get(self, request) -> HttpResponse:
        if request.query_params.get("form", "short") != "short":
            raise invalid("form", "“short” is its only value. Better leave it out.")
        return super().get(request)


class SandboxDeprecatedFieldView(FixedView):
    """An answer with a field that goes away."""

    def get(self, request) -> HttpResponse:
        name = "Sandbox: an answer with a field that goes away"
        return answer(request, compact_json({"name": name, "old_name": name}), moment=states.MOMENT)


class SandboxSunsetView(FixedView):
    """Never reached: `deprecations` answers for what is past its sunset."""


class SandboxTooManyView(FixedView):
    """Above a limit, always."""

    def get(self, request) -> HttpResponse:
        return refuse_for_now(request._request, ABOVE_THE_LIMIT)


class SandboxUnavailableView(FixedView):
    """A library that cannot be read, always."""

    def get(self, request) -> HttpResponse:
        raise Problem("unavailable", "The library cannot be read at the moment. Try again shortly. (A sandbox.)")
