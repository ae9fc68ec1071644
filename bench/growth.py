"""What does not grow with the library: the CPU time of each kind of read, and of publishing one item, at two sizes.

    bench/large [DOCUMENTS]

In: a folder for each size, filled by `bench.large_library`, whose databases are at the addresses given. Out: a table
of CPU time for each request in the process that answers, of a small library and of a large one, and of their ratio;
then the memory of the process that has answered everything. The read plane is off: every request is answered anew.
"""

import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from bench.reads import JSON, request, split
from bench.server import Worker, serving

ROUNDS = 3
MOST_GROWTH, MOST_GROWTH_OF_PUBLISHING = 1.2, 1.5


def opened(stack: ExitStack, folder: Path, address: str) -> Worker:
    """A server over the library in a folder, that has answered one request."""
    own = {"VAR_DIR": str(folder), "DATABASE_URL": address, "READ_PLANE": "off"}
    server = stack.enter_context(
        serving("amps_api.rsgi:application", own | {"LIMIT_ANONYMOUS": "0", "ALLOWED_HOSTS": "localhost"})
    )
    server.ask(request("/api/v1/", JSON))
    return server


def cost(server: Worker, addresses: list[str]) -> tuple[float, float, str]:
    """CPU seconds of the first request ever, then of a request, in the quietest of some rounds; and its status."""
    sent = [request(address, "*/*") for address in addresses]
    server.connect()
    before = server.seconds()
    status = split(server.ask(sent[0])[0])[0]
    first, server_rounds = server.seconds() - before, []
    for _ in range(ROUNDS if first < 0.5 else 1):
        server_rounds.append(server.cost(sent if first < 0.05 else sent[:2]))
    return first, min(server_rounds), status.split()[0]


def show(name: str, small: float, large: float, most: float, remark: str = "") -> None:
    """A row of the table."""
    ratio = large / small
    missed = " **" if ratio > most else ""
    sys.stdout.write(
        f"| {name} | {small * 1e3:.2f} ms | {large * 1e3:.2f} ms | {ratio:.2f}{missed} | ≤ {most} | {remark} |\n"
    )
    sys.stdout.flush()


def main(small: str, small_address: str, large: str, large_address: str, *only: str) -> None:
    told = [json.loads((Path(folder) / "questions.json").read_text()) for folder in (small, large)]
    with ExitStack() as stack:
        servers = [opened(stack, Path(small), small_address), opened(stack, Path(large), large_address)]
        memory = servers[1].memory()
        sys.stdout.write("| read | small | large | growth | target | first at large |\n|---|---|---|---|---|---|\n")
        for name in told[1]["questions"]:
            if only and not any(part in name for part in only):
                continue
            sides = [cost(server, side["questions"][name]) for server, side in zip(servers, told, strict=True)]
            statuses = {status for _, _, status in sides} - {"200"}
            remark = f"{sides[1][0] * 1e3:.0f} ms {' '.join(statuses)}"
            show(name, sides[0][1], sides[1][1], MOST_GROWTH, remark)
        show("publishing one item", told[0]["publish"], told[1]["publish"], MOST_GROWTH_OF_PUBLISHING)
        more = (servers[1].memory() - memory) / 2**20
        sys.stdout.write(f"\nMemory of a process: {memory / 2**20:.0f} MiB, {more:.0f} MiB more after all of this.\n")


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    main(*sys.argv[1:])
