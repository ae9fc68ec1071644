"""How the databases of a deployment are connected to: the primary, and replicas that readers may read from.

In: addresses, whose query has options of the connection (`setting_rules` says which). Out: Django's `DATABASES`.
Requests wait a shorter time than commands do: `impatient` is called where requests are answered.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import dj_database_url
from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from amps_api.setting_rules import TRUE

LOCK_SECONDS, STATEMENT_SECONDS = 3, 30
KEEP_SECONDS = 60  # for a connection to PostgreSQL that is not in a pool
OF_DJANGO = ("pool", "conn_max_age", "disable_server_side_cursors")  # the others are PostgreSQL's own
# SQLite takes the write lock at the start of a transaction (IMMEDIATE), allows reads during a write (WAL), and confirms
# a release only once it is on disk (synchronous FULL).
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,  # seconds that a command waits for a lock; a request waits shorter
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;",
}
# A server that is away is noticed.
POSTGRESQL = {"connect_timeout": 2, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


def configured(primary: str, replicas: list[str]) -> dict[str, dict[str, Any]]:
    """The primary as `default`, and each replica as `replica-1` and so on."""
    addresses = {DEFAULT_DB_ALIAS: primary} | {f"replica-{place}": one for place, one in enumerate(replicas, 1)}
    databases = {alias: _connected(address) for alias, address in addresses.items()}
    for alias, database in databases.items():
        if alias != DEFAULT_DB_ALIAS and "pool" in database["OPTIONS"]:
            # The pool would ask each connection whether it is sound before it hands it out. On a replica that has gone
            # silent nobody could end that wait; a connection that is not sound is noticed by its first read instead,
            # which is then made on the primary.
            database["CONN_HEALTH_CHECKS"] = False
    return databases


def _connected(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        # Opening SQLite anew for each request takes five times as long as the request itself.
        file = dj_database_url.parse(address, conn_max_age=None, conn_health_checks=True)
        return {**file, "OPTIONS": SQLITE.copy()}
    options = dict(parse_qsl(parts.query))
    own = {name: options.pop(name) for name in OF_DJANGO if name in options}
    plain = urlunsplit(parts._replace(query=urlencode(options)))
    database = {**dj_database_url.parse(plain, conn_health_checks=True)}
    database["OPTIONS"] = POSTGRESQL | database.get("OPTIONS", {})
    if "pool" in own:  # Django gives a connection back at the end of each request
        size = {"min_size": 1, "max_size": int(own["pool"]), "timeout": LOCK_SECONDS}
        return database | {"OPTIONS": database["OPTIONS"] | {"pool": size}, "CONN_MAX_AGE": 0} | _shared(own)
    return database | {"CONN_MAX_AGE": int(own.get("conn_max_age", KEEP_SECONDS))} | _shared(own)


def _shared(own: dict[str, str]) -> dict[str, bool]:
    """Whether a pooler such as PgBouncer gives each transaction another session of the database."""
    return {"DISABLE_SERVER_SIDE_CURSORS": own.get("disable_server_side_cursors", "").lower() in TRUE}


def impatient() -> None:
    """A request waits shorter for the database than a command does: then it is answered with 503.

    PostgreSQL is told when it is connected to. Behind a pooler that shares sessions, the pooler has to tell it
    (`deploy/pgbouncer.ini`), as what one session is told there would hold for others.
    """
    limits = f"-c lock_timeout={LOCK_SECONDS}s -c statement_timeout={STATEMENT_SECONDS}s"
    for database in connections.settings.values():
        options = database["OPTIONS"]
        if database["ENGINE"].endswith("sqlite3"):
            options["timeout"] = LOCK_SECONDS
        elif not database.get("DISABLE_SERVER_SIDE_CURSORS"):
            options["options"] = f"{options.get('options', '')} {limits}".strip()
