"""What a read costs, beside a WSGI application that hands out the same bytes on the same server, in one run.

    make bench

In: the first content, published into a database of its own. Out: a table of CPU time for each request, in the process
that answers, and of the ratio to those of the bare application. Requests go over HTTP; limits are counted, as in
production, and never reached. A ratio is the median of rounds in which both are asked in turn.
"""

import json
import os
import pickle
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.server import ROOT, Worker, serving

AMPS = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome"
JSON, PAGE = "application/json", "text/html"
WORDS = (
    "hand",
    "cold",
    "pain",
    "touch",
    "sleep",
    "fever",
    "school",
    "stress",
    "family",
    "nerve",
    "injury",
    "joint",
    "rest",
)
ROUNDS = 9


@dataclass(frozen=True)
class Case:
    """A row of the table: addresses that are asked in turn, of which server, how often in a round, and the target."""

    name: str
    server: str
    addresses: tuple[str, ...]
    target: str
    accept: str = JSON
    times: int = 320
    is_conditional: bool = False
    is_first_read: bool = False


def cases(documents: tuple[str, ...]) -> list[Case]:
    """All rows. In: addresses of documents."""
    searches = tuple(f"/api/v1/search/?q={word}" for word in WORDS)
    suggestions = tuple(f"/api/v1/suggest/?q={word[:3]}" for word in WORDS)
    return [
        Case("a document", "plane", (f"{AMPS}/",), "≥ 0.7"),
        Case("a document, 304", "plane", (f"{AMPS}/",), "≥ 0.7", is_conditional=True),
        Case("a list of 20", "plane", ("/api/v1/concepts/",), "≥ 0.7"),
        Case("a readable page", "plane", (f"{AMPS}.html",), "≥ 0.7", accept=PAGE, times=160),
        Case("a search, asked again", "plane", searches[:1], "≥ 0.6"),
        Case("suggestions, asked again", "plane", suggestions[:1], "≥ 0.6"),
        Case("documents, each read for the first time", "plane", documents, "≥ 0.4", is_first_read=True),
        Case("a document from its view", "django", (f"{AMPS}/",), "≥ 0.1", times=64),
        Case("a list of 20 from its view", "django", ("/api/v1/concepts/",), "", times=32),
        Case("searches, each new", "django", searches, "≤ 600 µs", times=16),
        Case("suggestions, each new", "django", suggestions, "≤ 600 µs", times=16),
    ]


def request(address: str, accept: str, tag: str = "", host: str = "localhost") -> bytes:
    """What a program sends to read an address."""
    lines = [f"GET {address} HTTP/1.1", f"Host: {host}", "Accept-Encoding: gzip", f"Accept: {accept}"]
    return "\r\n".join([*lines, *([f"If-None-Match: {tag}"] if tag else []), "", ""]).encode()


def split(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """Status and headers of an answer, without those that the server adds."""
    status, *lines = head.decode().split("\r\n")
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    return status.partition(" ")[2], [header for header in headers if header[0] not in ("date", "server")]


def requests_of(case: Case, server: Worker) -> list[bytes]:
    """What is sent in a round of a case."""
    sent = []
    for address in case.addresses:
        head, _ = server.ask(request(address, case.accept))
        tag = dict(split(head)[1])["etag"] if case.is_conditional else ""
        sent.append(request(address, case.accept, tag))
    return sent


def record(path: Path, server: Worker, sent: list[bytes]) -> None:
    """Write the answers to these requests where the bare application reads them."""
    answers = {}
    for one in sent:
        status, headers = split((answer := server.ask(one))[0])
        lines = one.decode().split("\r\n")
        where, _, query = lines[0].split()[1].partition("?")
        tag = next((line.partition(": ")[2] for line in lines if line.startswith("If-None-Match")), None)
        answers[where, query, tag] = status, headers, answer[1]
    path.write_bytes(pickle.dumps(answers))


def measured(case: Case, servers: dict[str, Worker], sent: list[bytes]) -> Iterator[tuple[float, float]]:
    """Seconds of the bare application and of ours for a request, round by round."""
    for server in (servers["raw"], servers[case.server]):
        server.connect()
    ours, times = servers[case.server], max(1, case.times // len(sent))
    for number in range(ROUNDS + 1):
        asked = sent * times
        if case.is_first_read:  # nobody has read anything under this host; one document shows what answers look like
            host = f"h{number}.localhost".encode()
            asked = [one.replace(b"localhost", host) for one in sent]
            ours.cost(asked[:1] * 20)
        bare = servers["raw"].cost(sent * max(1, 320 // len(sent)))
        cost = bare, ours.cost(asked)
        if number:  # the first round only warms up
            yield cost


@contextmanager
def running(folder: Path) -> Iterator[dict[str, Worker]]:
    """The read plane, Django alone, and the bare application with the answers in `folder`."""
    ours = {"VAR_DIR": str(folder), "LIMIT_ANONYMOUS": "1000000", "ALLOWED_HOSTS": ".localhost"}
    apart = {"plane": {"READ_PLANE": "on"}, "django": {"READ_PLANE": "off"}}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(serving("amps_api.rsgi:application", ours | own)) for name, own in apart.items()
        }


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        prepare(folder)
        with running(folder) as servers:
            listed = json.loads(servers["django"].ask(request("/api/v1/concepts/?page_size=100", JSON))[1])["results"]
            documents = tuple(f"/api/v1/concepts/{entry['slug']}/" for entry in listed)
            rows = [(case, requests_of(case, servers[case.server])) for case in cases(documents)]
            record(folder / "answers", servers["django"], [one for _, sent in rows for one in sent])
            with serving("bench.raw:application", {"RAW_ANSWERS": str(folder / "answers")}) as raw:
                show(rows, servers | {"raw": raw})
            sys.stdout.write(f"\nMemory of a process: {servers['plane'].memory() / 2**20:.0f} MiB (PSS)\n")


def show(rows: list[tuple[Case, list[bytes]]], servers: dict[str, Worker]) -> None:
    """Measure and write the table."""
    sys.stdout.write("| read | bytes alone | this | ratio | target |\n|---|---|---|---|---|\n")
    for case, sent in rows:
        rounds = list(measured(case, servers, sent))
        bare, ours = (statistics.median(side) * 1e6 for side in zip(*rounds, strict=True))
        ratio = statistics.median(alone / with_us for alone, with_us in rounds)
        sys.stdout.write(f"| {case.name} | {bare:.0f} µs | {ours:.0f} µs | {ratio:.2f} | {case.target} |\n")
        sys.stdout.flush()


def prepare(folder: Path) -> None:
    """A database with the first content, and the static files, as a first run makes them."""
    for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"], ["publish_first_content", "fixtures"]):
        subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=os.environ | {"VAR_DIR": str(folder)},
            stdout=subprocess.DEVNULL,
            check=True,
        )


if __name__ == "__main__":
    main()
