"""How often a password may be tried, so that nobody guesses one and nobody locks out somebody else.

In: attempts to sign in. Out: a refusal after too many from one client for one name. Whoever signed in before has a
signed cookie by which their device is known for that name (OWASP, "Device cookies"): it has a count of its own. Devices
that are not known share a larger count for each name, so that many addresses together cannot guess either; when that is
used up, known devices still get in.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "__Secure-device" if settings.HTTPS else "device"
SALT = "a device that has signed in"
KNOWN_FOR = 180 * 86_400  # seconds
STRANGERS = {"sign_in_of_strangers": "100/h/key"}


def is_known(request: HttpRequest, name: str) -> bool:
    """Whether this person has signed in on this device."""
    return bool(name) and request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=KNOWN_FOR) == name


class SignInAdapter(DefaultAccountAdapter):
    """Counts attempts by client and name."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        name = _name(credentials)
        client = "known" if is_known(request, name) else self.get_client_ip(request)
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{client}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        name = _name(credentials)
        if not is_known(request, name) and not ratelimit.consume(
            request, app="account", action="sign_in_of_strangers", config=STRANGERS, key=name
        ):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        response.set_signed_cookie(
            COOKIE, user.get_username().lower(), salt=SALT, max_age=KNOWN_FOR, path="/account/", secure=settings.HTTPS,
            httponly=True, samesite="Lax",
        )  # fmt: skip
        return response


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username", "")).lower()
