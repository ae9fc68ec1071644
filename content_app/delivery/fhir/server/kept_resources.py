"""Resources that a client sent with one call and names again in later ones, by a `cache-id`.

In: the parameters of a call, and who asks. Out: the same, with what this client has sent before under the same name.
They are kept for an hour in the cache that all processes share, in a fixed number of places, so that nobody can fill a
disk; a name can lose its place to another. Therefore no capability statement claims it: clients that go by the claims
send their resources with every call, and those that do not are answered all the same.
"""

import hashlib
import json
from typing import Any

from django.core.cache import cache

from content_app.delivery.fhir.terminology.operation_definitions import CACHE_ID
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import Resource

PLACES = 64
MOST_CHARACTERS = 1_000_000  # in one place
SECONDS = 3600
SUBJECTS = ("valueSet", "codeSystem", "conceptMap")  # what a call is about is sent once too, and then named by its url


def with_kept(inputs: OperationInput, client: str) -> OperationInput:
    """The parameters with the resources that are kept under their `cache-id`, those of the call included.

    Raises FhirError 400 for resources that are of no use.
    """
    name = inputs.one(CACHE_ID.name)
    if name is None:
        return inputs
    owner = hashlib.sha256(f"{client}\n{name}".encode()).hexdigest()
    place = f"fhir-resources-{int(owner, 16) % PLACES}"
    there = cache.get(place) or {}
    kept = there["resources"] if there.get("owner") == owner else []
    resources = _joined(kept, inputs.resources)
    known = _joined(resources, [subject for name in SUBJECTS for subject in inputs.all(name) if subject.get("url")])
    if known != kept and len(json.dumps(known)) <= MOST_CHARACTERS:
        cache.set(place, {"owner": owner, "resources": known}, SECONDS)
    return inputs.with_resources(resources)


def _joined(kept: list[Resource], sent: list[Resource]) -> list[Resource]:
    """What is kept and what was sent; of two with the same address and version, what was sent."""
    return list({_identity(resource): resource for resource in [*kept, *sent]}.values())


def _identity(resource: Resource) -> tuple[Any, ...]:
    """A concept map may have no address: then it is the same only if it says the same."""
    address = resource.get("url") or json.dumps(resource, sort_keys=True)
    return resource["resourceType"], address, resource.get("version")
