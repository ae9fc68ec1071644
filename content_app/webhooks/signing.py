"""Signatures of Standard Webhooks 1.0.0: HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`.

In: what is sent, and the secrets that sign it. Out: the headers. Pure.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from content_app.webhooks.sealing import key_of


def headers(message_id: str, timestamp: int, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The three headers of one attempt. `timestamp` is in seconds since 1970; one signature for each secret."""
    signatures = " ".join(signature(message_id, timestamp, body, secret) for secret in secrets)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": signatures}


def signature(message_id: str, timestamp: int, body: bytes, secret: str) -> str:
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()
