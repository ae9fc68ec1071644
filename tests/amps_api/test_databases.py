"""Connections to PostgreSQL as DATABASE_URL asks for them: with a real server, and PgBouncer before it."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from amps_api import databases
from content_app.management.commands.serve import close_connections
from tests import pgbouncer, postgres, prepared
from tests.live import serving

ROOT = Path(__file__).parents[2]
on_postgresql = pytest.mark.skipif(postgres.programs() is None, reason=postgres.NOT_INSTALLED)
URL = "postgresql://amps@db.example/amps"


@pytest.fixture(scope="module")
def server():
    with postgres.primary(postgres.programs()) as started:
        yield started


def of(query: str) -> dict:
    return databases.configured(f"{URL}?{query}", [])["default"]


def test_connections_are_kept_for_a_minute_or_as_long_as_is_asked():
    assert of("")["CONN_MAX_AGE"] == 60
    assert of("conn_max_age=5")["CONN_MAX_AGE"] == 5


def test_a_pool_is_djangos_with_a_bound_and_a_short_wait():
    database = of("pool=8&application_name=amps")

    assert database["OPTIONS"]["pool"] == {"min_size": 1, "max_size": 8, "timeout": 3}
    assert database["OPTIONS"]["application_name"] == "amps"
    assert database["CONN_MAX_AGE"] == 0


def test_no_cursor_outlives_a_transaction_where_sessions_are_shared():
    assert of("disable_server_side_cursors=1")["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert of("disable_server_side_cursors=0")["DISABLE_SERVER_SIDE_CURSORS"] is False
    assert "disable_server_side_cursors" not in of("disable_server_side_cursors=1")["OPTIONS"]


def test_replicas_are_connected_to_as_the_primary_is():
    both = databases.configured(URL, [f"{URL}?pool=3", URL])

    assert list(both) == ["default", "replica-1", "replica-2"]
    assert both["replica-1"]["OPTIONS"]["pool"]["max_size"] == 3
    assert both["replica-2"]["OPTIONS"]["connect_timeout"] == 2


ASKING = """
import json, threading, django
django.setup()
from django.db import connection, connections
from amps_api.databases import impatient
{before}
def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
{ask}
"""
AT_ONCE = """
gate, seen = threading.Barrier(12), []
def one():
    gate.wait()
    seen.append(ask("SELECT pg_backend_pid() FROM pg_sleep(0.02)"))
    connection.close()
threads = [threading.Thread(target=one) for _ in range(12)]
[t.start() for t in threads]; [t.join() for t in threads]
print(json.dumps(seen))
"""


def answers(address: str, ask: str, before: str = "impatient()"):
    done = subprocess.run(
        [sys.executable, "-c", ASKING.format(before=before, ask=ask)], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "amps_api.settings"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LIMITS = 'print(json.dumps([ask("SHOW lock_timeout"), ask("SHOW statement_timeout")]))'


@on_postgresql
def test_many_threads_share_the_connections_of_a_pool(server):
    pids = answers(f"{server.address}?pool=2", AT_ONCE)

    assert len(pids) == 12
    assert len(set(pids)) <= 2


@on_postgresql
@pytest.mark.parametrize("query", ["?currentSchema=public", "?pool=2"])
def test_a_request_waits_shorter_than_a_command_whatever_keeps_the_connection(server, query):
    assert answers(f"{server.address}{query}", LIMITS) == ["3s", "30s"]


@on_postgresql
def test_a_command_waits_for_as_long_as_it_takes(server):
    assert answers(server.address, LIMITS, before="") == ["0", "0"]


@on_postgresql
def test_a_pool_is_closed_before_workers_are_forked(server):
    fork = f"""
import os
from {close_connections.__module__} import close_connections
ask("SELECT 1")
close_connections()
if os.fork():
    assert os.wait()[1] == 0
else:
    print(json.dumps(ask("SELECT 2")), flush=True)
    os._exit(0)
"""
    assert answers(f"{server.address}?pool=2", fork) == 2


@on_postgresql
@pytest.mark.skipif(pgbouncer.PROGRAM is None, reason=pgbouncer.NOT_INSTALLED)
def test_pgbouncer_tells_shared_sessions_how_long_a_request_may_wait(server):
    with pgbouncer.before(server) as address:
        assert answers(f"{address}?disable_server_side_cursors=1", LIMITS) == ["3s", "30s"]


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server
        return answer.read()


@pytest.fixture(scope="module")
def filled(server, tmp_path_factory):
    """The server with the first content, and the folder of the one deployment that uses it: its keys are in there."""
    prepared.fill_on_postgresql(prepared.FILLED, server.address)
    folder = tmp_path_factory.mktemp("deployment")
    prepared.static_files_for(folder)
    return server, folder


@on_postgresql
@pytest.mark.skipif(pgbouncer.PROGRAM is None, reason=pgbouncer.NOT_INSTALLED)
@pytest.mark.parametrize("query", ["disable_server_side_cursors=1", "disable_server_side_cursors=1&pool=3"])
def test_the_library_is_served_through_pgbouncer_whole_exports_included(filled, query):
    database, folder = filled
    with pgbouncer.before(database) as address:
        environment = {"VAR_DIR": str(folder), "DATABASE_URL": f"{address}?{query}", "CACHE_URL": "locmem://"}
        with serving(environment) as served:
            assert b"fibromyalgia" in read(f"{served}/api/v1/conditions/fibromyalgia/")
            assert b"puffy-cold-hand" in read(f"{served}/api/v1/search/?q=hand+ice+cold")
            assert read(f"{served}/api/v1/releases/1/export.ndjson").count(b"\n") >= 184
