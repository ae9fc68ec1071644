"""What a value from the environment must look like, one small function for each kind.

In: the text as it was set. Out: the end of a sentence that begins with the setting and says what is wrong and what
would be right; an empty text if nothing is. No Django: the rules are applied before there are settings.
"""

import base64
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from psycopg.pq import Conninfo

from content_app.nearest import did_you_mean

Rule = Callable[[str], str]
TRUE, FALSE = ("1", "on", "true", "yes"), ("0", "off", "false", "no")
HOST_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
DATABASES = ("sqlite", "postgresql", "postgres", "pgsql")
CACHES = ("locmem", "redis", "rediss")
MAIL = ("console", "smtp", "smtps", "smtp+tls", "smtp+ssl", "submission", "submit", "dummy", "memory", "file")


def anything(text: str) -> str:
    """No rule: every text will do."""
    return ""


def flag(text: str) -> str:
    """On or off."""
    good = text.lower() in (*TRUE, *FALSE, "t", "y", "f", "n")  # the words that environs reads
    return "" if good else "is neither on nor off. Write 1 or 0."


def number(least: int, most: int, what: str = "a valid number") -> Rule:
    """A whole number in a range."""

    def rule(text: str) -> str:
        good = re.fullmatch(r"[0-9]{1,12}", text) and least <= int(text) <= most
        return "" if good else f"is not {what}. Choose one from {least} to {most}."

    return rule


def listed(entry: Rule) -> Rule:
    """Several values, separated by commas without spaces, each of which follows a rule."""

    def rule(text: str) -> str:
        entries = text.split(",")
        if any(one != one.strip() for one in entries):
            return f"has a space beside a comma. Write {','.join(one.strip() for one in entries)}"
        if "" in entries:
            return "has an empty entry. Separate the values with single commas."
        return next((f"has the entry “{one}”, which {said}" for one in entries if (said := entry(one))), "")

    return rule


def one_of(known: Iterable[str]) -> Rule:
    """A word that is known."""

    def rule(text: str) -> str:
        if text in known:
            return ""
        return f"is not known{did_you_mean(text, known, '.')} Choose from: {', '.join(known)}."

    return rule


def layers(known: Iterable[str], required: str) -> Rule:
    """Layers that exist, with the one that every other is added to."""
    names = [*known]
    each = listed(one_of(names))

    def rule(text: str) -> str:
        good = not each(text) and required in text.split(",")
        return "" if good else f"cannot be loaded. Choose from: {required}; {','.join(names)}."

    return rule


def host(text: str) -> str:
    """A name or an address to listen on, without scheme or port."""
    good = HOST_NAME.fullmatch(text) or re.fullmatch(r"[0-9A-Fa-f:.]+", text)
    return "" if good else "is not a host. Write only a name or an address, such as 127.0.0.1. The port goes in PORT."


def allowed_host(text: str) -> str:
    """A name by which clients call this server; a leading dot means every name below it."""
    good = text == "*" or HOST_NAME.fullmatch(text.removeprefix("."))
    return "" if good else "is not a host name. Leave out the scheme, port and path: amps.example"


def public_url(text: str) -> str:
    """Scheme and host, and nothing after them: every address of the product is added to it."""
    try:
        parts = urlsplit(text)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return "is not an address. Write it as https://amps.example"
    if parts.scheme not in ("http", "https"):
        return "has no scheme. Write it as https://amps.example"
    if not port_is_good or parts.username is not None or not HOST_NAME.fullmatch(_host_of(parts.netloc)):
        return "does not name a host. Write it as https://amps.example"
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return f"has something after the host. Write {parts.scheme}://{parts.netloc}: the API is at the root of a host."
    return ""


def canonical_base(text: str) -> str:
    """An address that resources are named below, for good: https, and nothing that a name does not need."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "is not an address. Write it as https://amps.example/fhir"
    if parts.scheme != "https" or not HOST_NAME.fullmatch(_host_of(parts.netloc)) or parts.query or parts.fragment:
        return "cannot name resources. Write it as https://amps.example/fhir"
    return ""


def contact(text: str) -> str:
    """An address that `security.txt` may name (RFC 9116, section 2.5.3)."""
    is_one = re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://[^\s/]+\S*|tel:\+?[0-9-]+)", text)
    return (
        ""
        if is_one
        else "is not a contact address. Write it as mailto:security@amps.example or https://amps.example/security"
    )


def _host_of(netloc: str) -> str:
    return re.sub(r":[0-9]+$", "", netloc)


def database(text: str) -> str:
    """The address of a database of a kind that is supported, with its name and options that it has."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return "cannot be read. Special characters of a password must be percent-encoded, such as %23 for #."
    if parts.scheme not in DATABASES:
        return "is not a supported database. Begin it with sqlite:/// or postgresql://"
    if parts.scheme == "sqlite" and (parts.netloc or parts.path in ("", "/", "/:memory:")):
        return "does not name a file. Write sqlite:///relative/path or sqlite:////absolute/path"
    if parts.scheme != "sqlite" and parts.path in ("", "/"):
        return "does not name a database. Write postgresql://user:password@host:5432/name"
    if parts.scheme == "sqlite":
        return "has options after “?”, which SQLite does not accept. Remove them." if parts.query else ""
    return _connection_options(parts.query)


def on_a_server(text: str) -> str:
    """The address of a PostgreSQL database."""
    return (
        "is a file. Write postgresql://user:password@host:5432/name" if text.startswith("sqlite:") else database(text)
    )


def replicas(text: str) -> str:
    """Addresses of PostgreSQL servers that follow the primary. Each has a password, so none is repeated."""
    for place, one in enumerate(text.split(","), 1):
        said = on_a_server(one)
        if "://" not in one:
            said = "does not begin with postgresql://. Write a comma inside of an address as %2C."
        if said:
            return f"has an address, number {place}, which {said}"
    return ""


def _connection_options(query: str) -> str:
    """How a connection to PostgreSQL is made and kept: three options of Django's, and all of PostgreSQL's own."""
    options = dict(parse_qsl(query, keep_blank_values=True))
    known = [*CONNECTION_OPTIONS, "currentSchema", *(one.keyword.decode() for one in Conninfo.get_defaults())]
    for name, value in options.items():
        if name not in known:
            return f"has the option {name}, which PostgreSQL does not know{did_you_mean(name, known, '.')}"
        if said := CONNECTION_OPTIONS.get(name, anything)(value):
            return f"has the option {name}={value}, which {said}"
    if "pool" in options and options.get("conn_max_age", "0") != "0":
        return "has both pool and conn_max_age. A pool keeps its connections: remove conn_max_age."
    return ""


CONNECTION_OPTIONS: dict[str, Rule] = {
    "pool": number(1, 200, "a number of connections for each process"),
    "conn_max_age": number(0, 86_400, "a number of seconds for which a connection is kept"),
    "disable_server_side_cursors": flag,
}


def address_with(schemes: Iterable[str], example: str) -> Rule:
    """An address whose scheme is one of these."""

    def rule(text: str) -> str:
        scheme, colon, _ = text.partition(":")
        good = colon and scheme in schemes and " " not in text
        return "" if good else f"is not a supported address. Write it as {example}"

    return rule


def key_of_32_bytes(text: str) -> str:
    """The base64 of 32 bytes (RFC 8032, section 5.1.5: keys of Ed25519)."""
    try:
        found = len(base64.b64decode(text, validate=True))
    except ValueError:
        return f"is not base64. {MAKE_KEY}"
    return "" if found == 32 else f"has {found} bytes instead of 32. {MAKE_KEY}"


MAKE_KEY = "It must be the base64 of 32 random bytes: make one with `openssl rand -base64 32`."


def secret(text: str) -> str:
    """Long enough that nobody guesses it."""
    advice = "Use at least 32 random ones: make them with `openssl rand -base64 48`."
    return "" if len(text) >= 32 else f"has {len(text)} characters. {advice}"


def token(text: str) -> str:
    """What can be sent as a Bearer token (RFC 6750, section 2.1), and is long enough that nobody guesses it."""
    if re.fullmatch(r"[A-Za-z0-9._~+/-]{16,}=*", text):
        return ""
    return "cannot be used as a token. Make one of at least 16 letters and digits: `openssl rand -hex 24`."


def mail_address(text: str) -> str:
    """What stands in From: an address, perhaps with a name before it."""
    good = re.fullmatch(r"[^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+", text)
    return "" if good else "is not an email address. Write it as amps@clinic.example"


def writable_folder(text: str) -> str:
    """A folder that this process can write to, or can make."""
    place = Path(text)
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        return f"cannot be used: {place} is not a folder. Choose another folder."
    if not os.access(place, os.W_OK | os.X_OK):
        return f"cannot be used: this user cannot write to {place}. Change its owner or choose another folder."
    return ""
