"""Fills the database of DATABASE_URL with a large library, and writes down what to ask of it.

    python -m bench.large_library DOCUMENTS

In: an empty database. Out: a library of made-up documents in ten releases, compiled, stored and indexed by the
functions that publish; in VAR_DIR, `questions.json`: addresses for each kind of read, and the CPU seconds that
publishing one more item took.
"""

import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.contrib.auth.models import User  # noqa: E402 - as above
from django.core.management import call_command  # noqa: E402 - as above
from django.db import connection, transaction  # noqa: E402 - as above

from bench.search_corpus import PLAIN, Language  # noqa: E402 - as above
from content_app.delivery.query import cursors  # noqa: E402 - as above
from content_app.delivery.store import reading  # noqa: E402 - as above
from content_app.manuscripts import compiler  # noqa: E402 - as above
from content_app.models import Document  # noqa: E402 - as above
from content_app.models.search import SearchStem  # noqa: E402 - as above
from content_app.publication import publishing  # noqa: E402 - as above
from content_app.vocabulary import terms  # noqa: E402 - as above
from content_app.vocabulary.code_systems import OWN  # noqa: E402 - as above
from tests.library import CITED, coding, relation, source, statement, uuid_of  # noqa: E402 - as above

RELEASES, EACH = 10, 40
MOST_WORDS = 95_000
KINDS = ("concept", "symptom_type", "example", "concept", "condition")
REVIEW = {
    "state": "clinically_reviewed", "reviewed_on": "2026-01-01", "review_due_on": "2028-01-01",
    "reviewer_role": "Clinical", "cycle_months": 24,
}  # fmt: skip
API, SYSTEM = "/api/v1", f"system={OWN.uri}"


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


def fill(size: int, language: Language) -> None:
    """Publish the library in ten releases; each later one also changes some items of those before."""
    by, work, share = User.objects.create_user("bench"), source(), size // RELEASES
    for turn in range(RELEASES):
        fresh = list(compiled(range(turn * share, (turn + 1) * share), language, work))
        fresh += compiled(range(turn, turn * share, 1009), language, work)
        fresh += [compiler.compile_source(work)]
        with transaction.atomic():
            publishing._write_release(fresh, {}, significance="substantive", by=by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def seconds_to_publish(size: int, language: Language) -> float:
    """CPU seconds to publish one more item, and take it back."""
    by, taken = User.objects.get(username="bench"), []
    for number in range(size, size + 9):
        fresh = list(compiled(range(number, number + 1), language, source()))
        with transaction.atomic():
            began = time.process_time()
            publishing._write_release(fresh, {}, significance="substantive", by=by)
            taken.append(time.process_time() - began)
            transaction.set_rollback(True)
    return statistics.median(taken)


def behind(address: str, **where: Any) -> str:
    """The address of a list with a cursor in the middle of it."""
    path, _, query = address.partition("?")
    asked = {"": path, **dict(part.split("=") for part in query.split("&") if part)}
    rows = reading.living(reading.current_moment()).filter(**where).order_by("sort_name", "item_uuid")
    name, key = rows.values_list("sort_name", "item_uuid")[rows.count() // 2]
    token = cursors.encode(cursors.Cursor(RELEASES, (name, str(key))), asked)
    return f"{address}{'&' if query else '?'}cursor={token}"


def questions(size: int) -> dict[str, list[str]]:
    """Addresses of each kind of read."""
    chance = random.Random(3)  # noqa: S311 - the same items every time
    concepts = [f"item-{chance.randrange(0, size, 5)}" for _ in range(EACH)]
    codes = [f"HP:{chance.randrange(size):07}" for _ in range(EACH)]
    conditions = [f"item-{chance.randrange(4, size, 5)}" for _ in range(EACH)]
    ids = [str(key) for key in Document.objects.filter(first_release=5).values_list("item_uuid", flat=True)[:EACH]]
    return {
        "a document": [f"{API}/concepts/{slug}/" for slug in concepts],
        "a document as of an earlier release": [f"{API}/concepts/{slug}/?release={RELEASES}" for slug in concepts],
        "a document on a day": [
            f"{API}/concepts/{slug}/?as_of=2099-01-{n % 28 + 1:02}" for n, slug in enumerate(concepts)
        ],
        "an item by its identifier": [f"{API}/items/{key}/" for key in ids],
        "an address that is not there": [f"{API}/concepts/{slug[:-1]}x{slug[-1]}/" for slug in concepts],
        "a readable page": [f"{API}/concepts/{slug}.html" for slug in concepts],
        "a list, first page": [f"{API}/concepts/"],
        "a list, from its middle": [behind(f"{API}/concepts/", kind="concept")],
        "a list, newest first": [f"{API}/concepts/?ordering=-updated"],
        "a list by topic": [f"{API}/concepts/?topic=mechanism"],
        "a list by code": [f"{API}/concepts/?code={code}" for code in codes],
        "examples related to an item": [f"{API}/examples/?related=concepts/{slug}" for slug in concepts],
        "what cites a source": [f"{API}/concepts/?source=a-text"],
        "codings of a code": [f"{API}/codings/?system=hpo&code={code}" for code in codes],
        "codings of a system": [f"{API}/codings/?system=hpo"],
        "relations of an item": [f"{API}/relations/?item=concepts/{slug}" for slug in concepts],
        "relations, first page": [f"{API}/relations/?predicate=related_to"],
        "versions of an item": [f"{API}/items/{key}/versions/" for key in ids],
        "changes": [f"{API}/changes/"],
        "changes since a release": [f"{API}/changes/?after_release={RELEASES // 2}"],
        "releases": [f"{API}/releases/"],
        "a release": [f"{API}/releases/{RELEASES}/"],
        "two releases compared": [f"{API}/releases/{RELEASES - 2}/compare/{RELEASES}/?show=list"],
        "feed of changes": ["/feeds/changes.atom"],
        "the entrance": [f"{API}/"],
        "/library/": ["/library/"],
        "/library/concepts/": ["/library/concepts/"],
        "/library/?source=": ["/library/?source=a-text"],
        "/sitemap.xml": ["/sitemap.xml"],
        "/llms.txt": ["/llms.txt"],
        **searches(chance, codes),
        **fhir(concepts, conditions, ids),
    }


def searches(chance: random.Random, codes: list[str]) -> dict[str, list[str]]:
    """Questions to search, each asked once."""
    names = list(Document.objects.order_by("item_uuid").values_list("name", flat=True)[:200])
    stems = SearchStem.objects.exclude(stem__regex="[0-9]").order_by("entries", "stem")
    rare = list(stems.values_list("stem", flat=True)[:EACH])
    found = {
        "search for a name": names[:EACH],
        "search for a common word": PLAIN[:EACH],
        "search for two common words": [f"{one} {chance.choice(PLAIN[:6])}" for one in PLAIN[:EACH]],
        "search for a rare word": rare,
        "search for a misspelt word": [misspelt(name.split()[0], chance) for name in names[:EACH]],
        "search for a code": codes,
    }
    told = {name: [f"{API}/search/?q={quoted(each)}" for each in asked] for name, asked in found.items()}
    beginnings = dict.fromkeys(word[:size] for word in PLAIN for size in (3, 4, 2))
    return told | {"suggestions": [f"{API}/suggest/?q={each}" for each in list(beginnings)[:EACH]]}


def fhir(concepts: list[str], conditions: list[str], ids: list[str]) -> dict[str, list[str]]:
    """Questions to the FHIR server."""
    return {
        "$lookup": [f"/fhir/CodeSystem/$lookup?{SYSTEM}&code={slug}" for slug in concepts],
        "$subsumes": [f"/fhir/CodeSystem/$subsumes?{SYSTEM}&codeA={slug}&codeB={slug}" for slug in concepts],
        "CodeSystem $validate-code": [
            f"/fhir/CodeSystem/$validate-code?url={OWN.uri}&code={slug}" for slug in concepts
        ],
        "$expand, first page": ["/fhir/ValueSet/concepts/$expand?count=20"],
        "$expand with a filter": [f"/fhir/ValueSet/concepts/$expand?count=20&filter={word}" for word in PLAIN[6:EACH]],
        "ValueSet $validate-code": [f"/fhir/ValueSet/all/$validate-code?{SYSTEM}&code={slug}" for slug in concepts],
        "$translate": [f"/fhir/ConceptMap/$translate?{SYSTEM}&code={slug}" for slug in concepts],
        "a ValueSet": [f"/fhir/ValueSet/symptom-types-of-{slug}" for slug in conditions],
        "ValueSets by address": ["/fhir/ValueSet?_id=concepts"],
        "a Composition": [f"/fhir/Composition/{key}" for key in ids],
        "Compositions by code": [f"/fhir/Composition?event-code={slug}" for slug in concepts],
    }


def misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1 :] if len(word) > 4 else word + "q"


def quoted(text: str) -> str:
    return text.replace(" ", "+")


def main(size: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    language = Language(min(MOST_WORDS, max(300, size)), 1)
    began = time.perf_counter()
    fill(size, language)
    sys.stderr.write(f"{connection.vendor}: {size} documents in {time.perf_counter() - began:.0f} s\n")
    told = {"questions": questions(size), "publish": seconds_to_publish(size, language)}
    (Path(settings.VAR_DIR) / "questions.json").write_text(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
