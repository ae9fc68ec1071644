"""What `manage.py doctor` looks at: each thing that a deployment needs, tried for real.

In: the deployment as it is set up. Out: a `Finding` for each, with what to do about what is wrong. Nothing is changed
but for one file that is written and removed, and one cache entry.
"""

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from content_app.delivery.rest.export import signing_keys
from content_app.models import Release
from content_app.operation import shared_keys
from content_app.worker import backlog

LEAST_SPACE = 500_000_000  # bytes: a backup, an export and a day's log
CLOCKS_AGREE = timedelta(seconds=2)  # leases and signed times of webhooks have to
RIGHTS = """
    SELECT current_user, current_schema(), has_schema_privilege(current_schema(), 'CREATE'), now(),
        current_setting('statement_timeout')
"""
SECRETS = ("secret-key", "signing-key", "amps.sqlite3", "amps.sqlite3-wal")


@dataclass(frozen=True)
class Finding:
    """What was found. `advice` says what to do, and is empty if all is well."""

    sentence: str
    advice: str = ""


Findings = Iterator[Finding]


def settings_go_together() -> Findings:
    """Django's checks, with those for deployments where HTTPS is on."""
    messages = [one for one in run_checks(include_deployment_checks=settings.HTTPS) if not one.is_silenced()]
    for one in messages:
        yield Finding(one.msg, one.hint or "See the documentation of this check.")
    if not messages:
        yield Finding("The settings go together.")


def folder() -> Findings:
    """VAR_DIR can be written to, has space, and keeps its secrets to itself."""
    place = Path(settings.VAR_DIR)
    probe = place / f"doctor-{os.getpid()}"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield Finding(
            f"VAR_DIR={place} cannot be written to: {error.strerror}.", "Change its owner or use another one."
        )
        return
    free = shutil.disk_usage(place).free
    enough = "" if free >= LEAST_SPACE else f"Free some: at least {LEAST_SPACE // 1_000_000} MB are needed."
    yield Finding(f"VAR_DIR={place} can be written to and has {free // 1_000_000} MB of free space.", enough)
    files = [place / name for name in SECRETS]
    if settings.IS_SQLITE:
        files.append(Path(settings.DATABASES["default"]["NAME"]))
    for path in sorted({path for path in files if path.exists()}):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            yield Finding(f"Other users of this machine can read {path} (mode {mode:o}).", f"Run: chmod 600 {path}")


def database() -> Findings:
    """The database answers, has the tables of this version, and the right to change them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield Finding(f"The database answers: {connection.display_name}.")
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        yield Finding(f"Migrations are missing: {len(missing)}.", "Run: manage.py migrate")
    if connection.vendor == "postgresql":
        yield from _rights_on_postgresql()


def _rights_on_postgresql() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        user, schema, may_create, now, limit = cursor.fetchone()
    if not may_create:
        advice = f"As the owner of the database, run: GRANT CREATE, USAGE ON SCHEMA {schema} TO {user}"
        yield Finding(f"The user {user} is not allowed to create tables, so migrations will fail.", advice)
    if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] and limit == "0":
        advice = "Set them in connect_query of PgBouncer, as in deploy/pgbouncer.ini."
        yield Finding("The pooler sets no time limits for statements, so a request can wait for ever.", advice)
    if abs(timezone.now() - now) > CLOCKS_AGREE:
        advice = "Synchronise both machines with NTP."
        yield Finding("The clocks of this machine and of the database are more than 2 seconds apart.", advice)


def replicas() -> Findings:
    """Each replica answers, and has the release that the primary has."""
    latest = Release.objects.order_by("-number").values_list("number", flat=True).first()
    for alias in settings.REPLICAS:
        place = f"Replica {alias.removeprefix('replica-')} of DATABASE_REPLICA_URLS"
        try:
            found = Release.objects.using(alias).order_by("-number").values_list("number", flat=True).first()
        except Error as error:
            yield Finding(
                f"{place} cannot be used: {' '.join(str(error).split())}", "Start it, or correct its address."
            )
            continue
        behind = "" if found == latest else f"The primary is at {latest}. Look at pg_stat_wal_receiver on the replica."
        yield Finding(f"{place} answers, with release {found}.", behind)


def shared_cache() -> Findings:
    """The cache takes a value and gives it back; not the memory of this process in its place."""
    key, value = "doctor", secrets.token_hex(8)
    cache.set(key, value, 10)
    is_away = bool(getattr(cache, "try_again_at", None))
    is_right = cache.get(key) == value and not is_away
    cache.delete(key)
    advice = "Start it, or correct CACHE_URL. Until then, each process counts rate limits by itself."
    yield Finding("The cache answers.") if is_right else Finding("The cache cannot be reached.", advice)


def signing_key() -> Findings:
    """Exports can be signed, and every earlier key can be shown."""
    try:
        keys = signing_keys.published_keys()
    except (OSError, ImproperlyConfigured) as error:
        yield Finding(f"Exports cannot be signed: {error}", "Correct SIGNING_KEY, or restore VAR_DIR from a backup.")
    else:
        for sentence in shared_keys.differences():
            yield Finding(sentence, "See “Several machines” in docs/operations.md.")
        yield Finding(f"Exports are signed with the key {keys[0]['id']}; earlier keys: {len(keys) - 1}.")


def releases() -> Findings:
    """Something is published, and not in the future."""
    last = Release.objects.order_by("-number").first()
    if last is None:
        yield Finding("Nothing has been published yet.", "Publish on the desk, or run: manage.py serve")
    elif last.published_at > timezone.now() + CLOCKS_AGREE:
        sentence = f"Release {last.number} was published in the future, so this machine's clock is wrong."
        yield Finding(sentence, "Synchronise the clock with NTP.")
    else:
        yield Finding(f"Release {last.number} is current. It was published on {last.published_at:%Y-%m-%d}.")


def background_work() -> Findings:
    """A worker runs and nothing is late."""
    standing = backlog.standing()
    for sentence in standing.sentences:
        yield Finding(sentence, "Start `manage.py serve` or `manage.py work`, and look at their log.")
    if standing.status == "unknown":
        yield Finding("No worker has run with this VAR_DIR.", "Start `manage.py serve` or `manage.py work`.")
    elif not standing.sentences:
        yield Finding("The worker is running and nothing is late.")


EXAMINATIONS: tuple[Callable[[], Findings], ...] = (
    settings_go_together, folder, database, replicas, shared_cache, signing_key, releases, background_work,
)  # fmt: skip


def findings() -> Findings:
    """Everything that was found. A database that is away is told once, for all that needs it."""
    is_away = False
    for examine in EXAMINATIONS:
        if is_away and examine in (replicas, releases, background_work):
            continue
        try:
            yield from examine()
        except Error as error:
            is_away = True
            reason = " ".join(str(error).split())
            yield Finding(f"The database cannot be used: {reason}", "Start it, correct DATABASE_URL, or migrate it.")
