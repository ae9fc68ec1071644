"""Times search on the database of DATABASE_URL: ours beside what the bare engine needs for the same words.

In: how many documents, how many rounds. Out: a table of milliseconds, p50 and p95. The database must be empty.
“bare” ranks all hits with bm25 or ts_rank and takes twenty; it neither folds, corrects, narrows, counts nor shows.
"""

import json
import os
import random
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.db import connection, transaction  # noqa: E402 - as above
from django.test import RequestFactory  # noqa: E402 - as above

from bench.search_corpus import PLAIN, documents, publish  # noqa: E402 - as above
from content_app.delivery.rest.search import SearchView, SuggestView  # noqa: E402 - as above
from content_app.models import Document  # noqa: E402 - as above
from content_app.models.search import SearchStem, SearchTop  # noqa: E402 - as above
from content_app.publication.index import indexing, texts  # noqa: E402 - as above

AT_ONCE = 2000
BARE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE bare USING fts5(words)",
        "INSERT INTO bare(rowid, words) VALUES(%s, %s)",
        "SELECT rowid FROM bare WHERE bare MATCH %s ORDER BY bm25(bare) LIMIT 20",
    ),
    "postgresql": (
        "CREATE TABLE bare (place integer PRIMARY KEY, words tsvector)",
        "INSERT INTO bare VALUES(%s, to_tsvector('english', %s))",
        "SELECT place FROM bare, plainto_tsquery('english', %s) q WHERE words @@ q "
        "ORDER BY ts_rank(words, q) DESC LIMIT 20",
    ),
}
SEARCH, SUGGEST = SearchView.as_view(), SuggestView.as_view()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def fill(size: int) -> None:
    """Publish and index made-up documents, and fill a bare table with the same words."""
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    with transaction.atomic():
        indexing.index_release(publish(list(documents(size))).number)
    say(f"{connection.vendor}: {size} documents stored and indexed in {time.perf_counter() - started:.0f} s")
    create, insert, _ = BARE[connection.vendor]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(create)
        rows = Document.objects.values_list("pk", "body").iterator(chunk_size=200)
        for pk, body in rows:
            document = json.loads(bytes(body))
            words = " ".join(text.text for text in (*texts.names(document), *texts.prose(document)))
            cursor.execute(insert, [pk, words])
        if connection.vendor == "postgresql":
            cursor.execute("CREATE INDEX bare_words ON bare USING gin(words)")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say(f"{SearchStem.objects.count()} stems, {SearchTop.objects.count()} listed for common ones")


def questions(rounds: int) -> dict[str, list[str]]:
    """Questions of each sort, `rounds` of them."""
    chance = random.Random(7)  # noqa: S311 - the same questions every time
    stems = SearchStem.objects.exclude(stem__regex="[0-9]").order_by("-entries", "stem")
    middle = list(stems.filter(entries__lt=200, entries__gt=20).values_list("stem", flat=True)[:400])
    rare = list(stems.order_by("entries", "stem").values_list("stem", flat=True)[:400])
    names = list(Document.objects.order_by("slug").values_list("name", flat=True)[:400])
    pick = chance.choice
    return {
        "one common word": [PLAIN[n % 6] for n in range(rounds)],
        "two common words": [f"{pick(PLAIN[:6])} {pick(PLAIN[6:16])}" for _ in range(rounds)],
        "five common words": [" ".join(chance.sample(PLAIN[:16], 5)) for _ in range(rounds)],
        "common and less common": [f"{pick(PLAIN[:6])} {pick(middle or PLAIN)}" for _ in range(rounds)],
        "a rare word": [pick(rare) for _ in range(rounds)],
        "a whole name": [pick(names) for _ in range(rounds)],
        "a misspelt word": [misspelt(pick(names).split()[0], chance) for _ in range(rounds)],
        "a code": [f"HP:{chance.randrange(400):07}" for _ in range(rounds)],
    }


def misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1 :] if len(word) > 4 else word + "q"


def timed(function, question: str) -> float:
    started = time.perf_counter()
    function(question)
    return 1000 * (time.perf_counter() - started)


def ours(question: str, view=SEARCH) -> None:
    """The whole answer: strict parameters, search, facets, excerpts, JSON."""
    response = view(RequestFactory().get("/api/v1/search/", {"q": question}, headers={"host": "localhost"}))
    if response.status_code != 200:
        raise SystemExit(f"{question}: {response.status_code} {response.content[:200]!r}")


def bare(question: str) -> None:
    quoted = " ".join(f'"{word}"' for word in question.split())
    words = quoted if connection.vendor == "sqlite" else question
    with connection.cursor() as cursor:
        cursor.execute(BARE[connection.vendor][2], [words])
        cursor.fetchall()


def line(label: str, columns: list[list[float]]) -> str:
    shown = "".join(f"{statistics.median(times):10.1f}{percentile(times):8.1f}" for times in columns)
    return f"{label:26}{shown}"


def percentile(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def main(size: int = 5000, rounds: int = 40) -> None:
    fill(size)
    say(f"{'milliseconds':26}{'ours p50':>10}{'p95':>8}{'bare p50':>10}{'p95':>8}")
    for label, asked in questions(rounds).items():
        ours(asked[0])
        say(line(label, [[timed(ours, q) for q in asked], [timed(bare, q) for q in asked]]))
    beginnings = [word[:3] for word in PLAIN][:rounds]
    say(line("a beginning (suggest)", [[timed(lambda q: ours(q, SUGGEST), q) for q in beginnings]]))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
