"""Who asks: the API key of a request, checked. Reading needs none; one that does not work is refused, not ignored.

In: a request. Out: the key's number, or None. Raises `KeyRefused` with a sentence for the one who holds the key.
Each check asks the database (one row, by a unique index): so a revoked key stops working everywhere at once, with no
copy of it in any cache. The key itself is never logged, shown or kept.
"""

import logging
import re

from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.utils import timezone

from content_app.models.clients import KEY_HEADER, ApiKey

CHALLENGE = f'Api-Key realm="AMPS API", header="{KEY_HEADER}"'
FORM = re.compile(r"[A-Za-z0-9]{8}\.[A-Za-z0-9]{32}")
FIND = """
    SELECT k.id, k.hashed_key, k.revoked, k.expiry_date IS NOT NULL AND k.expiry_date <= %s, c.is_active,
        k.last_used_on IS NOT NULL AND k.last_used_on >= %s
    FROM content_app_apikey k JOIN content_app_apiclient c ON c.id = k.client_id WHERE k.prefix = %s
"""
NOTE_USE = "UPDATE content_app_apikey SET last_used_on = %s WHERE id = %s"
UNKNOWN = (
    "This API key is not known. Send the whole key as it was shown to you, or leave it out: you can read without a key."
)
logger = logging.getLogger(__name__)


class KeyRefused(Exception):
    """Raised when a request brings a key that does not work."""


def key_of(request: HttpRequest) -> int | None:
    """The number of the key that the request brings; None if it brings none. Raises `KeyRefused`.

    Programs that can only send a bearer token (RFC 6750) may send the key as one. Tokens of any other form, such as the
    JWT of CDS Hooks and the tokens of EHRs, are for others and are not looked at.
    """
    given = request.META.get("HTTP_X_API_KEY")
    if given is None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() == "api-key":
            raise KeyRefused(
                f"Send the API key in the {KEY_HEADER} header, or in Authorization as “Bearer” and the key."
            )
        return _checked(token) if scheme.lower() == "bearer" and FORM.fullmatch(token := token.strip()) else None
    if not FORM.fullmatch(given):
        raise KeyRefused(UNKNOWN)
    return _checked(given)


def _checked(given: str) -> int:
    now = timezone.now()
    today = connection.ops.adapt_datefield_value(now.date())
    with connection.cursor() as cursor:
        cursor.execute(FIND, (connection.ops.adapt_datetimefield_value(now), today, given.partition(".")[0]))
        row = cursor.fetchone()
    # What became of a key is told only to who holds the whole of it.
    if row is None or not ApiKey.objects.key_generator.verify(given, row[1]):
        raise KeyRefused(UNKNOWN)
    number, _, is_revoked, has_expired, is_active, is_noted = row
    if is_revoked:
        raise KeyRefused(
            "This API key has been revoked. Ask for a new one, or leave it out: you can read without a key."
        )
    if has_expired:
        raise KeyRefused("This API key has expired. Ask for a new one, or leave it out: you can read without a key.")
    if not is_active:
        raise KeyRefused("The client of this API key has been switched off. You can read without a key.")
    if not is_noted:
        _note_use(number, today)
    return number


def _note_use(number: int, today: str) -> None:
    """Write down that the key is in use: once a day, and only if nobody else is writing. No read waits for this."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor != "sqlite":
                return cursor.execute(NOTE_USE, (today, number))
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute("PRAGMA busy_timeout = 0")
            try:
                cursor.execute(NOTE_USE, (today, number))
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {patience}")
    except DatabaseError as fault:
        logger.info("The use of an API key could not be noted: %s", fault)
