"""The Ed25519 key that bundles are signed with: from the environment, or made once and kept. And those before it.

In: `settings.SIGNING_KEY` (base64 of 32 bytes), or `signing-key` in the folder `settings.VAR_DIR`. Out: signatures, and
the public keys by which they are checked.

To change the key, set another `SIGNING_KEY` (or remove the file `signing-key`) and restart. The public keys that have
signed here are noted in `VAR_DIR`, so bundles that were signed before can be checked as before. Where `VAR_DIR` does
not last, or another server signed, give the earlier public keys in `settings.SIGNING_KEYS_RETIRED`.
"""

import base64
import contextlib
import hashlib
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from content_app.canonical import compact_json


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


def sign(data: bytes) -> bytes:
    """The signature of this deployment's key, which is noted down as one that signed today."""
    key = signing_key()
    today = timezone.now().date().isoformat()
    note = _notes() / f"{key_id(key.public_key())}.json"
    first = json.loads(note.read_bytes())["first_signed_on"] if note.exists() else today
    note.parent.mkdir(parents=True, exist_ok=True)
    draft = note.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
    told = {"public_key": _text(key.public_key()), "first_signed_on": first, "last_signed_on": today}
    draft.write_bytes(compact_json(told))
    draft.replace(note)
    return key.sign(data)


def published_keys() -> list[dict[str, Any]]:
    """Every public key whose signatures are to be trusted, as this API shows them: the current one, then those before.

    Raises ImproperlyConfigured if what is set is no key.
    """
    noted = [json.loads(path.read_bytes()) for path in _notes().glob("*.json")]
    noted.sort(key=lambda note: (note["last_signed_on"], note["public_key"]), reverse=True)
    elsewhere = [{"public_key": text.strip()} for text in settings.SIGNING_KEYS_RETIRED]
    current = _text(signing_key().public_key())
    by_key: dict[str, dict[str, str]] = {current: {"public_key": current}}
    for note in [*elsewhere, *noted]:
        by_key[note["public_key"]] = note
    return [to_entry(note, is_current=text == current) for text, note in by_key.items()]


def to_entry(note: dict[str, str], *, is_current: bool) -> dict[str, Any]:
    """A public key as this API shows it. Raises ImproperlyConfigured if it is none."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(note["public_key"], validate=True))
    except ValueError:
        raise ImproperlyConfigured("SIGNING_KEYS_RETIRED must contain public keys: the base64 of 32 bytes each.")
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "id": key_id(key),
        "algorithm": "Ed25519",
        "public_key": note["public_key"],
        "pem": pem.decode(),
        "status": "current" if is_current else "retired",
        "first_signed_on": note.get("first_signed_on"),
        "last_signed_on": note.get("last_signed_on"),
    }


def _notes() -> Path:
    """The folder of notes on the keys that have signed here. It holds no secrets."""
    return Path(settings.VAR_DIR) / "signed-with"


def _text(key: Ed25519PublicKey) -> str:
    return base64.b64encode(public_bytes(key)).decode()
