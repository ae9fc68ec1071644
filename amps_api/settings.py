"""All settings. A deployment is configured with environment variables; each has a default that works.

`amps_api.setting_table` lists them with what they mean and what they may be, and `docs/settings.md` shows that table.
"""

import contextlib
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from environs import Env, EnvError

from amps_api import databases, logs, setting_table
from content_app import VERSION
from content_app.delivery.rest.export.verify_script import RECIPE
from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.terms import choices

BASE_DIR = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (BASE_DIR / "manage.py").exists()  # else installed as a package
FIRST_CONTENT = (BASE_DIR if IS_CHECKOUT else BASE_DIR / "amps_api") / "fixtures"
env = Env()
if unusable := [*setting_table.faults(os.environ)]:
    # Not left to Django's checks: a server that runs none of them must not start on such a value either.
    raise EnvError("\n".join(unusable))
VAR_DIR = (BASE_DIR if IS_CHECKOUT else Path.cwd()) / env.str("VAR_DIR", "var")


def kept_secret_key() -> str:
    """A secret key that is generated once and kept beside the database, so that sessions survive a restart."""
    path = VAR_DIR / "secret-key"
    try:
        if not path.exists():
            VAR_DIR.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(get_random_secret_key())
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)  # if two processes start at once, the first complete key stays
            draft.unlink()
        return path.read_text()
    except OSError as error:
        raise EnvError(f"The secret key in VAR_DIR={VAR_DIR} cannot be read or written: {error.strerror}.")


def names_at(host: str) -> list[str]:
    """The host names and addresses at which clients reach this machine when it listens on this address."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 — asked for, not bound
        return [f"[{host}]" if ":" in host else host] if host else []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only finds out the sender's address
        except OSError:
            return [socket.gethostname()]
        return [socket.gethostname(), probe.getsockname()[0]]


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or kept_secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
HOST = env.str("HOST", "") or "127.0.0.1"
PORT = env.int("PORT", 8000)
SHUTDOWN_DELAY = env.int("SHUTDOWN_DELAY", 2)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", []) or ["localhost", "127.0.0.1", "[::1]", *names_at(HOST)]
PUBLIC_URL = env.str("PUBLIC_URL", "").rstrip("/")
CANONICAL_BASE = env.str("CANONICAL_BASE", "").rstrip("/")  # read by `vocabulary.addresses`, which knows no Django
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")
HTTPS = env.bool("HTTPS", False)
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", HTTPS)
READ_PLANE = env.bool("READ_PLANE", True)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
SIGNING_KEY = env.str("SIGNING_KEY", "")
SIGNING_KEYS_RETIRED = env.list("SIGNING_KEYS_RETIRED", [])
LICENSED_CODE_SYSTEMS = env.list("LICENSED_CODE_SYSTEMS", [])
# Which layers an empty library is filled with: the lay source alone, or with what the literature says.
LAYERS = env.list("LAYERS", [*terms.LAYERS])

INSTALLED_APPS = [
    "content_app",
    "amps_api.apps.DeskConfig",  # Django's admin, with the site of `content_app.admin.site`
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # dates on allauth's pages
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "rest_framework_api_key",
    "django_filters",
    "corsheaders",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

DESK_ADDRESSES = ("/admin/", "/account/", "/preview/")  # only here are there sessions and people
MIDDLEWARE = [
    "content_app.operation.request_ids.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "content_app.delivery.gate.content_security.OnePolicyMiddleware",
    "content_app.operation.probes.ProbeMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "content_app.delivery.gate.https_only.HttpsOnlyMiddleware",
    "content_app.delivery.gate.limits.LimitsMiddleware",
    "content_app.delivery.gate.received.ReceivedMiddleware",
    "content_app.delivery.gate.deprecations.DeprecationMiddleware",
    "content_app.delivery.store.replicas.OneDatabase",
    "content_app.delivery.http.problems.ProblemMiddleware",
    "content_app.admin.shared.desk_middleware.DeskSessions",
    "content_app.delivery.http.slashes.AddSlash",
    "django.middleware.csrf.CsrfViewMiddleware",
    "content_app.admin.shared.desk_middleware.DeskPeople",
    "content_app.admin.shared.desk_middleware.DeskMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "content_app.admin.people.second_factor.SecondFactorMiddleware",
    "content_app.operation.desk_busy.DeskBusy",
]

ROOT_URLCONF = "amps_api.urls"
WSGI_APPLICATION = "amps_api.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Databases: the primary, and replicas for readers (`amps_api.databases`)
DATABASES = databases.configured(
    env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'amps.sqlite3'}"), env.list("DATABASE_REPLICA_URLS", [])
)
DATABASE_ROUTERS = ["content_app.delivery.store.replicas.Router"]
REPLICAS = [alias for alias in DATABASES if alias != "default"]
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache counts sign-ins, remembers one-time codes and, if machines share it, counts requests. If it is unavailable,
# some requests take 0.1 seconds longer, and none fails.
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
if CACHES["default"]["BACKEND"].endswith(".RedisCache"):
    CACHES["default"]["BACKEND"] = "content_app.fallback_cache.SteadyRedisCache"
elif CACHES["default"]["BACKEND"].endswith(".LocMemCache"):
    CACHES["default"] = {
        "BACKEND": "content_app.machine_cache.MachineCache",
        "LOCATION": str(VAR_DIR / "cache.sqlite3"),
    }
PROCESSES = env.int("PROCESSES", 2)
THREADS = env.int("THREADS", 4)
LIMIT_ANONYMOUS = env.int("LIMIT_ANONYMOUS", 600)
LIMIT_KEYED = env.int("LIMIT_KEYED", 6000)

# People sign in with a user name and password; publishers and administrators also need a second factor. There is no
# sign-up, and no email is sent: an administrator adds people and gives each of them a link to set a password.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "content_app.admin.people.passwords.NotRepeated"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 43_200  # seconds: a working day; the session also ends with the browser
PASSWORD_RESET_TIMEOUT = 259_200  # seconds until a link to set a password expires
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# allauth's own generator needs email addresses, which accounts do not have here.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 — a path, no password
ACCOUNT_ADAPTER = "content_app.admin.people.sign_in.SignInAdapter"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}  # key: the name entered, and the client
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds until the pages about people ask for the password again
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "content_app.admin.people.second_factor.Adapter"
MFA_FORMS = {"authenticate": "content_app.admin.people.second_factor.CodeForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # email addresses are not verified, because none is used
MFA_TOTP_ISSUER = "AMPS API"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds by which a phone's clock can be wrong

# Mail and webhooks
globals().update(env.dj_email_url("EMAIL_URL", "console:"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", "amps-api@localhost")
EMAIL_TIMEOUT = 10
SENDS_MAIL = bool(env.str("EMAIL_URL", ""))  # else it is printed, and nobody is told by email of what waits for them
WEBHOOKS_LOG_DAYS = env.int("WEBHOOKS_LOG_DAYS", 30)  # retries can take nine days
WEBHOOKS_ALLOW_INSECURE = env.bool("WEBHOOKS_ALLOW_INSECURE", False)

# Language and time: content is British English; every stored time is UTC.
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "amps_api" / "locale"]
FORMAT_MODULE_PATH = "amps_api.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# Static files, served by the application server under names that contain their hash.
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "content_app.delivery.pages.site.permission_denied"
SECURE_REFERRER_POLICY = "same-origin"
# Browsers send the cookies of a host to all of its ports, so each server has names of its own. A cookie whose name
# begins with `__Host-` no other host below the same domain can set (RFC 6265bis, section 4.1.3.2).
COOKIE_PORT = (urlsplit(PUBLIC_URL).port or "") if PUBLIC_URL else PORT
COOKIE_NAME = f"{'__Host-' if HTTPS else ''}amps-{{}}-{COOKIE_PORT}".rstrip("-")
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = COOKIE_NAME.format("session"), COOKIE_NAME.format("csrf")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# Neither is redirected: programs over plain HTTP are refused, and a probe calls this server by its own address.
SECURE_REDIRECT_EXEMPT = [
    r"^(api/|fhir|infobutton|cds-services|feeds/|mcp|packages|sandbox|openapi\.json)",
    r"^(livez|readyz|metrics)$",
]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [  # of `check --deploy`
    "security.W005",  # other names below this one are not ours: whoever owns them decides whether they speak HTTPS
    "security.W021",  # the same, for browsers' preload lists
    "drf_spectacular.W001",  # choices get their names afterwards, in `delivery.openapi.names`
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_HANDLERS = [
    "content_app.admin.shared.upload_limit.Quota",  # first, so that no upload fills the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the edit page of a condition has thousands of fields

# Pages on other origins can read the API, without credentials.
CORS_URLS_REGEX = (
    r"^/(api/|fhir/|feeds/|packages/|sandbox/|openapi\.json$|\.well-known/|schemas/|problems/|infobutton/?$"
    r"|cds-services|mcp/?$"
    r"|llms\.txt$)"
)
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = [
    "accept", "if-none-match", "if-modified-since", "if-range", "range", "content-type", "authorization",
    "accept-language", "x-api-key", "prefer", "cache-control", "pragma", "x-requested-with", "x-request-id",
    "traceparent", "tracestate", "if-match", "if-unmodified-since", "mcp-protocol-version",
]  # fmt: skip
CORS_EXPOSE_HEADERS = [
    "ETag", "Last-Modified", "Link", "Content-Release", "Retry-After", "Allow", "Accept-Ranges", "Content-Range",
    "Content-Disposition", "Content-Language", "RateLimit", "RateLimit-Policy", "Deprecation", "Sunset",
    "WWW-Authenticate", "Location", "X-Request-Id", "Preference-Applied", "Age",
]  # fmt: skip
CORS_PREFLIGHT_MAX_AGE = 86_400

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["content_app.delivery.http.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "content_app.delivery.http.renderers.ByWeight",
    "DEFAULT_SCHEMA_CLASS": "content_app.delivery.openapi.schema.ReadSchema",
    "EXCEPTION_HANDLER": "content_app.delivery.http.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}

LONGEST_ADDRESS = 8_000  # characters, including the query; longer addresses get a 414

SPECTACULAR_SETTINGS = {
    "TITLE": "AMPS API",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": (BASE_DIR / "content_app" / "delivery" / "openapi" / "introduction.md")
    .read_text(encoding="utf-8")
    .replace("{recipe}", RECIPE),
    "LICENSE": {"name": "Content: CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SERVE_INCLUDE_SCHEMA": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "ApiKey": {
                "type": "apiKey",
                "in": "header",
                "name": "X-Api-Key",
                "description": "A key only raises your limits. You can read everything without one.",
            }
        }
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "content_app.delivery.openapi.names.name_choices_and_bodies",
        "content_app.delivery.openapi.schema.key_is_optional",
        "content_app.delivery.gate.deprecations.field_deprecations",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SORT_OPERATIONS": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_NAME_OVERRIDES": {
        **{f"{kind.title().replace('_', '')}KindEnum": choices({kind: term}) for kind, term in terms.KINDS.items()},
        "SourceKindEnum": [("source", "Source")],
        "KindEnum": choices(terms.KINDS),
        "DocumentKindEnum": [*choices(terms.KINDS), ("source", "Source")],
        "CodingMatchEnum": choices(terms.MATCHES),
        "ComparedSideEnum": ["both", "a", "b"],
        "ExampleFormEnum": choices(terms.FORMS),
        "PatchVerbEnum": ["add", "remove", "replace"],
        "SigningAlgorithmEnum": ["Ed25519"],
        "WithdrawalReasonEnum": choices(terms.WITHDRAWAL_REASONS),
        "SourceTypeEnum": choices(terms.SOURCE_TYPES),
        "AspectEnum": choices(terms.ASPECTS),
        "NameTypeEnum": choices(terms.NAME_TYPES),
        "NoticeTypeEnum": choices(terms.NOTICE_TYPES),
        "EvidenceLevelEnum": choices(terms.EVIDENCE_LEVELS),
        "ReviewStateEnum": choices(terms.REVIEW_STATES),
        "ChangeTypeEnum": ["created", "changed", "withdrawn"],
        "CodeSystemKeyEnum": [(system.key, system.name) for system in CODE_SYSTEMS.values()],
    },
    "WEBHOOKS": [
        f"content_app.webhooks.contract.{name}"
        for name in (
            "RELEASE_PUBLISHED",
            "ITEM_PUBLISHED",
            "ITEM_WITHDRAWN",
            "CONTENT_SAFETY",
            "REVIEW_OVERDUE",
            "ENDPOINT_TEST",
        )
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "tryItOutEnabled": True, "defaultModelsExpandDepth": 0},
    "TAGS": [
        {"name": "library", "description": "An overview of the API, and its vocabularies"},
        {"name": "conditions", "description": "AMPS and the conditions it is confused with"},
        {
            "name": "concepts",
            "description": "Ideas that explain conditions: mechanisms, patterns, body sites, gaps in knowledge",
        },
        {"name": "symptom-types", "description": "Symptoms that people feel and signs that examiners see"},
        {"name": "examples", "description": "Scenes, analogies and contrasts"},
        {"name": "sources", "description": "The works that the content cites"},
        {"name": "items", "description": "Items of any kind, by permanent identifier"},
        {"name": "statements", "description": "Single statements, by permanent identifier"},
        {"name": "search", "description": "Search by name, code or everyday wording"},
        {"name": "relations", "description": "Relations between items"},
        {"name": "codings", "description": "Find items by code"},
        {"name": "releases", "description": "Numbered releases of the library, and exports"},
        {"name": "sandbox", "description": "Made-up items for testing failure cases"},
        {"name": "changes", "description": "Keep a copy up to date and check whether it is current"},
        {"name": "webhooks", "description": "Events that are sent to your server"},
    ],
}

METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOG_FORMAT = env.str("LOG_FORMAT", logs.TEXT)
ACCESS_LOG = env.bool("ACCESS_LOG", False)
LOGGING = logs.configuration(LOG_FORMAT)
