"""The Ed25519 key that bundles are signed with: from the environment, or made once and kept.

In: `settings.SIGNING_KEY` (base64 of 32 bytes), or `signing-key` in the folder `settings.VAR_DIR`. Out: the key.
"""

import base64
import contextlib
import hashlib
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def signing_key() -> Ed25519PrivateKey:
    """The key of this deployment. Raises ImproperlyConfigured if what is set is no key."""
    given = getattr(settings, "SIGNING_KEY", "")
    return _read(given or _kept(Path(settings.VAR_DIR) / "signing-key"))


@cache
def _read(text: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text, validate=True))
    except ValueError:
        raise ImproperlyConfigured("SIGNING_KEY must be the base64 of 32 random bytes.")


def _kept(path: Path) -> str:
    """The key in a file, made if there is none. Of two processes that make one at once, the first one's stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def public_bytes(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """A short name: the beginning of the SHA-256 of the public key."""
    return hashlib.sha256(public_bytes(key)).hexdigest()[:16]


def to_entry(key: Ed25519PublicKey) -> dict[str, Any]:
    """A public key as this API shows it."""
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "id": key_id(key),
        "algorithm": "Ed25519",
        "public_key": base64.b64encode(public_bytes(key)).decode(),
        "pem": pem.decode(),
    }
