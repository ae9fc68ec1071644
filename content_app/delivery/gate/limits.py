"""Every answer of the read side within limits: by address without an API key, by key with one.

In: requests to the addresses that programs read. Out: the same answers with their limits, or a refusal in the form of
the protocol: 401 for a key that does not work, 429 above the limit. A request counts as one, 304 included; what takes
far more work counts as more (`COSTS`). Probes, static files, the pages that explain problems, and the desk, which has
limits of its own, are not counted.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from content_app.delivery.gate.api_keys import KeyRefused, key_of
from content_app.delivery.gate.https_only import FOR_PROGRAMS
from content_app.delivery.gate.protocol_errors import refuse, refuse_for_now, refuse_key
from content_app.delivery.gate.quotas import Policy, Standing, count
from content_app.delivery.gate.rate_limit_headers import tell
from content_app.delivery.http.client_address import address_of
from content_app.delivery.http.problems import note_fault
from content_app.outages import is_outage

UNLIMITED = (
    "/livez", "/readyz", settings.STATIC_URL, "/problems/", "/deprecations/", "/favicon", *settings.DESK_ADDRESSES,
)  # fmt: skip
COSTS = (  # by the end of the address
    ((".zip", ".ndjson"), 20),
    (("/library.ttl", ".sssom.tsv", ".xml", "/llms.txt", "/compare/", "/export/"), 5),
)
POSTED = 5  # a question to FHIR or CDS Hooks that came with a body


class LimitsMiddleware:
    """Stands before everything that reads the library. Without a key it asks the database nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(UNLIMITED):
            return self.get_response(request)
        answer = self.get_response
        key: int | None = None
        try:
            key = key_of(request) if request.path_info.startswith(FOR_PROGRAMS) else None  # people have none
        except KeyRefused as refused:
            answer = self.refusing(str(refused))  # only below, counted against the address: guessing keys has a limit
        except Exception as fault:
            if not is_outage(fault):
                raise
            return refuse(request, "unavailable", note_fault(fault))
        standing = standing_of(request.META, key)
        if standing is None:
            return answer(request)
        return refuse_for_now(request, standing) if standing.is_exceeded else tell(answer(request), standing)

    def refusing(self, sentence: str) -> Callable[[HttpRequest], HttpResponse]:
        return lambda request: refuse_key(request, sentence)


def standing_of(request: Mapping[str, Any], key: int | None) -> Standing | None:
    """Where the one who asks stands, this request counted; None where nothing is limited.

    In: its WSGI environment, and the number of its key.
    """
    if key is None:
        policy = Policy("anonymous", settings.LIMIT_ANONYMOUS)
        return count(policy, address_of(request), cost_of(request)) if policy.quota else None
    policy = Policy("keyed", settings.LIMIT_KEYED)
    return count(policy, str(key), cost_of(request)) if policy.quota else None


def cost_of(request: Mapping[str, Any]) -> int:
    """What a request counts as."""
    if request.get("REQUEST_METHOD") == "POST":
        return POSTED
    path = request.get("PATH_INFO", "")
    return next((cost for ends, cost in COSTS if path.endswith(ends)), 1)
