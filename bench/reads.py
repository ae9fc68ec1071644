"""What a read costs, beside a WSGI application that hands out the same bytes on the same server, in one run.

    make bench

In: the first content, published into a database of its own. Out: a table of CPU time for each request, in the process
that answers, and of the ratio to those of the bare application. Requests go over HTTP; limits are counted, as in
production, and never reached. A ratio is the median of rounds in which both are asked in turn.
"""

import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from bench.server import ROOT, Worker, nginx, serving

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
ROUNDS, NEW = 7, 16
READING = 5.0  # seconds for which reads are timed, one after the other


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
    is_new: bool = False  # every round asks other addresses


def cases(documents: tuple[str, ...]) -> list[Case]:
    """All rows. In: addresses of documents."""
    asked = ["+".join(words) for words in permutations(WORDS, 2)][: NEW * (ROUNDS + 2)]
    searches = tuple(f"/api/v1/search/?q={text}" for text in asked)
    beginnings = dict.fromkeys(text[:size] for size in (3, 4, 5, 6, 7, 8, 9, 10, 11) for text in asked)
    suggestions = tuple(f"/api/v1/suggest/?q={text}" for text in [*beginnings][: NEW * (ROUNDS + 2)])
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
        Case("searches, each new", "plane", searches, "≤ 600 µs", is_first_read=True, is_new=True),
        Case("suggestions, each new", "plane", suggestions, "≤ 600 µs", is_first_read=True, is_new=True),
        Case("a condition from a nested DRF viewset", "drf", (f"{AMPS}/",), "", times=8),
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
            first, those = sent[0], sent[1 + number * NEW : 1 + (number + 1) * NEW] if case.is_new else sent
            asked = [one.replace(b"localhost", host) for one in those]
            ours.cost([first.replace(b"localhost", host)] * 20)
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
        found = {
            name: stack.enter_context(serving("amps_api.rsgi:application", ours | own)) for name, own in apart.items()
        }
        yield found | {"drf": stack.enter_context(serving("bench.drf:application", ours))}


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
                from_nginx(folder, raw, rows[0][1])
            sys.stdout.write(f"\nMemory of a process: {servers['plane'].memory() / 2**20:.0f} MiB (PSS)\n")
            while_publishing(servers["plane"], rows[0][1][0], folder)
        sys.stdout.write(f"Ready after {start_up(folder):.1f} s of CPU time on a second start (target: 2 s)\n")


def show(rows: list[tuple[Case, list[bytes]]], servers: dict[str, Worker]) -> None:
    """Measure and write the table."""
    sys.stdout.write("| read | bytes alone | this | ratio | target |\n|---|---|---|---|---|\n")
    for case, sent in rows:
        rounds = list(measured(case, servers, sent))
        bare, ours = (statistics.median(side) * 1e6 for side in zip(*rounds, strict=True))
        ratio = statistics.median(alone / with_us for alone, with_us in rounds)
        sys.stdout.write(f"| {case.name} | {bare:.0f} µs | {ours:.0f} µs | {ratio:.2f} | {case.target} |\n")
        sys.stdout.flush()


def from_nginx(folder: Path, raw: Worker, sent: list[bytes]) -> None:
    """The row of nginx, which hands out the same bytes from a file. Nothing where it is not installed."""
    if not shutil.which("nginx"):
        return
    head, body = raw.ask(sent[0])
    headers = [(n, v) for n, v in split(head)[1] if n not in ("content-type", "content-length", "connection")]
    with nginx(folder, {f"{AMPS}/": (body, headers)}) as server:
        rounds = []
        for _ in range(ROUNDS):
            raw.connect()
            server.connect()
            rounds.append((raw.cost(sent * 320), server.cost(sent * 320)))
    bare, theirs = (statistics.median(side) * 1e6 for side in zip(*rounds, strict=True))
    sys.stdout.write(f"| the document from nginx | {bare:.0f} µs | {theirs:.0f} µs | {bare / theirs:.2f} | |\n")


def while_publishing(server: Worker, one: bytes, folder: Path) -> None:
    """How long the slowest hundredth of reads take, idle and while release after release is published."""
    environment = os.environ | {"VAR_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    idle = slowest_hundredth(server, one)
    process = subprocess.Popen([sys.executable, "-m", "bench.publishing"], cwd=ROOT, env=environment)  # noqa: S603
    try:
        time.sleep(3)
        before = newest(server)
        busy = slowest_hundredth(server, one)
        published = newest(server) - before
    finally:
        process.kill()
        process.wait()
    sys.stdout.write(
        f"99 of 100 reads within {idle:.1f} ms, and {busy:.1f} ms while {published} releases were published\n"
    )


def newest(server: Worker) -> int:
    """The number of the current release."""
    return int(json.loads(server.ask(request("/api/v1/releases/?page_size=1", JSON))[1])["release"])


def slowest_hundredth(server: Worker, one: bytes) -> float:
    """Milliseconds within which 99 of 100 reads are answered, one after the other."""
    server.connect()
    taken, end = [], time.perf_counter() + READING
    while (began := time.perf_counter()) < end:
        server.ask(one)
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[int(0.99 * len(taken))]


def start_up(folder: Path) -> float:
    """CPU seconds that a worker over a library that is there needs until it has answered its first request."""
    with serving("amps_api.rsgi:application", {"VAR_DIR": str(folder), "ALLOWED_HOSTS": ".localhost"}) as server:
        server.ask(request(f"{AMPS}/", JSON))
        return server.seconds()


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
