"""How settings go together: what Django's checks say before every command, and what `manage.py doctor` repeats.

In: the settings, each of which is usable by itself (`setting_table`). Out: errors, which stop a command, and warnings.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import LazySettings, settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.http.request import validate_host


@dataclass(frozen=True)
class Combination:
    """Settings that do not go together, and what to do. `is_fatal`: nothing starts on them."""

    id: str
    clashes: Callable[[LazySettings], bool]
    sentence: str
    advice: str
    is_fatal: bool = False

    def message(self) -> CheckMessage:
        kind, letter = (Error, "E") if self.is_fatal else (Warning, "W")
        return kind(self.sentence, hint=self.advice, id=f"amps.{letter}{self.id}")


def is_for_other_scheme(chosen: LazySettings) -> bool:
    """PUBLIC_URL is http where HTTPS is on."""
    return chosen.HTTPS and chosen.PUBLIC_URL.startswith("http://")


def is_not_answered(chosen: LazySettings) -> bool:
    """PUBLIC_URL names a host that this server refuses."""
    name = urlsplit(chosen.PUBLIC_URL).hostname or ""
    return bool(name) and not validate_host(f"[{name}]" if ":" in name else name, chosen.ALLOWED_HOSTS)


def copies_the_host(chosen: LazySettings) -> bool:
    """Addresses are made from the Host header, and any host or port may be in it."""
    return chosen.HTTPS and not chosen.PUBLIC_URL


def counts_per_process(chosen: LazySettings) -> bool:
    """PostgreSQL is for several processes; limits are then counted in each of them."""
    return not chosen.IS_SQLITE and not chosen.CACHES["default"]["BACKEND"].endswith(".SteadyRedisCache")


COMBINATIONS = (
    Combination(
        "001", lambda chosen: chosen.HTTPS and chosen.DEBUG,
        "DEBUG and HTTPS are both on, and debug pages show settings and code to everybody.",
        "Remove DEBUG.", is_fatal=True,
    ),
    Combination(
        "002", is_for_other_scheme,
        "HTTPS is on, but PUBLIC_URL begins with http://, so every link would be refused.",
        "Begin PUBLIC_URL with https://.", is_fatal=True,
    ),
    Combination(
        "003", lambda chosen: chosen.HTTPS and not chosen.TRUSTED_PROXIES,
        "HTTPS is on and TRUSTED_PROXIES is 0. The proxy that terminates TLS in front of this server makes all clients "
        "count as one address: they share one rate limit, and one of them can lock out the others.",
        "Set TRUSTED_PROXIES to the number of proxies in front, which is usually 1.",
    ),
    Combination(
        "004", is_not_answered,
        "ALLOWED_HOSTS does not contain the host of PUBLIC_URL, so requests to the public address get a 400.",
        "Add the host of PUBLIC_URL to ALLOWED_HOSTS.",
    ),
    Combination(
        "005", copies_the_host,
        "HTTPS is on, but PUBLIC_URL is not set, so links are made from the host name that each client sends.",
        "Set PUBLIC_URL to the public address, such as https://amps.example.",
    ),
    Combination(
        "006", lambda chosen: chosen.PUBLIC_URL.startswith("https://") and not chosen.HTTPS,
        "PUBLIC_URL begins with https://, but HTTPS is off, so cookies are also sent over plain HTTP.",
        "Set HTTPS=1.",
    ),
    Combination(
        "007", counts_per_process,
        "The database is PostgreSQL and CACHE_URL is not set, so each process counts rate limits and failed sign-ins "
        "by itself: with two processes, twice as many are allowed.",
        "Set CACHE_URL to a Redis or Valkey that all processes share.",
    ),
    Combination(
        "008", lambda chosen: chosen.WEBHOOKS_ALLOW_INSECURE,
        "WEBHOOKS_ALLOW_INSECURE is on, so webhooks can use plain HTTP and private network addresses.",
        "Only use this setting for tests on your own machine.",
    ),
    Combination(
        "009", lambda chosen: chosen.IS_SQLITE and bool(chosen.REPLICAS),
        "DATABASE_REPLICA_URLS is set, but the database is SQLite, which has no replicas.",
        "Set DATABASE_URL to PostgreSQL, or remove DATABASE_REPLICA_URLS.", is_fatal=True,
    ),
)  # fmt: skip


def clashes(chosen: LazySettings) -> Iterator[Combination]:
    """The combinations that these settings have."""
    return (one for one in COMBINATIONS if one.clashes(chosen))


@register(Tags.security)
def settings_go_together(app_configs, **kwargs) -> list[CheckMessage]:
    """What Django prints before it runs a command."""
    return [one.message() for one in clashes(settings)]


def sentences(messages: list[CheckMessage]) -> list[str]:
    """Messages of Django's checks, each in one line."""
    return [re.sub(r"\s+", " ", f"{one.msg} {one.hint or ''}").strip() for one in messages]
