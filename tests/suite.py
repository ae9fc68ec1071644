"""Runs the suite as `make test` and `make test-thorough` do: on SQLite and on PostgreSQL at the same time.

In: arguments for pytest, and `--thorough`. Out: the exit code, and at the end the time that passed and the CPU time
that was used, by the tests and by every process they started. Which tests run where is said by markers in the files.
"""

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests import postgres

# Files go to the workers in their order, and each goes to one of them, so that it sets up its fixtures once.
PYTEST = (sys.executable, "-m", "pytest", "--dist", "loadfile", "--no-loadscope-reorder")
NOTHING_TO_RUN = 5
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h: who loses its parent becomes our child, so that its CPU time counts


def on_sqlite(arguments: list[str], *, thorough: bool) -> int:
    """Everything; when thorough, what is tried more widely then."""
    chosen = ("-n", "0", "-m", "thorough or widens") if thorough else ("-n", "2")
    return subprocess.run([*PYTEST, *chosen, *arguments], env=environment(thorough), check=False).returncode


def on_postgresql(arguments: list[str], *, thorough: bool, output: Path) -> int:
    """What depends on the database; when thorough, everything. What it prints goes to a file."""
    chosen = ("-n", "2") if thorough else ("-n", "0", "-m", "both_databases and not one_database")
    with ExitStack() as stack:
        address = stack.enter_context(postgres.server(postgres.programs()))
        said = stack.enter_context(output.open("w"))
        there = environment(thorough=False) | {"DATABASE_URL": address}
        return subprocess.run(
            [*PYTEST, *chosen, *arguments], env=there, stdout=said, stderr=said, check=False
        ).returncode


def environment(thorough: bool) -> dict[str, str]:
    """Compiled modules are kept, whatever the user's environment says: a suite starts a hundred processes of Python."""
    return os.environ | {"THOROUGH": "1" if thorough else "", "PYTHONDONTWRITEBYTECODE": ""}


def at_the_same_time(*jobs: Callable[[], int]) -> list[int]:
    """The exit codes of jobs that run together; 1 for one that could not run."""
    codes = [1] * len(jobs)

    def run(place: int) -> None:
        codes[place] = jobs[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def run(arguments: list[str], *, thorough: bool) -> int:
    """Run both jobs; on a machine without PostgreSQL, the one on SQLite, which in CI is not enough."""
    if postgres.programs() is None:
        code = on_sqlite(arguments, thorough=thorough)
        sys.stdout.write(f"\n{postgres.NOT_INSTALLED}\n")
        return code or (1 if os.environ.get("CI") == "true" else 0)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        codes = at_the_same_time(
            lambda: on_sqlite(arguments, thorough=thorough),
            lambda: on_postgresql(arguments, thorough=thorough, output=output),
        )
        sys.stdout.write(f"\nOn PostgreSQL:\n{output.read_text() if output.exists() else ''}")
    # Of some tests that were chosen, perhaps none depends on the database, or none is widened.
    failures = [code for code in codes if code and not (code == NOTHING_TO_RUN and arguments)]
    return NOTHING_TO_RUN if set(codes) == {NOTHING_TO_RUN} else max(failures, default=0)


def cpu_seconds() -> float:
    """What every process that has ended used, those included that lost their parent."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                break
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    thorough = "--thorough" in arguments
    begin = time.monotonic()
    code = run([argument for argument in arguments if argument != "--thorough"], thorough=thorough)
    minutes, seconds = divmod(round(time.monotonic() - begin), 60)
    sys.stdout.write(f"\nIt took {minutes} min {seconds} s, and {cpu_seconds():.0f} CPU seconds.\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
