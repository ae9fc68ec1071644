"""What reads cost in a large library, as ratios to a point read, on the database of DATABASE_URL.

    bench/large [DOCUMENTS [ROUNDS [search]]]

In: an empty database. Out: a table of p50 and p95 for each kind of read, in process through the whole middleware, and
peak memory of what walks through a release. Documents are made up, compiled and stored by the functions that publish;
with `search` they are indexed for search too, which takes ten times as long. Then every plan of the database is shown
that reads a table from one end to the other.
"""

import itertools
import logging
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - Django must be set up first
from django.core.management import call_command  # noqa: E402 - as above
from django.db import connection, transaction  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above

from bench.search_corpus import Language  # noqa: E402 - as above
from content_app.delivery.query import cursors  # noqa: E402 - as above
from content_app.delivery.store import reading  # noqa: E402 - as above
from content_app.manuscripts import compiler  # noqa: E402 - as above
from content_app.models import Document  # noqa: E402 - as above
from content_app.publication import publishing  # noqa: E402 - as above
from content_app.publication.index import indexing  # noqa: E402 - as above
from content_app.vocabulary import terms  # noqa: E402 - as above
from tests.library import CITED, coding, relation, source, statement, uuid_of  # noqa: E402 - as above
from tests.query_plans import plans  # noqa: E402 - as above

RELEASES = 10
KINDS = ("concept", "symptom_type", "example", "concept", "condition")
REVIEW = {
    "state": "clinically_reviewed", "reviewed_on": "2026-01-01", "review_due_on": "2028-01-01",
    "reviewer_role": "Clinical", "cycle_months": 24,
}  # fmt: skip
CLIENT = Client(SERVER_NAME="localhost")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def editorial(number: int, language: Language) -> dict[str, Any]:
    """The editorial document of one item: names, statements, a code, and a relation to the item before."""
    kind, slug = KINDS[number % len(KINDS)], f"item-{number}"
    own = {
        "concept": {"topic": language.chance.choice(list(terms.TOPICS))},
        "symptom_type": {"category": language.chance.choice(list(terms.CATEGORIES)), "observation": "reported"},
        "example": {"form": "vignette", "trigger": language.sentence(9)},
        "condition": {"cause_status": "not_stated"},
    }[kind]
    before = f"{KINDS[(number - 1) % len(KINDS)]}/item-{number - 1}"
    return {
        "kind": kind, "uuid": uuid_of("large", slug), "slug": slug, "name": language.name(), **own,
        "names": [{"text": language.sentence(3), "type": "everyday_wording", "language": "en", "citations": CITED}],
        "summary": {"clinical": language.sentence(14), "plain": language.sentence(12)},
        "citations": CITED,
        "statements": [
            statement(language.sentence(18), uuid=uuid_of(slug, str(place)), plain=language.sentence(14),
                      aspect=language.chance.choice(list(terms.ASPECTS)))
            for place in range(4)
        ],
        "relations": [relation("related_to", before, modality="asserted", likelihood="likely")] if number else [],
        "codings": [coding("hpo", f"HP:{number:07}", display=language.sentence(2))],
    }  # fmt: skip


def compiled(numbers: range, language: Language, work: dict[str, Any]) -> Iterator[compiler.Compiled]:
    for number in numbers:
        document = editorial(number, language)
        ends = compiler.references(document)
        targets = {
            end: compiler.Target(uuid_of("large", slug := end.partition("/")[2]), end.partition("/")[0], slug, slug)
            for end in ends
        }
        yield compiler.compile_item(document, compiler.Directory(targets, {work["slug"]: work}), REVIEW, [])


def fill(size: int, *, is_searched: bool) -> None:
    """Publish the library in ten releases; each later one also changes some items of those before."""
    call_command("migrate", verbosity=0)
    by, language, work = User.objects.create_user("bench"), Language(min(95_000, max(300, size)), 1), source()
    if not is_searched:
        indexing.index_release = lambda number: None
    started, share = time.perf_counter(), size // RELEASES
    for turn in range(RELEASES):
        fresh = list(compiled(range(turn * share, (turn + 1) * share), language, work))
        fresh += compiled(range(turn, turn * share, 1009), language, work)
        fresh += [compiler.compile_source(work)]
        with transaction.atomic():
            publishing._write_release(fresh, {}, significance="substantive", note="", by=by)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as autovacuum does there by itself
    say(f"{connection.vendor}: {Document.objects.count()} documents in {time.perf_counter() - started:.0f} s")


def get(address: str) -> Any:
    response = CLIENT.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address}: {response.status_code} {response.content[:300]!r}")
    return response


def behind(address: str, **where: Any) -> str:
    """The address of a list with a cursor in the middle of it."""
    path, _, query = address.partition("?")
    asked = {"": path, **dict(part.split("=") for part in query.split("&") if part)}
    rows = reading.living(reading.current_moment()).filter(**where).order_by("sort_name", "item_uuid")
    name, key = rows.values_list("sort_name", "item_uuid")[rows.count() // 2]
    token = cursors.encode(cursors.Cursor(RELEASES, (name, str(key))), asked)
    return f"{address}{'&' if query else '?'}cursor={token}"


def cases(size: int, *, is_searched: bool) -> dict[str, Callable[[], object]]:
    """What is measured, by name. The first is the yardstick."""
    chance = random.Random(3)  # noqa: S311 - the same items every time
    concepts = [f"item-{number}" for number in range(0, size, 5)]
    ids = [
        str(key)
        for key in Document.objects.filter(first_release=RELEASES // 2).values_list("item_uuid", flat=True)[:1000]
    ]
    held = {"items": [{"id": key, "version": 1} for key in ids]}
    deep, narrowed = behind("/api/v1/concepts/", kind="concept"), "/api/v1/concepts/?topic=mechanism"
    deep_narrowed = behind(narrowed, kind="concept")
    manifest = get(f"/api/v1/releases/{RELEASES}/").json()["next"]
    middle = get(f"/api/v1/changes/?after_release={RELEASES // 2}").json()["next"]
    pick = lambda: chance.choice(concepts)  # noqa: E731 - a name for what follows
    found = {
        "a document": lambda: get(f"/api/v1/concepts/{pick()}/"),
        "… as of an earlier release": lambda: get(f"/api/v1/concepts/{pick()}/?release={RELEASES}"),
        "… by its identifier": lambda: get(f"/api/v1/items/{chance.choice(ids)}/"),
        "… that is not there": lambda: CLIENT.get(f"/api/v1/concepts/{pick()}x/"),
        "a list, first page": lambda: get("/api/v1/concepts/"),
        "… deep page": lambda: get(deep),
        "… first page of release 3": lambda: get("/api/v1/concepts/?release=3"),
        "… newest first": lambda: get("/api/v1/concepts/?ordering=-updated"),
        "… changed since": lambda: get("/api/v1/concepts/?updated_since=2020-01-01"),
        "… narrowed by topic": lambda: get(narrowed),
        "… narrowed, deep page": lambda: get(deep_narrowed),
        "… narrowed by code": lambda: get(f"/api/v1/concepts/?code=HP:{chance.randrange(size // 5) * 5:07}"),
        "… related to an item": lambda: get(f"/api/v1/examples/?related=concepts/{pick()}"),
        "… citing a source": lambda: get("/api/v1/concepts/?source=a-text"),
        "a statement": lambda: get(f"/api/v1/statements/{uuid_of(pick(), '2')}/"),
        "codings of a code": lambda: get(f"/api/v1/codings/?system=hpo&code=HP:{chance.randrange(size):07}"),
        "codings of a system": lambda: get("/api/v1/codings/?system=hpo"),
        "relations of an item": lambda: get(f"/api/v1/relations/?item=concepts/{pick()}"),
        "relations, first page": lambda: get("/api/v1/relations/?predicate=related_to"),
        "100 documents by identifier": lambda: get(f"/api/v1/items/?fields=meta&ids={','.join(ids[:100])}"),
        "versions of an item": lambda: get(f"/api/v1/items/{chance.choice(ids)}/versions/"),
        "changes from the middle": lambda: get(middle),
        "changes from the beginning": lambda: get("/api/v1/changes/"),
        "1,000 copies checked": lambda: CLIENT.post("/api/v1/check/", held, content_type="application/json"),
        "manifest of 1,000, first page": lambda: get(f"/api/v1/releases/{RELEASES}/"),
        "manifest of 1,000, next page": lambda: get(manifest),
        "two releases compared": lambda: get(f"/api/v1/releases/{RELEASES - 2}/compare/{RELEASES}/?show=list"),
        "feed of changes": lambda: get("/feeds/changes.atom"),
    }
    words = itertools.cycle(Document.objects.order_by("slug").values_list("name", flat=True)[:200])
    if is_searched:
        found |= {
            "search for a name": lambda: get(f"/api/v1/search/?q={next(words).split()[0]}"),
            "suggest": lambda: get(f"/api/v1/suggest/?q={next(words)[:3].strip()}"),
        }
    return found


def times(call: Callable[[], object], rounds: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds, after a warm-up. What is slow is asked less often."""
    found = []
    call()
    until = time.perf_counter() + 10
    while len(found) < rounds and (len(found) < 5 or time.perf_counter() < until):
        started = time.perf_counter()
        call()
        found.append(1000 * (time.perf_counter() - started))
    found.sort()
    return found[len(found) // 2], found[int(0.95 * (len(found) - 1))]


def peak(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds that a call takes, and by how many megabytes the memory of this process grows meanwhile (Linux)."""
    before = memory("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak begins anew
    started = time.perf_counter()
    call()
    return time.perf_counter() - started, memory("VmHWM") - before


def memory(name: str) -> float:
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name))


def streamed(address: str, **headers: str) -> None:
    for _ in CLIENT.get(address, headers=headers).streaming_content:
        pass


def whole_scans(call: Callable[[], object]) -> str:
    """The lines of the plans of a call's queries that sort, or read a table from one end to the other."""
    signs = (
        "SCAN content_app_",
        "TEMP B-TREE",
        "Seq Scan on content_app_document",
        "Seq Scan on content_app_indexterm",
    )
    lines = (line.strip() for plan in plans(call) for line in plan)
    return "; ".join(sorted({line for line in lines if any(sign in line for sign in signs)}))


def main(size: int = 100_000, rounds: int = 40, *options: str) -> None:
    logging.disable(logging.WARNING)  # what is not there is asked for on purpose
    is_searched = "search" in options
    fill(int(size), is_searched=is_searched)
    measure(int(size), int(rounds), is_searched=is_searched)


def measure(size: int, rounds: int, *, is_searched: bool) -> None:
    """Print the table."""
    measured = cases(size, is_searched=is_searched)
    yardstick = None
    say(f"{'':32}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}")
    for name, call in measured.items():
        p50, p95 = times(call, rounds)
        yardstick = yardstick or p50
        say(f"{name:32}{p50:9.2f}{p95:9.2f}{p50 / yardstick:8.1f}  {whole_scans(call)}")
    lines = f"/api/v1/releases/{RELEASES}/export.ndjson"
    walks = {
        "export, made and streamed": lambda: streamed(lines),
        "export, streamed again": lambda: streamed(lines),
        "export, resumed near its end": lambda: streamed(lines, Range="bytes=-1000000"),
        "FHIR, first $lookup of a release": lambda: get(
            "/fhir/CodeSystem/$lookup?system=urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4&code=item-5"
        ),
    }
    for name, call in walks.items():
        seconds, megabytes = peak(call)
        say(f"{name:34}{seconds:9.2f} s, {megabytes:8.1f} MB more at the peak")


if __name__ == "__main__":
    main(*sys.argv[1:])
