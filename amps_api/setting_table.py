"""Every setting that a deployment can make: its name, default, meaning and rule. `docs/settings.md` shows this table.

In: the environment. Out: sentences on what cannot be used. `amps_api.settings` applies the rules before anything else
does, so no process starts on a value that would fail later; `amps_api.checks` looks at how settings go together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from amps_api import setting_rules as rules
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.terms import LAYERS

GATED = [system.key for system in CODE_SYSTEMS.values() if system.is_gated]


@dataclass(frozen=True)
class Setting:
    """An environment variable. The value of a secret one is never repeated in a message."""

    name: str
    default: str
    meaning: str
    rule: rules.Rule
    is_secret: bool = False
    blank_is_default: bool = True

    def fault(self, text: str) -> str:
        """A sentence on why this value cannot be used; empty if it can."""
        if not text:
            return "" if self.blank_is_default else f"{self.name} is empty. Remove it or give it a value."
        said = self.rule(text)
        subject = self.name if self.is_secret else f"{self.name}={text}"
        return f"{subject} {said}" if said else ""


def _number(name: str, default: int, meaning: str, least: int, most: int, what: str = "a valid number") -> Setting:
    return Setting(name, str(default), meaning, rules.number(least, most, what), blank_is_default=False)


def _flag(name: str, default: str, meaning: str) -> Setting:
    return Setting(name, default, meaning, rules.flag, blank_is_default=False)


SETTINGS = (
    Setting("DATABASE_URL", "sqlite:///var/amps.sqlite3", "the database: SQLite or PostgreSQL", rules.database,
            is_secret=True, blank_is_default=False),
    Setting("DATABASE_REPLICA_URLS", "none", "PostgreSQL replicas of DATABASE_URL, for readers",
            rules.replicas, is_secret=True),
    Setting("CACHE_URL", "a file in VAR_DIR", "a cache that several machines share: redis://…",
            rules.address_with(rules.CACHES, "redis://host:6379/0"), is_secret=True, blank_is_default=False),
    Setting("SECRET_KEY", "generated, saved in VAR_DIR", "signs sessions and encrypts second factors",
            rules.secret, is_secret=True),
    Setting("SECRET_KEY_FALLBACKS", "none", "previous secret keys that are still accepted",
            rules.listed(rules.anything), is_secret=True),
    Setting("HOST", "127.0.0.1", "where `manage.py serve` listens; 0.0.0.0: all addresses", rules.host),
    _number("PORT", 8000, "the port that `manage.py serve` listens on", 1, 65535, "a valid port"),
    _number("SHUTDOWN_DELAY", 2, "seconds between SIGTERM and the end, during which `/readyz` answers 503", 0, 300),
    Setting("ALLOWED_HOSTS", "localhost and HOST", "host names that this server answers to",
            rules.listed(rules.allowed_host)),
    Setting("PUBLIC_URL", "taken from the request", "the start of absolute addresses: https://amps.example",
            rules.public_url),
    Setting("SECURITY_CONTACT", "none: no security.txt",
            "where to report a vulnerability: mailto:security@amps.example", rules.contact),
    Setting("CANONICAL_BASE", "none: UUIDs", "the start of FHIR's canonical addresses, chosen before the first release",
            rules.canonical_base),
    _flag("HTTPS", "off", "secure cookies, HSTS, and no plain HTTP"),
    _flag("SECOND_FACTOR_REQUIRED", "same as HTTPS", "publishers and administrators need a second factor"),
    Setting("LICENSED_CODE_SYSTEMS", "none", f"code systems you have a licence for: {', '.join(GATED)}",
            rules.listed(rules.one_of(GATED))),
    Setting("LAYERS", ",".join(LAYERS), "which layers of the first content to load",
            rules.layers(LAYERS, "source_text"), blank_is_default=False),
    _number("LIMIT_ANONYMOUS", 600, "requests per minute per IP address without a key; 0: no limit", 0, 1_000_000),
    _number("LIMIT_KEYED", 6000, "requests per minute per API key; 0: no limit", 0, 1_000_000),
    _number("PROCESSES", 2, "processes per server that answer requests", 1, 64),
    _number("THREADS", 4, "threads per process that answer readers", 1, 64),
    _flag("READ_PLANE", "on", "answers repeated reads before Django; off: Django answers"),
    _number("TRUSTED_PROXIES", 0, "the number of proxies in front that set X-Forwarded-For", 0, 10),
    Setting("SIGNING_KEY", "generated, saved in VAR_DIR", "signs exports: 32 random bytes in base64",
            rules.key_of_32_bytes, is_secret=True),
    Setting("SIGNING_KEYS_RETIRED", "none", "previous public keys: base64, separated by commas",
            rules.listed(rules.key_of_32_bytes)),
    Setting("EMAIL_URL", "printed, not sent",
            "the mail server, for daily emails to editors: smtp://user:password@host:587",
            rules.address_with(rules.MAIL, "smtp://user:password@host:587"), is_secret=True, blank_is_default=False),
    Setting("EMAIL_FROM", "amps-api@localhost", "the sender of emails", rules.mail_address, blank_is_default=False),
    _number("WEBHOOKS_LOG_DAYS", 30, "days to keep the webhook delivery log; at least 10", 10, 3650),
    _flag("WEBHOOKS_ALLOW_INSECURE", "off", "webhooks to HTTP and private addresses; for tests only"),
    Setting("METRICS_TOKEN", "none: no `/metrics`", "the Bearer token that `/metrics` requires", rules.token,
            is_secret=True),
    Setting("LOG_FORMAT", "text", "text: lines for people; json: an object per line, for a log collector",
            rules.one_of(("text", "json")), blank_is_default=False),
    _flag("ACCESS_LOG", "off", "one line for each request, without its query; a proxy usually writes one already"),
    Setting("VAR_DIR", "var", "the folder for the database, keys, exports, static files",
            rules.writable_folder, blank_is_default=False),
    _flag("DEBUG", "off", "Django's debug pages; never in production"),
)  # fmt: skip


def faults(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each setting whose value cannot be used."""
    for setting in SETTINGS:
        if setting.name in environment and (said := setting.fault(environment[setting.name])):
            yield said


def as_markdown() -> str:
    """The table for the documentation."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    lines += [f"| `{setting.name}` | {setting.default} | {setting.meaning} |" for setting in SETTINGS]
    return "\n".join(lines) + "\n"
