"""A throw-away PgBouncer before a PostgreSQL server, set up as `deploy/pgbouncer.ini` is.

In: the server. Out: the address at which clients are given another session for each transaction.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.postgres import Server, free_port, server_account

ROOT = Path(__file__).parent.parent
PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")
NOT_INSTALLED = "There is no PgBouncer on this machine (Debian, Ubuntu: apt install pgbouncer)."


@contextmanager
def before(server: Server) -> Iterator[str]:
    """PgBouncer, until the end of the block; yields its address."""
    port = free_port()
    settings = (ROOT / "deploy" / "pgbouncer.ini").read_text()
    for name, value in {
        "port=5432": f"port={server.port}", "dbname=amps": "dbname=postgres", "host=db.internal": "host=127.0.0.1",
    }.items():  # fmt: skip
        settings = settings.replace(name, value)
    own = {"listen_port": port, "auth_type": "any", "logfile": "", "pidfile": "", "auth_file": ""}
    for name, value in own.items():
        settings = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}" if value else "", settings)
    settings = re.sub(r"(?m)^amps = ", "amps = user=amps ", settings)
    file = server.place / "pgbouncer.ini"
    file.write_text(settings)
    process = subprocess.Popen(
        [PROGRAM, file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **server_account()
    )
    address = f"postgresql://amps@127.0.0.1:{port}/amps"
    try:
        _wait_for(address)
        yield address
    finally:
        process.kill()
        process.wait(10)


def _wait_for(address: str) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError):
            psycopg.connect(address).close()
            return
        time.sleep(0.05)
    raise AssertionError("PgBouncer did not answer.")
