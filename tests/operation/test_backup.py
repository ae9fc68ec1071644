"""The drill: back up, change everything, restore, and get the same public bytes again. And what is refused on the way.

In: the library with the first content. On SQLite and on PostgreSQL, each by its own means.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client

from content_app.models import Document, Release
from content_app.operation import running
from content_app.operation.backup import databases, making, restoring
from tests.publication.test_races import address_of_the_test_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
ADDRESSES = (
    "/api/v1/",
    "/api/v1/conditions/",
    "/api/v1/conditions/fibromyalgia/",
    "/api/v1/conditions/fibromyalgia/?release=1",
    "/api/v1/search/?q=cold+hand",
    "/api/v1/releases/1/",
    "/api/v1/signing-keys/",
    "/fhir/CodeSystem",
    "/library/conditions/",
)
PASSPHRASE = "correct horse battery staple"


def public_bytes() -> dict[str, str]:
    """The SHA-256 of what readers get, by its address."""
    client = Client()
    return {address: hashlib.sha256(client.get(address).content).hexdigest() for address in ADDRESSES}


@pytest.fixture
def folder(first_content, settings, tmp_path) -> Path:
    """A VAR_DIR with a signing key."""
    settings.VAR_DIR = tmp_path / "var"
    settings.SIGNING_KEY = ""
    settings.VAR_DIR.mkdir()
    Client().get("/api/v1/signing-keys/")
    return tmp_path


def backed_up(folder: Path, **options) -> Path:
    path, _ = making.back_up(folder / "backup.tar", **options)
    return path


def ruin() -> None:
    """Change what a restore has to bring back: the content behind the guards, an account, and the keys."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE content_app_indexterm")
        cursor.execute("DELETE FROM auth_user_groups")
    (settings.VAR_DIR / "signing-key").unlink()


def test_the_drill_ends_in_equal_public_bytes_and_verified_releases(folder, capsys):
    before, people = public_bytes(), User.objects.count()
    archive = backed_up(folder)
    ruin()
    User.objects.create(username="stranger")
    connections.close_all()

    call_command("restore", archive, replace=True)

    assert public_bytes() == before
    assert User.objects.count() == people
    assert "All are as they were published." in capsys.readouterr().out
    assert not [path for path in settings.VAR_DIR.iterdir() if path.name.startswith("restore-")]


def test_a_backup_is_for_its_owner_only_and_says_what_is_in_it(folder):
    archive = backed_up(folder)

    assert archive.stat().st_mode & 0o777 == 0o600
    with tarfile.open(archive) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
        names = set(tar.getnames())
    assert names == {"manifest.json", *manifest["files"]}
    assert "var/signing-key" in names
    assert (manifest["release"], manifest["documents"]) == (1, Document.objects.count())
    assert [path.name for path in folder.iterdir() if path.name.startswith(".amps")] == []


def test_an_encrypted_backup_hides_everything_and_comes_back_with_its_passphrase(folder):
    before = public_bytes()
    archive = backed_up(folder, passphrase=PASSPHRASE)
    assert archive.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert b"signing-key" not in archive.read_bytes()
    connections.close_all()

    restoring.restore(archive, PASSPHRASE, replace=True)

    assert public_bytes() == before


@pytest.mark.one_database
@pytest.mark.parametrize(("given", "code"), [("", 3), ("another passphrase", 2)])
def test_an_encrypted_backup_does_not_open_without_its_passphrase(folder, given, code):
    archive = backed_up(folder, passphrase=PASSPHRASE)

    with pytest.raises(CommandError, match="passphrase") as refused:
        restoring.restore(archive, given, replace=True)
    assert refused.value.returncode == code


ENCRYPTED = pytest.param(PASSPHRASE, marks=pytest.mark.one_database, id="encrypted")


@pytest.mark.parametrize("passphrase", [pytest.param("", id="plain"), ENCRYPTED])
def test_a_flipped_byte_is_found_wherever_it_is_and_nothing_is_restored(folder, passphrase):
    archive = backed_up(folder, passphrase=passphrase)
    whole = archive.read_bytes()
    places = [0, 300, 700, len(whole) // 3, len(whole) // 2, len(whole) - 200, len(whole) - 1]
    ruin()
    for place in places if not passphrase else places[3:5]:  # each try to open takes a second of scrypt
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(CommandError, match="damaged") as refused:
            restoring.restore(archive, passphrase, replace=True)
        assert refused.value.returncode == 2
    assert "content_app_indexterm" not in connection.introspection.table_names()


@pytest.mark.parametrize("length", [0, 50, 5000])
def test_a_truncated_backup_is_refused(folder, length):
    archive = backed_up(folder)
    archive.write_bytes(archive.read_bytes()[:length])

    with pytest.raises(CommandError, match="damaged or not a backup"):
        restoring.restore(archive, replace=True)


def test_releases_are_lost_only_if_somebody_agrees(folder):
    archive = backed_up(folder)

    with pytest.raises(
        CommandError, match="releases, up to 1, which would be lost. To overwrite them, add --replace"
    ) as refused:
        restoring.restore(archive)
    assert refused.value.returncode == 3


def test_nothing_is_restored_while_a_server_or_a_worker_runs(folder):
    archive = backed_up(folder)

    with running.in_use(), pytest.raises(CommandError, match="Stop it first"):
        restoring.restore(archive, replace=True)


def test_no_server_starts_while_a_restore_runs(folder):
    with running.alone(), pytest.raises(CommandError, match="Wait until this has finished"):
        call_command("work", once=True)


@pytest.mark.parametrize(
    ("fact", "said"),
    [({"migrations": ["content_app.9999_later"]}, "newer than this one"), ({"database": "oracle"}, "from oracle")],
)
def test_a_backup_of_a_newer_version_or_another_kind_of_database_is_refused(folder, monkeypatch, fact, said):
    facts_of = making.facts_of
    monkeypatch.setattr(making, "facts_of", lambda made_at: facts_of(made_at) | fact)
    archive = backed_up(folder)

    with pytest.raises(CommandError, match=said):
        restoring.restore(archive, replace=True)


def test_a_lost_secret_key_is_told_before_anything_is_changed(folder, settings):
    archive = backed_up(folder)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-key-of-a-deployment-that-was-lost"
    with pytest.raises(CommandError, match="different SECRET_KEY"):
        restoring.restore(archive, replace=True)

    settings.SECRET_KEY_FALLBACKS = [before]
    assert restoring.restore(archive, replace=True)["release"] == 1


def test_a_backup_of_what_is_not_as_published_comes_back_and_says_so(folder):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER release_is_written_once_update")
        else:
            cursor.execute("ALTER TABLE content_app_release DISABLE TRIGGER USER")
        cursor.execute("UPDATE content_app_release SET manifest_sha256 = %s", ["0" * 64])
    archive = backed_up(folder)
    connections.close_all()

    with pytest.raises(CommandError, match="not as they were published") as told:
        restoring.restore(archive, replace=True)
    assert told.value.returncode == 4


def test_an_existing_file_is_never_overwritten(folder):
    archive = backed_up(folder)
    before = archive.read_bytes()

    with pytest.raises(CommandError, match="exists already"):
        backed_up(folder)
    assert archive.read_bytes() == before


def test_a_missing_program_of_postgresql_is_told_in_a_sentence(folder, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="pg_dump is not installed. Install PostgreSQL's client programs"):
        databases._run("pg_dump") if connection.vendor == "postgresql" else pretend_postgresql()


def pretend_postgresql() -> None:
    """The message, where there is no PostgreSQL to ask."""
    name = connection.settings_dict["NAME"]
    try:
        connection.settings_dict["NAME"] = "amps"
        databases._run("pg_dump")
    finally:
        connection.settings_dict["NAME"] = name


def test_a_backup_is_of_one_moment_while_others_write(folder):
    """A writer in a process of its own does not stop for a backup, and the copy is whole."""
    there = {"DATABASE_URL": address_of_the_test_database(), "DJANGO_SETTINGS_MODULE": "amps_api.settings"}
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, env=os.environ | there
    )
    try:
        writer.stdout.readline()
        archive = backed_up(folder)
    finally:
        writer.kill()
        writer.communicate()
    connections.close_all()

    restoring.restore(archive, replace=True)
    pairs = User.objects.filter(username__startswith="pair-").count()
    assert pairs
    assert pairs % 2 == 0


WRITER = """
import django; django.setup()
from django.contrib.auth.models import User
from django.db import transaction
for number in range(100000):
    with transaction.atomic():
        User.objects.create(username=f"pair-{number}-a")
        User.objects.create(username=f"pair-{number}-b")
    print(number, flush=True)
"""


@pytest.mark.one_database
def test_the_commands_end_with_a_sentence_and_an_exit_code(folder):
    environment = os.environ | {
        "DATABASE_URL": address_of_the_test_database(),
        "VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")

    def manage(*arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    target, passphrase = folder / "made.tar.age", f"--passphrase-file={folder / 'passphrase'}"
    made = manage("backup", target, passphrase)
    assert made.returncode == 0, made.stderr
    assert "release 1" in made.stdout
    checked = manage("restore", target, passphrase, "--check")
    assert "The backup is undamaged: release 1" in checked.stdout
    refused = manage("restore", target)
    assert refused.returncode == 3
    assert refused.stderr.endswith(f"{target} is encrypted. Give its passphrase with --passphrase-file.\n")
    assert "Traceback" not in refused.stderr
    shutil.copyfile(settings.BASE_DIR / "README.md", folder / "other.tar")
    assert manage("restore", folder / "other.tar").returncode == 2
    assert Release.objects.count() == 1


@pytest.mark.one_database
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL restores in one transaction of its own")
@pytest.mark.parametrize("moment", ["before", "during"])
def test_a_restore_that_is_killed_leaves_the_database_whole_and_can_be_run_again(folder, moment):
    """Killed between two steps of SQLite's backup: the database is as it was, not half of each."""
    archive, documents = backed_up(folder), Document.objects.count()
    User.objects.create(username="since-the-backup")
    connections.close_all()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED[moment], str(archive)],
        cwd=settings.BASE_DIR, capture_output=True, text=True,
        env=os.environ | {
            "DATABASE_URL": address_of_the_test_database(), "VAR_DIR": str(settings.VAR_DIR),
            "SECRET_KEY": settings.SECRET_KEY, "DJANGO_SETTINGS_MODULE": "amps_api.settings",
        },
    )  # fmt: skip
    assert killed.returncode == -9, killed.stderr

    assert User.objects.filter(username="since-the-backup").exists()
    assert Document.objects.count() == documents
    connections.close_all()
    restoring.restore(archive, replace=True)
    assert not User.objects.filter(username="since-the-backup").exists()


START = """
import django, os, signal, sqlite3, sys; django.setup()
from pathlib import Path
from content_app.operation.backup import databases, restoring
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
"""
KILLED = {
    "before": START + """
databases._check_sqlite = die
restoring.restore(Path(sys.argv[1]), replace=True)
""",
    "during": START + """
class Copy(sqlite3.Connection):
    def backup(self, live):
        super().backup(live, pages=50, progress=lambda _, left, total: left < total / 2 and die())
connect = sqlite3.connect
sqlite3.connect = lambda *a, **k: connect(*a, **{"factory": Copy, **k})
restoring.restore(Path(sys.argv[1]), replace=True)
""",
}  # fmt: skip
