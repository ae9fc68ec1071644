"""Migrations: one that makes every table, and guards that no later one loses."""

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

pytestmark = pytest.mark.both_databases
ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "content_app" / "migrations"

# A later version of the product in a process of its own: a new predicate, and a new status of items. Both change a
# constraint, for which SQLite makes the table anew; triggers of other tables look into the table of items.
LATER_VERSION = """
import dataclasses, json
from content_app.vocabulary import predicates, terms
import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

predicates.PREDICATES["precedes"] = dataclasses.replace(predicates.PREDICATES["part_of"], code="precedes")
terms.STATUSES["archived"] = dataclasses.replace(terms.STATUSES["draft"], code="archived")
settings.MIGRATION_MODULES = {"content_app": "later"}
django.setup()
from content_app.models import Relation, guards

def triggers():
    return sorted(guards.present(connection))

call_command("migrate", verbosity=0)
before = triggers()
call_command("makemigrations", "content_app", name="later", verbosity=0)
call_command("migrate", verbosity=0)
print(json.dumps({"before": before, "after": triggers(), "wanted": sorted(guards.wanted(connection.vendor))}))
"""


@pytest.fixture
def empty_database(tmp_path, django_db_blocker) -> Iterator[str]:
    """The address of a database of the kind that the tests run on, without a table."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'later.sqlite3'}"
        return
    name, server = f"later_{uuid.uuid4().hex}", connection.settings_dict
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield f"postgresql://{server['USER']}@{server['HOST']}:{server['PORT']}/{name}"
        cursor.execute(f"DROP DATABASE {name}")


def test_a_new_predicate_loses_no_guard(tmp_path, empty_database):
    later = tmp_path / "later"
    shutil.copytree(MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    environment = os.environ | {
        "DATABASE_URL": empty_database,
        "VAR_DIR": str(tmp_path),
        "PYTHONPATH": f"{ROOT}:{tmp_path}",
        "DJANGO_SETTINGS_MODULE": "amps_api.settings",
    }
    command = [sys.executable, "-c", LATER_VERSION]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = next(later.glob("*_later.py")).read_text()
    assert "relation_fits_its_predicate" in written
    assert "item_status_is_known" in written
    triggers = json.loads(done.stdout)
    assert len(triggers["wanted"]) > 40
    assert triggers["before"] == triggers["after"] == triggers["wanted"]


def test_no_migration_needs_another_by_name():
    texts = {path.name: path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("0*.py")}
    assert "0001_initial.py" in texts
    assert [name for name, text in texts.items() if re.search(r"content_app\.migrations|importlib", text)] == []


def test_a_migration_of_data_touches_the_database_that_it_migrates():
    """`copy_database` migrates another one than that of this deployment."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in MIGRATIONS.glob("0*.py")}
    assert [name for name, text in texts.items() if re.search(r"\.objects\.(?!using\()", text)] == []
