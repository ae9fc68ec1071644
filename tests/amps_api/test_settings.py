"""Values from the environment that would fail later are refused at once, each with what would be right."""

import base64
import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.checks import run_checks

from amps_api import checks, setting_table
from tests.golden_files import assert_golden

ROOT = Path(__file__).parents[2]
SETTINGS = {setting.name: setting for setting in setting_table.SETTINGS}
KEY = base64.b64encode(b"k" * 32).decode()

BAD = [
    ("PORT", "abc", "is not a valid port. Choose one from 1 to 65535."),
    ("PORT", "70000", "is not a valid port"),
    ("PORT", "", "is empty"),
    ("HOST", "http://localhost", "is not a host"),
    ("HOST", "localhost:8000", "is not a host"),
    ("ALLOWED_HOSTS", "a.example, b.example", "has a space beside a comma. Write a.example,b.example"),
    ("ALLOWED_HOSTS", "a.example,,b.example", "has an empty entry"),
    ("ALLOWED_HOSTS", "https://a.example", "Leave out the scheme, port and path"),
    ("ALLOWED_HOSTS", "a.example:443", "Leave out the scheme, port and path"),
    ("PUBLIC_URL", "amps.example", "has no scheme"),
    ("PUBLIC_URL", "ftp://amps.example", "has no scheme"),
    ("PUBLIC_URL", "https://amps.example/api", "has something after the host. Write https://amps.example"),
    ("PUBLIC_URL", "https://amps.example/?a=b", "has something after the host"),
    ("PUBLIC_URL", "https://", "does not name a host"),
    ("PUBLIC_URL", "https://amps .example", "does not name a host"),
    ("PUBLIC_URL", "https://amps.example:port", "is not an address"),
    ("HTTPS", "maybe", "is neither on nor off"),
    ("DEBUG", "", "is empty"),
    ("SIGNING_KEY", "secret!", "is not base64. It must be the base64 of 32 random bytes"),
    ("SIGNING_KEY", base64.b64encode(b"short").decode(), "has 5 bytes instead of 32"),
    ("SIGNING_KEYS_RETIRED", f"{KEY}, {KEY}", "has a space beside a comma"),
    ("SIGNING_KEYS_RETIRED", f"{KEY},secret", "which is not base64"),
    ("SECRET_KEY", "password", "has 8 characters"),
    ("LICENSED_CODE_SYSTEMS", "snomed", "did you mean “snomed-ct”?"),
    ("LICENSED_CODE_SYSTEMS", "snomed-ct, umls", "has a space beside a comma"),
    ("LICENSED_CODE_SYSTEMS", "icd-10", "Choose from: "),
    ("LAYERS", "literature", "Choose from: source_text; source_text,literature."),
    ("LIMIT_ANONYMOUS", "-1", "Choose one from 0 to"),
    ("LIMIT_KEYED", "6e3", "Choose one from 0 to"),
    ("TRUSTED_PROXIES", "99", "Choose one from 0 to 10"),
    ("PROCESSES", "0", "Choose one from 1 to 64"),
    ("THREADS", "0", "Choose one from 1 to 64"),
    ("WEBHOOKS_LOG_DAYS", "9", "Choose one from 10 to 3650"),
    ("DATABASE_URL", "mysql://amps@localhost/amps", "is not a supported database"),
    ("DATABASE_URL", "amps.sqlite3", "is not a supported database"),
    ("DATABASE_URL", "sqlite://:memory:", "cannot be read"),
    ("DATABASE_URL", "sqlite://amps.sqlite3", "does not name a file"),
    ("DATABASE_URL", "postgresql://amps@localhost", "does not name a database"),
    ("DATABASE_URL", "postgresql://amps:a#b@localhost/amps", "must be percent-encoded"),
    ("DATABASE_URL", "postgresql://localhost/amps?pool=yes", "pool=yes, which is not a number of connections"),
    ("DATABASE_URL", "postgresql://localhost/amps?pool=4&conn_max_age=60", "remove conn_max_age"),
    ("DATABASE_URL", "postgresql://localhost/amps?conn_max_age=-1", "is not a number of seconds"),
    ("DATABASE_URL", "postgresql://localhost/amps?disable_server_side_cursors=", "is neither on nor off"),
    ("DATABASE_URL", "postgresql://localhost/amps?conn_maxage=9", "did you mean “conn_max_age”?"),
    ("DATABASE_URL", "postgresql://localhost/amps?frob=1", "the option frob, which PostgreSQL does not know."),
    ("DATABASE_URL", "sqlite:///amps.sqlite3?pool=4", "which SQLite does not accept"),
    ("DATABASE_REPLICA_URLS", "postgresql://a/amps,sqlite:///b", "number 2, which is a file"),
    ("DATABASE_REPLICA_URLS", "postgresql:///amps?host=a,b", "Write a comma inside of an address as %2C."),
    ("DATABASE_REPLICA_URLS", "postgresql://a/amps,postgresql://b", "number 2, which does not name a database"),
    ("CANONICAL_BASE", "http://amps.example/fhir", "cannot name resources. Write it as https://amps.example/fhir"),
    ("CANONICAL_BASE", "https://amps.example/?a=b", "cannot name resources"),
    ("CANONICAL_BASE", "https://[x", "is not an address"),
    ("SECURITY_CONTACT", "security@amps.example", "Write it as mailto:security@amps.example"),
    ("CACHE_URL", "memcached://localhost", "is not a supported address"),
    ("EMAIL_URL", "mail.example:587", "is not a supported address"),
    ("EMAIL_FROM", "the clinic", "is not an email address"),
    ("VAR_DIR", "/dev/null/var", "is not a folder"),
    ("LOG_FORMAT", "xml", "Choose from: text, json."),
    ("METRICS_TOKEN", "short", "cannot be used as a token"),
    ("METRICS_TOKEN", "has spaces in it, so", "cannot be used as a token"),
    ("SHUTDOWN_DELAY", "soon", "Choose one from 0 to 300"),
]  # fmt: skip
GOOD = [
    ("ALLOWED_HOSTS", "a.example,.b.example,127.0.0.1,[::1]"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", ""),
    ("PUBLIC_URL", "https://amps.example:8443/"),
    ("PUBLIC_URL", "http://[::1]:8000"),
    ("CANONICAL_BASE", "https://amps.example/fhir"),
    ("SECURITY_CONTACT", "https://amps.example/security"),
    ("HOST", "::"),
    ("HTTPS", "on"),
    ("SIGNING_KEY", KEY),
    ("DATABASE_URL", "sqlite:////var/lib/amps/amps.sqlite3"),
    ("DATABASE_URL", "postgresql://amps:a%23b@db.example:5432/amps?sslmode=require"),
    ("DATABASE_URL", "postgresql://db.example/amps?pool=8&disable_server_side_cursors=1&application_name=amps"),
    ("DATABASE_URL", "postgresql://db.example/amps?conn_max_age=0&currentSchema=amps"),
    ("DATABASE_REPLICA_URLS", "postgresql:///amps?host=a%2Cb&port=5432%2C5433&target_session_attrs=prefer-standby"),
    ("DATABASE_REPLICA_URLS", "postgresql://a.example/amps?pool=8,postgresql://b.example/amps"),
    ("CACHE_URL", "rediss://:pw@cache.example:6379/0"),
    ("EMAIL_URL", "smtp+tls://user:pw@mail.example:587"),
    ("EMAIL_FROM", "AMPS <amps@clinic.example>"),
    ("LAYERS", "source_text"),
    ("METRICS_TOKEN", "0123456789abcdef"),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_a_value_that_would_fail_later_is_refused_with_what_would_be_right(name, value, said):
    fault = SETTINGS[name].fault(value)

    assert fault.startswith(name)
    assert said in fault


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_a_value_that_works_is_taken(name, value):
    assert SETTINGS[name].fault(value) == ""


def test_every_setting_with_a_rule_is_seen_refusing_something():
    without = {name for name, setting in SETTINGS.items() if name not in {bad[0] for bad in BAD}}
    as_others_are = {
        "ACCESS_LOG",
        "READ_PLANE",
        "SECRET_KEY_FALLBACKS",
        "SECOND_FACTOR_REQUIRED",
        "WEBHOOKS_ALLOW_INSECURE",
    }
    assert without == as_others_are


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.is_secret])
def test_a_secret_is_never_repeated_in_a_message(name):
    assert "Vq7, " not in SETTINGS[name].fault("Vq7, ,")


def test_the_table_has_every_variable_that_the_settings_read():
    read = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "amps_api" / "settings.py").read_text())
    assert set(read) == set(SETTINGS)


def test_the_documentation_shows_the_table():
    page = ROOT / "docs" / "settings.md"
    head = page.read_text(encoding="utf-8").partition("| variable |")[0]
    assert_golden(page, head + setting_table.as_markdown())


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_command_tells_every_bad_value_at_once_without_a_traceback(command, tmp_path):
    done = manage(command, VAR_DIR=str(tmp_path), PORT="abc", PUBLIC_URL="amps.example")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [SETTINGS["PORT"].fault("abc"), SETTINGS["PUBLIC_URL"].fault("amps.example")]


def test_no_process_starts_on_a_bad_value_even_if_it_runs_no_checks(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import amps_api.settings"],
        cwd=ROOT, env=os.environ | {"VAR_DIR": str(tmp_path), "TRUSTED_PROXIES": "many"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode
    assert SETTINGS["TRUSTED_PROXIES"].fault("many") in done.stderr


CLASHES = {
    "001": {"HTTPS": True, "DEBUG": True},
    "002": {"HTTPS": True, "PUBLIC_URL": "http://amps.example"},
    "003": {"HTTPS": True, "TRUSTED_PROXIES": 0},
    "004": {"PUBLIC_URL": "https://elsewhere.example"},
    "005": {"HTTPS": True, "PUBLIC_URL": ""},
    "006": {"HTTPS": False, "PUBLIC_URL": "https://amps.example"},
    "007": {"IS_SQLITE": False, "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
    "008": {"WEBHOOKS_ALLOW_INSECURE": True},
    "009": {"IS_SQLITE": True, "REPLICAS": ["replica-1"]},
}
TOGETHER = {
    "HTTPS": True,
    "DEBUG": False,
    "PUBLIC_URL": "https://amps.example",
    "ALLOWED_HOSTS": ["amps.example"],
    "TRUSTED_PROXIES": 1,
    "WEBHOOKS_ALLOW_INSECURE": False,
}


def ids_of(clashes) -> set[str]:
    return {clash.id for clash in clashes}


@pytest.mark.parametrize("clash", checks.COMBINATIONS, ids=lambda clash: clash.id)
def test_settings_that_do_not_go_together_are_told_by_djangos_checks(clash, settings):
    for name, value in (TOGETHER | CLASHES[clash.id]).items():
        setattr(settings, name, value)

    assert clash.message() in run_checks()


def test_settings_that_go_together_are_passed_over(settings):
    settings.IS_SQLITE = True
    for name, value in TOGETHER.items():
        setattr(settings, name, value)

    assert ids_of(checks.clashes(settings)) == set()


def test_a_deployment_as_documented_passes_djangos_own_checks(tmp_path):
    production = {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/amps.sqlite3",
        "SECRET_KEY": base64.b64encode(bytes(range(48))).decode(),
        "ALLOWED_HOSTS": "amps.example",
        "PUBLIC_URL": "https://amps.example",
        "HTTPS": "1",
        "TRUSTED_PROXIES": "1",
    }
    done = manage("check", "--deploy", "--fail-level=WARNING", **production)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(tmp_path):
    (tmp_path / "secret-key").mkdir()  # a file that cannot be read, whoever runs this
    done = manage("migrate", VAR_DIR=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.startswith(f"The secret key in VAR_DIR={tmp_path} cannot be read or written")
    assert "Traceback" not in done.stderr


def test_migrations_tell_of_a_database_that_is_away_in_a_sentence(tmp_path):
    done = manage("migrate", VAR_DIR=str(tmp_path), DATABASE_URL="postgresql://amps@127.0.0.1:1/amps")

    assert done.returncode == 1
    assert "The database in DATABASE_URL cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.both_databases
@pytest.mark.skipif("postgresql" not in os.environ.get("DATABASE_URL", ""), reason="a right of PostgreSQL")
def test_a_missing_right_to_create_tables_is_told_with_the_statement_that_grants_it(tmp_path):
    server = os.environ["DATABASE_URL"]
    with contextlib.closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute("CREATE DATABASE closed")
        admin.execute("CREATE ROLE guest LOGIN")
    there = f"{server.replace('//amps@', '//guest@').rpartition('/')[0]}/closed"
    done = manage("migrate", VAR_DIR=str(tmp_path), DATABASE_URL=there)

    assert done.returncode == 1
    assert "GRANT CREATE, USAGE ON SCHEMA public TO that user." in done.stderr
    assert "Traceback" not in done.stderr
