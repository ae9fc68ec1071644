"""A whole deployment on this machine: a primary, a streaming standby, Redis, two servers, and nginx before them.

In: a folder. Out: a `Cluster`, set up as docs/operations.md says.
"""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import nginx, postgres, prepared, redis_server
from tests.live import ROOT, free_port, is_ready, wait_until
from tests.publisher import Publisher, publishing

KEYS = {
    "SECRET_KEY": base64.b64encode(bytes(range(48))).decode(),
    "SIGNING_KEY": base64.b64encode(bytes(range(32))).decode(),
}


@dataclass
class Machine:
    """A server of the application, as one of several."""

    environment: dict[str, str]
    port: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start, and wait until it is ready."""
        with open(f"{self.environment['VAR_DIR']}.log", "a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, stdout=log, stderr=log,
                env=os.environ | self.environment | {"PORT": str(self.port)},
            )  # fmt: skip
        wait_until(lambda: is_ready(f"http://127.0.0.1:{self.port}", self.process))

    def stop(self) -> None:
        """Stop as an operator does, and wait for the end."""
        self.process.terminate()
        self.process.wait(60)


@dataclass(frozen=True)
class Cluster:
    primary: postgres.Server
    standby: postgres.Server
    machines: list[Machine]
    proxy: nginx.Proxy
    publisher: Publisher
    accounts: dict[str, str]  # passwords by name


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """Everything, with the first content, until the end of the block."""
    with ExitStack() as stack:
        primary = stack.enter_context(postgres.primary(postgres.programs()))
        prepared.fill_on_postgresql(prepared.FILLED, primary.address)
        accounts = prepared.said_on("postgresql").read_text()
        standby = stack.enter_context(postgres.standby(primary))
        redis = stack.enter_context(redis_server.running(folder))
        both = f"host=127.0.0.1,127.0.0.1&port={primary.port},{standby.port}&target_session_attrs"
        ports = [free_port(), free_port()]
        proxy = stack.enter_context(nginx.before(folder, ports))
        environment = KEYS | {
            "DATABASE_URL": f"postgresql://amps@/postgres?{both}=read-write",
            "DATABASE_REPLICA_URLS": f"postgresql://amps@/postgres?{both}=prefer-standby&pool=8".replace(",", "%2C"),
            "CACHE_URL": redis.url,
            "ALLOWED_HOSTS": "127.0.0.1",
            "PUBLIC_URL": proxy.secure,
            "HTTPS": "1",
            "SECOND_FACTOR_REQUIRED": "0",
            "TRUSTED_PROXIES": "1",
            "LIMIT_ANONYMOUS": "0",
        }
        machines = []
        for name, port in zip(("one", "other"), ports, strict=True):
            (folder / name).mkdir()
            prepared.static_files_for(folder / name)
            machines.append(Machine(environment | {"VAR_DIR": str(folder / name)}, port))
            machines[-1].start()
            stack.callback(machines[-1].stop)
        publisher = stack.enter_context(publishing(machines[0].environment))
        passwords = dict(re.findall(r"Account created: (\w+)\s+password (\S+)", accounts))
        yield Cluster(primary, standby, machines, proxy, publisher, passwords)
