"""What a server takes: memory of its processes, and space on the disk, with the first content and after some reads.

In: nothing. Out: a table in megabytes. Run it with `python -m bench.sizing`.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests import postgres
from tests.cluster import KEYS, Machine
from tests.readers import reading

MEGABYTE = 1_000_000
ROUNDS = 200  # answers, so that caches have what they usually have


def memory_of(process: int) -> float:
    """What a process has for itself, and its part of what it shares."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / MEGABYTE


def children_of(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def size_of(folder: Path, *patterns: str) -> float:
    files = {path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}
    return sum(path.stat().st_size for path in files) / MEGABYTE


def main() -> None:
    """Start a server with two processes, read from it, and say what it takes."""
    import django

    django.setup()
    from tests import prepared  # reads settings

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "var"
        machine = Machine(KEYS | prepared.environment_of_a_server(folder), postgres.free_port())
        machine.start()
        try:
            with reading(f"http://127.0.0.1:{machine.port}") as seen:
                while seen.answers < ROUNDS:
                    time.sleep(0.1)
            parts = {"main process": memory_of(machine.process.pid)}
            for number, process in enumerate(children_of(machine.process.pid), 1):
                command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                parts["worker" if " work " in command else f"process {number} that answers"] = memory_of(process)
            table = {f"memory: {name}": size for name, size in parts.items()} | {
                "memory: together": sum(parts.values()),
                "disk: database, SQLite": size_of(folder, "amps.sqlite3*"),
                "disk: static files": size_of(folder / "static", "*") or size_of((folder / "static").resolve(), "*"),
                "disk: index of code systems": size_of(folder, "code-releases-*"),
            }
        finally:
            machine.stop()
    for name, size in table.items():
        sys.stdout.write(f"{name:34}{size:8.1f} MB\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
    main()
