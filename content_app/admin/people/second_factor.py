"""The second factor: who needs one before the desk opens, and how its secrets are kept.

In: every request. Out: requests for the desk by people who publish or administer reach it only in a session that has
shown a second factor, whatever page they are for; SECOND_FACTOR_REQUIRED switches that on.
"""

import base64
import hashlib
from functools import lru_cache

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from content_app.editorial.roles import WITH_SECOND_FACTOR

# Seconds for which a code is valid: its own period, and those before and after it (RFC 6238, section 5.2).
CODE_LIVES = 30 * (1 + 2 * settings.MFA_TOTP_TOLERANCE)
SHOWN_BY = "second_factor_shown_by"  # in the session: the key of the person who has shown one
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ALWAYS_OPEN = ("login", "logout", "jsi18n")
SET_UP = "Your role needs a second factor. Set up an authenticator app or a passkey to continue to the desk."
FOREIGN = (
    "This second factor no longer works, because the server's secret key has changed. Ask a user "
    "administrator to remove it."
)
SHOW = "Your role needs a second factor. Confirm yours to continue to the desk."


class CodeForm(AuthenticateForm):
    """Asks for a code at sign-in, and says what does for whoever has not got their telephone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[
            "code"
        ].help_text = (
            "The code from your authenticator app, or one of your recovery codes. Each recovery code works once."
        )

    def clean_code(self):
        """The code, which opens one session: allauth forgets it sooner than it stops being valid."""
        code = super().clean_code()
        digest = hashlib.sha256(f"{self.user.pk} {normalize_user_code(code)}".encode()).hexdigest()
        if not cache.add(f"second-factor:{digest}", 1, CODE_LIVES):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorMiddleware:
    """Keeps the desk shut for people who need a second factor, until their session has shown one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not settings.SECOND_FACTOR_REQUIRED or not _is_of_the_desk(request) or not is_missing(request):
            return None
        has_one = has_second_factor(request.user)
        sentence = SHOW if has_one else SET_UP
        if request.method not in ("GET", "HEAD"):
            return render(request, "content_app/forbidden.html", {"reason": sentence}, status=403)
        messages.warning(request, sentence)
        return HttpResponseRedirect(reverse("mfa_reauthenticate" if has_one else "mfa_index", query=_back(request)))


def _is_of_the_desk(request: HttpRequest) -> bool:
    """Everything below the desk's address, also what other modules serve there, such as previews."""
    return request.path_info.startswith(reverse("admin:index")) and request.resolver_match.url_name not in ALWAYS_OPEN


def _back(request: HttpRequest) -> dict[str, str]:
    return {"next": request.get_full_path()}


def is_missing(request: HttpRequest) -> bool:
    """Whether this person needs a second factor and this session has not shown one that they still have."""
    if not request.user.is_authenticated or not is_needed_by(request.user):
        return False
    return request.session.get(SHOWN_BY) != request.user.pk or not has_second_factor(request.user)


def is_needed_by(person) -> bool:
    """Whether what this person may do calls for a second factor."""
    return person.is_superuser or person.groups.filter(name__in=WITH_SECOND_FACTOR).exists()


def has_second_factor(person) -> bool:
    return Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists()


@receiver(authenticator_added, dispatch_uid="second factor set up")
@receiver(authenticator_used, dispatch_uid="second factor shown")
def remember(sender, request: HttpRequest, user, authenticator, **kwargs) -> None:
    """The session has shown a second factor: one that was just set up, or any that was asked for."""
    request.session[SHOWN_BY] = user.pk


@lru_cache(maxsize=4)
def _cipher(*keys: str) -> MultiFernet:
    derived = (hashlib.scrypt(key.encode(), salt=b"second factor", n=2**12, r=8, p=1, dklen=32) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class Adapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie encrypted in the database, by SECRET_KEY."""

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        cipher = _cipher(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        try:
            return cipher.decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValidationError(FOREIGN)
