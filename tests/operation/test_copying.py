"""A library moves from its file to PostgreSQL, and readers notice nothing."""

import os
import re
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests import postgres, prepared
from tests.first_content import AMPS
from tests.live import ROOT, serving
from tests.readers import ask

pytestmark = pytest.mark.skipif(
    postgres.programs() is None or "postgresql" in os.environ.get("DATABASE_URL", ""),
    reason="copies SQLite to a PostgreSQL server of its own",
)
ADDRESSES = (AMPS, "/api/v1/search/?q=hand+ice+cold", "/api/v1/changes/", "/api/v1/concepts/?page_size=100")


def copied(environment: dict[str, str], target: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", "copy_database", target],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True,
    )  # fmt: skip


def test_a_library_is_copied_verified_and_served_with_the_same_bytes(tmp_path):
    environment = prepared.environment_of_a_server(tmp_path)
    with ExitStack() as stack:
        target = stack.enter_context(postgres.server(postgres.programs()))
        with serving(environment) as address:
            before = [ask(address, path)[:2] for path in ADDRESSES]
            assert "A server or a worker is running" in copied(environment, target).stderr

        done = copied(environment, target)
        assert done.returncode == 0, done.stderr
        assert re.search(r"Copied \d{4,} rows of \d+ tables; each is the same there\.", done.stdout)
        assert "All are as they were published" in done.stdout

        with serving(environment | {"DATABASE_URL": target}) as address:
            assert [ask(address, path)[:2] for path in ADDRESSES] == before
        again = copied(environment, target)
        assert again.returncode == 1
        assert "has releases already" in again.stderr


@pytest.mark.parametrize("target", ["sqlite:///other.sqlite3", "mysql://a/b", "postgresql://host"])
def test_a_target_that_is_no_postgresql_database_is_refused(target, tmp_path):
    environment = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/amps.sqlite3"}
    done = copied(environment, target)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The target ")
