"""What is going to be taken out of the API: one entry for each address, parameter or field.

In: nothing. Out: `DEPRECATIONS`, which answers, OpenAPI and the pages at `/deprecations/` read. To deprecate something,
add an entry here; nothing else has to change.
"""

import datetime
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import get_resolver
from django.utils import timezone


@dataclass(frozen=True)
class Deprecation:
    """One announcement. It speaks of a whole address, or of one query parameter, or of one field of its answers.

    `address` is the name of a URL pattern, `field` is `Schema.field` as OpenAPI names them, `successor` the address of
    what to use instead. A field is no longer in the answers after its sunset; an address or parameter is refused.
    """

    slug: str
    title: str
    advice: str
    address: str
    deprecated_at: datetime.datetime
    sunset_at: datetime.datetime
    successor: str
    parameter: str = ""
    field: str = ""

    @property
    def page(self) -> str:
        return f"/deprecations/{self.slug}/"

    @property
    def path(self) -> str:
        """Its address as OpenAPI writes it, with the names of what varies in braces."""
        [[(pattern, names)], *_] = get_resolver().reverse_dict.getlist(self.address)[0]
        return "/" + pattern % {name: f"{{{name}}}" for name in names}

    @property
    def has_sunset(self) -> bool:
        return self.sunset_at <= timezone.now()

    def concerns(self, request: HttpRequest) -> bool:
        """Whether a request to its address is about it."""
        return not self.parameter or self.parameter in request.GET


def day(year: int, month: int, number: int) -> datetime.datetime:
    return datetime.datetime(year, month, number, tzinfo=datetime.UTC)


# Nothing real is deprecated yet. These stand in the sandbox, so that it can be seen what it looks like.
DEPRECATIONS = (
    Deprecation(
        "sandbox-address",
        "The address /sandbox/deprecated/",
        "This is only an example. Nothing real is being removed. The same content is at `/sandbox/ordinary/`.",
        "sandbox-deprecated",
        deprecated_at=day(2026, 11, 1),
        sunset_at=day(2099, 1, 1),
        successor="/sandbox/ordinary/",
    ),
    Deprecation(
        "sandbox-parameter",
        "The parameter “form” of /sandbox/deprecated-parameter/",
        "This is only an example. Leave the parameter out: the response is the same.",
        "sandbox-deprecated-parameter",
        deprecated_at=day(2026, 11, 1),
        sunset_at=day(2099, 1, 1),
        successor="/sandbox/deprecated-parameter/",
        parameter="form",
    ),
    Deprecation(
        "sandbox-field",
        "The field “old_name” of /sandbox/deprecated-field/",
        "This is only an example. Use `name`, which contains the same text.",
        "sandbox-deprecated-field",
        deprecated_at=day(2026, 11, 1),
        sunset_at=day(2099, 1, 1),
        successor="/sandbox/ordinary/",
        field="SandboxDeprecatedField.old_name",
    ),
    Deprecation(
        "sandbox-sunset",
        "The address /sandbox/sunset/",
        "This is an example of something that has been removed. The same content is at `/sandbox/ordinary/`.",
        "sandbox-sunset",
        deprecated_at=day(2025, 11, 1),
        sunset_at=day(2026, 11, 1),
        successor="/sandbox/ordinary/",
    ),
)


def of_address(name: str | None) -> list[Deprecation]:
    """What is announced of the address that a URL pattern of this name stands for."""
    return [entry for entry in DEPRECATIONS if entry.address == name]
