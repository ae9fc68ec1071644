"""Secrets of endpoints: made at random, shown once, kept encrypted.

In: a secret as its holder knows it, `whsec_…`. Out: a text that only this installation can read again. The key comes
from SECRET_KEY by HKDF (RFC 5869); those in SECRET_KEY_FALLBACKS still open what they sealed.
"""

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX = "whsec_"
LENGTH = 32  # bytes; the specification allows 24 to 64


class Unreadable(Exception):
    """A stored secret was sealed under a SECRET_KEY that is gone."""


def new_secret() -> str:
    """A fresh secret in the form that receivers' libraries take."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def key_of(secret: str) -> bytes:
    """The bytes that sign."""
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def seal(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable("The secret cannot be read, because SECRET_KEY has changed. Rotate the secret.")


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(secret_key: str) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"amps-api webhook secrets")
    return base64.urlsafe_b64encode(derivation.derive(secret_key.encode()))
