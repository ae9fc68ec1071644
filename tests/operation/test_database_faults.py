"""A real server whose PostgreSQL stops, becomes read-only or has no connection left; and afterwards."""

import urllib.parse
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests import prepared
from tests.first_content import AMPS
from tests.live import serving
from tests.outside import Outside

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file: see test_disk_faults"),
]
ROLE = "served"  # not a superuser, whom no limit holds
SEARCH = "/api/v1/search/?q="


class Served(Outside):
    """A server on a database of its own. Statements of the administrator go past the server."""

    def __init__(self, address, log, database: str):
        super().__init__(address, log)
        self.database = database

    def administer(self, statement: str) -> None:
        maintenance, _, name = self.database.rpartition("/")
        with closing(psycopg.connect(f"{maintenance}/postgres", autocommit=True)) as admin:
            admin.execute(sql.SQL(statement).format(database=sql.Identifier(name)))
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [ROLE])

    @contextmanager
    def during(self, begin: str, end: str):
        """A fault for a while, and as it should be before and afterwards."""
        self.assert_that_all_is_well()
        self.administer(begin)
        try:
            yield
        finally:
            self.administer(end)
        self.until("/readyz", 200)
        self.assert_that_all_is_well()

    def assert_that_all_is_well(self) -> None:
        assert self.status(AMPS) == self.status(f"{SEARCH}hand") == self.sign_in() == 200


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    environment = prepared.environment_of_a_server(folder)
    database = environment["DATABASE_URL"]
    owner = urllib.parse.urlsplit(database).username
    with closing(psycopg.connect(database, autocommit=True)) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            admin.execute(f"CREATE ROLE {ROLE} LOGIN IN ROLE {owner}")
    there = {"DATABASE_URL": database.replace(f"//{owner}", f"//{ROLE}"), "PROCESSES": "1"}
    with serving(environment | there, log=folder / "said") as address:
        yield Served(address, folder / "said", database)


STOPPED = "ALTER DATABASE {database} ALLOW_CONNECTIONS false", "ALTER DATABASE {database} ALLOW_CONNECTIONS true"
CROWDED = "ALTER DATABASE {database} CONNECTION LIMIT 0", "ALTER DATABASE {database} CONNECTION LIMIT -1"
READ_ONLY = (
    "ALTER DATABASE {database} SET default_transaction_read_only = on",
    "ALTER DATABASE {database} RESET default_transaction_read_only",
)


@pytest.mark.parametrize("how", [STOPPED, CROWDED], ids=["stopped", "out of connections"])
def test_kept_answers_are_given_and_all_others_are_a_503_in_time(served, how):
    with served.during(*how):
        served.until("/readyz", 503)
        assert served.status("/livez") == 200
        assert {served.status(AMPS) for _ in range(5)} == {200}
        status, headers, _ = served.ask(f"{SEARCH}never-asked-before")
        assert status == 503
        assert int(headers["Retry-After"]) <= 10
        assert served.status("/fhir/CodeSystem") == 503
        said = served.said_in(7)
        assert len([line for line in said if "is away" in line or "Traceback" in line]) <= 1, said


def test_a_read_only_database_is_read_and_whoever_writes_is_told_to_try_again(served):
    with served.during(*READ_ONLY):
        assert served.status("/readyz") == 200
        assert served.status(AMPS) == served.status(f"{SEARCH}read-only") == 200
        assert served.sign_in() == 503
        said = served.said_in(7)
        assert not [line for line in said if "Traceback" in line], said
