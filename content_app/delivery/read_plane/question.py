"""What a request asks for: everything in it that an answer may depend on, as one key.

In: a WSGI environment. Out: a `Question`; None for a request that only Django may answer.
"""

from typing import Any, NamedTuple

from django.conf import settings

from content_app.delivery.http.negotiation import takes_gzip

Environ = dict[str, Any]
# Whoever sends one of these asks for something that is not the same for everybody, or for a part of an answer.
DJANGO_S_ALONE = frozenset(
    (
        "HTTP_X_API_KEY",
        "HTTP_AUTHORIZATION",
        "HTTP_RANGE",
        "HTTP_IF_RANGE",
        "HTTP_IF_MATCH",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_TRANSFER_ENCODING",
        "CONTENT_LENGTH",
    )
)
LONGEST = 2_000  # characters of a question; browsers and programs send a few hundred


class Question(NamedTuple):
    """What answers depend on. Headers stand as they were sent, but those of which only a part is read.

    Django reads `CONTENT_TYPE` even of a request without a body: its character set is that of the query.
    """

    path: str
    query: str
    accept: str
    takes_gzip: bool
    if_none_match: str
    if_modified_since: str
    has_origin: bool
    host: str
    scheme: str
    forwarded_scheme: str
    content_type: str

    @property
    def is_conditional(self) -> bool:
        return bool(self.if_none_match or self.if_modified_since)


class Reader:
    """Reads questions, as the settings have them."""

    def __init__(self) -> None:
        self.cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
        # Which header says how the client reached a proxy; without that setting, none is believed.
        self.forwarded = (settings.SECURE_PROXY_SSL_HEADER or ("",))[0]

    def read(self, environ: Environ) -> Question | None:
        """The question of a request; None if Django has to be asked."""
        get = environ.get
        if (
            (environ["REQUEST_METHOD"] != "GET" and environ["REQUEST_METHOD"] != "HEAD")
            or not environ.keys().isdisjoint(DJANGO_S_ALONE)
            or get("SCRIPT_NAME")
        ):
            return None
        cookie, origin = get("HTTP_COOKIE"), get("HTTP_ORIGIN", "")
        if cookie and any(name in cookie for name in self.cookies):
            return None
        if origin and ("[" in origin or not origin.isascii()):  # it may be no address, which is not answered as one
            return None
        question = Question(
            environ["PATH_INFO"],
            get("QUERY_STRING", ""),
            get("HTTP_ACCEPT", ""),
            takes_gzip(get("HTTP_ACCEPT_ENCODING")),
            get("HTTP_IF_NONE_MATCH", ""),
            get("HTTP_IF_MODIFIED_SINCE", ""),
            bool(origin),
            get("HTTP_HOST", ""),
            get("wsgi.url_scheme", ""),
            get(self.forwarded, ""),
            get("CONTENT_TYPE", ""),
        )
        return question if question.host else None
