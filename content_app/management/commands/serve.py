"""One command from nothing to a served library: `make run` calls it.

In: HOST, PORT, DATABASE_URL (see the settings). Out: a server, until it is told to stop. A second start changes
nothing: every step first looks whether there is something to do.
"""

import contextlib
import ctypes
import errno
import hashlib
import multiprocessing
import os
import signal
import socket
import sys
import threading

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from amps_api import logs
from content_app.manuscripts import code_releases
from content_app.models import Release
from content_app.operation import running, shared_keys, stopping
from content_app.operation.metrics import counts  # noqa: F401 - its memory is made before processes are forked
from content_app.operation.supervision import kept_running

FILL = "manage.py publish_first_content"
HEADER_SECONDS = 10  # for a client to send the head of a request
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
PR_SET_PDEATHSIG = 1  # linux/prctl.h: a signal to this process when its parent dies
ADDRESSES = (
    ("Home", "/"),
    ("Documentation", "/docs/"),
    ("API", "/api/v1/"),
    ("Editorial desk", "/admin/"),
)


class AnnouncingServer(Server):
    """A server that says so as soon as it answers, and before it stops: then `/readyz` is 503 for SHUTDOWN_DELAY."""

    def __init__(self, *args, announce, **options):
        super().__init__(*args, **options)
        self.announce = announce

    def startup(self, *args):
        super().startup(*args)
        while not self.main_loop_interrupt.wait(0.05):  # told to stop, or a worker could not start
            with contextlib.suppress(OSError), socket.create_connection((self.bind_addr, self.bind_port)):
                return self.announce()

    def signal_handler_interrupt(self, number=None, *_):
        is_first = not stopping.has_begun()
        stopping.begin()
        if number == signal.SIGTERM and is_first and settings.SHUTDOWN_DELAY:
            delay = threading.Timer(settings.SHUTDOWN_DELAY, super().signal_handler_interrupt)
            delay.daemon = True
            delay.start()
        else:  # Ctrl-C, or told twice
            super().signal_handler_interrupt()


class Command(BaseCommand):
    help = "Migrate the database, publish the first content if the library is empty, and serve it on HOST and PORT."

    def handle(self, **options):
        for number in STOP_SIGNALS:
            signal.signal(number, self.stop_while_preparing)
        free_address(settings.HOST, settings.PORT)  # before the work, as after it somebody may have to do it again
        with running.in_use():
            self.prepare()
            close_connections()  # the workers open their own
            self.serve()

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
        shared_keys.agree()
        self.collect_static_files()
        self.say("Reading the code systems …")
        code_releases.prepared()
        self.fill()

    def fill(self) -> None:
        """First content for a trial. Where HTTPS is on, nobody gets accounts whose passwords are in a log."""
        if not settings.HTTPS:
            call_command("publish_first_content", stdout=self.stdout, stderr=self.stderr)
        elif not Release.objects.exists():
            self.say(f"Nothing has been published yet. To load the first content, run: {FILL}")

    def collect_static_files(self) -> None:
        """Hashes and compresses the static files, unless that was done with exactly these files."""
        done = settings.VAR_DIR / "static-files"
        fingerprint = static_files_fingerprint()
        if done.exists() and done.read_text() == fingerprint and settings.STATIC_ROOT.exists():
            return
        self.say("Collecting static files …")
        call_command("collectstatic", verbosity=0, interactive=False)
        done.write_text(fingerprint)

    def serve(self) -> None:
        """Runs the server until SIGINT or SIGTERM."""
        server = AnnouncingServer(
            "amps_api.rsgi:application",
            address=free_address(settings.HOST, settings.PORT),
            port=settings.PORT,
            interface=Interfaces.RSGI,
            workers=settings.PROCESSES,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
            respawn_failed_workers=True,
            workers_kill_timeout=5,  # seconds for the answers that are on their way
            log_level=LogLevels.info if settings.ACCESS_LOG else LogLevels.warning,
            log_dictconfig=logs.of_the_server(settings.LOG_FORMAT),
            log_access=settings.ACCESS_LOG,
            log_access_format=logs.ACCESS,
            announce=self.show_addresses,
        )
        if sys.platform == "linux":  # elsewhere a fork is not safe, and workers begin from nothing
            multiprocessing.set_start_method("fork", force=True)
            os.register_at_fork(after_in_child=settle_as_worker)
        with kept_running(worker()):
            server.serve()
        self.say("Stopped.")

    def show_addresses(self) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 — shown, not bound
        home = f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"
        self.say("")
        for label, path in ADDRESSES:
            self.say(f"{label:20}{home}{path}")
        self.say("\nPress Ctrl-C to stop the server.")


def close_connections() -> None:
    """Close every connection to a database, those in a pool too: its threads do not outlive a fork."""
    connections.close_all()
    for database in connections.all(initialized_only=True):
        if getattr(database, "pool", None):
            database.close_pool()


def worker() -> list:
    """The command of the worker beside this server, which ends when this process does."""
    return [sys.executable, sys.argv[0], "work", f"--while-runs={os.getpid()}"]


def free_address(host: str, port: int) -> str:
    """The numeric address of a host, at which the port is free. Raises CommandError with what to do if it is not."""
    try:
        family, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            # Passes over connections that are only closing; a server that listens still stands in the way.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where)
    except socket.gaierror:
        raise CommandError(f"HOST={host} is not an address of this machine.")
    except PermissionError:
        raise CommandError(
            f"You do not have permission to use port {port}. Choose one above 1023, for example: PORT=8000 make run"
        )
    except OSError as error:
        raise CommandError(in_the_way(host, port, error))
    return where[0]


def in_the_way(host: str, port: int, error: OSError) -> str:
    """A sentence on why nothing can listen here, and what to do about it."""
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return f"Port {port} is already in use. Stop the other program or choose another port: PORT={other} make run"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"HOST={host} is not an address of this machine."
    return f"The server cannot listen on {host}, port {port}: {error.strerror}."


def static_files_fingerprint() -> str:
    """A hash that changes when a static file is added, changed or removed."""
    files = (storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
    states = sorted((path, os.stat(path).st_size, os.stat(path).st_mtime_ns) for path in files)
    return hashlib.sha256(repr(states).encode()).hexdigest()


def settle_as_worker() -> None:
    """In a worker that has just been forked, so with this process's handlers.

    A worker stops when this process tells it to, at once while it still loads: it has nothing to finish yet. Ctrl-C
    reaches every process of a terminal; a worker that went by itself would look like one that failed.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # And if this process is killed outright, the worker does not keep the port.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
