"""One command from nothing to a served library: `make run` calls it.

In: HOST, PORT, DATABASE_URL (see the settings). Out: a server, until it is told to stop. A second start changes
nothing: every step first looks whether there is something to do.
"""

import errno
import hashlib
import os
import signal
import socket
import sys

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

FIRST_CONTENT = settings.BASE_DIR / "fixtures"
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
ADDRESSES = (
    ("Home", "/"),
    ("How to use the API", "/docs/"),
    ("API", "/api/v1/"),
    ("For editors", "/admin/"),
)


class Command(BaseCommand):
    help = "Bring the database up to date, fill an empty library, and serve it on HOST and PORT."

    def handle(self, **options):
        for number in STOP_SIGNALS:
            signal.signal(number, self.stop_while_preparing)
        address = free_address(settings.HOST, settings.PORT)
        try:
            self.prepare()
        except OperationalError as error:
            reason = " ".join(str(error).split())
            raise CommandError(f"The database cannot be used; DATABASE_URL says which one it is. It answers: {reason}")
        connections.close_all()  # the workers open their own
        self.serve(address)

    def stop_while_preparing(self, *_):
        self.say("Stopped.")
        sys.exit(0)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

    def prepare(self) -> None:
        """Whatever is not yet as it should be: tables, static files, first content. Each may be broken off."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self.say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        self.collect_static_files()
        call_command("publish_first_content", FIRST_CONTENT, stdout=self.stdout, stderr=self.stderr)

    def collect_static_files(self) -> None:
        """Hashes and compresses the static files, unless that was done with exactly these files."""
        done = settings.VAR_DIR / "static-files"
        fingerprint = static_files_fingerprint()
        if done.exists() and done.read_text() == fingerprint and settings.STATIC_ROOT.exists():
            return
        self.say("Collecting static files …")
        call_command("collectstatic", verbosity=0, interactive=False)
        done.write_text(fingerprint)

    def serve(self, address: str) -> None:
        """Runs the server until SIGINT or SIGTERM, which let answers that are on their way arrive."""
        server = Server(
            "amps_api.wsgi:application",
            address=free_address(settings.HOST, settings.PORT),
            port=settings.PORT,
            interface=Interfaces.WSGI,
            workers=2,
            blocking_threads=1,  # Django is fastest with one thread a process
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        )
        os.register_at_fork(after_in_child=stop_at_once_until_serving)
        server.on_startup(self.show_addresses)
        server.serve()
        self.say("Stopped.")

    def show_addresses(self) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 — shown, not bound
        home = f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"
        self.say("")
        for label, path in ADDRESSES:
            self.say(f"{label:20}{home}{path}")
        self.say("\nCtrl-C stops the server.")


def free_address(host: str, port: int) -> str:
    """The numeric address of a host, at which the port is free. Raises CommandError with what to do if it is not."""
    if not 0 < port < 65536:
        raise CommandError(f"PORT={port} is no port: choose one from 1 to 65535.")
    try:
        family, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            # Passes over connections that are only closing; a server that listens still stands in the way.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
    except socket.gaierror:
        raise CommandError(f"HOST={host} is no address of this machine.")
    except PermissionError:
        raise CommandError(f"You may not use port {port}: choose one above 1023, for example PORT=8000 make run.")
    except OSError as error:
        raise CommandError(in_the_way(host, port, error))
    return where[0]


def in_the_way(host: str, port: int, error: OSError) -> str:
    """A sentence on why nothing can listen here, and what to do about it."""
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return f"Port {port} is taken by another program: stop that one, or choose another port: PORT={other} make run."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={host} is no address of this machine."
    return f"Nothing can listen on {host}, port {port}: {error.strerror}."


def static_files_fingerprint() -> str:
    """A hash that changes when a static file is added, changed or removed."""
    files = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    states = sorted((path, os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in files)
    return hashlib.sha256(repr(states).encode()).hexdigest()


def stop_at_once_until_serving() -> None:
    """In a worker that has just been forked, so with this process's handlers: it has nothing to finish yet.

    Otherwise a worker told to stop while it loads would never hear of it. Ctrl-C reaches every process of a terminal;
    the workers leave it to this one.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
