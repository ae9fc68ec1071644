"""Documents that look like the real ones to search, as many as wanted, the same for the same seed.

In: how many, and a seed. Out: public documents, and releases made of them in an empty database. Words follow Zipf's
law, as words do: a few are in more than half of all documents, most in very few.
"""

import gzip
import random
import uuid
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from content_app.canonical import compact_json, sha256_of
from content_app.manuscripts.compiler import sort_name
from content_app.models import Document, Library, Release
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.addresses import href

MOST_USED = (
    "pain skin hand joint muscle touch cold hot swelling back foot knee body nerve signal child injury brain sleep "
    "burning aching sharp spread healing colour sweating weight arm leg shoulder finger walk school light pressure"
)
PLAIN = MOST_USED.split()
ONSETS = ("b", "br", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "st", "t", "v")
VOWELS, CODAS = "aeiouy", "lmnrstx"
KINDS = ("concept", "concept", "concept", "symptom_type", "symptom_type", "example", "condition")
NAMESPACE = uuid.UUID("6f1c3d5e-0b7a-4c6e-9a53-5d1f1f7f2a10")


class Language:
    """Words, and how often each is used."""

    def __init__(self, size: int, seed: int):
        chance = random.Random(seed)  # noqa: S311 - the same words every time
        words = dict.fromkeys(PLAIN)
        while len(words) < size:
            count = chance.choice((2, 3, 3, 4))
            syllable = "".join(chance.choice(ONSETS) + chance.choice(VOWELS) for _ in range(count))
            words[syllable + chance.choice(CODAS)] = None
        self.words = list(words)
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))
        self.chance = chance

    def sentence(self, length: int) -> str:
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=length)).capitalize() + "."

    def name(self) -> str:
        common, rare = self.chance.choice(self.words[:400]), self.chance.choice(self.words)
        return " ".join(self.chance.sample((common, rare), self.chance.choice((1, 2, 2)))).capitalize()


def documents(count: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Public documents with names, codes, summaries and statements."""
    language = Language(max(300, min(95_000, count)), seed)
    for number in range(count):
        yield document(language, number, seed)


def document(language: Language, number: int, seed: int) -> dict[str, Any]:
    chance = language.chance
    kind = KINDS[number % len(KINDS)]
    slug, name = f"item-{number}", language.name()
    field, terms = {
        "concept": ("topic", vocabulary.TOPICS),
        "symptom_type": ("category", vocabulary.CATEGORIES),
        "example": ("form", vocabulary.FORMS),
        "condition": ("cause_status", vocabulary.CAUSE_STATUSES),
    }[kind]
    return {
        "id": str(uuid.uuid5(NAMESPACE, f"{seed} {number}")),
        "kind": kind,
        "slug": slug,
        "name": name,
        field: chance.choice(list(terms)),
        "names": [
            {"text": name, "type": "preferred"},
            {"text": language.sentence(3).rstrip("."), "type": "everyday_wording"},
        ],
        "summary": {"clinical": language.sentence(14), "plain": language.sentence(12)},
        "statements": [statement(language, slug, place) for place in range(4)],
        "codings": [{"system": "hpo", "code": f"HP:{number:07}", "display": language.sentence(2), "match": "exact"}],
        "review": {"state": "clinically_reviewed"},
        "links": {"self": href(kind, slug)},
    }


def statement(language: Language, slug: str, place: int) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(NAMESPACE, f"{slug} {place}")),
        "aspect": language.chance.choice(list(vocabulary.ASPECTS)),
        "layer": "source_text",
        "clinical": language.sentence(18),
        "plain": language.sentence(14),
    }


def publish(made: list[dict[str, Any]], withdrawn: tuple[str, ...] = ()) -> Release:
    """The next release: these documents are new or follow on what has their identifier; some are withdrawn.

    Stores the waist as publishing does, without an editor. The search index is the caller's.
    """
    number = Release.objects.count() + 1
    by, _ = get_user_model().objects.get_or_create(username="synthetic")
    counts = {kind: 0 for kind, _ in Document.KINDS}
    release = Release.objects.create(
        number=number, published_at=timezone.now(), published_by=by, significance="editorial", counts=counts,
        manifest_sha256=sha256_of([number, *(one["id"] for one in made), *(one["name"] for one in made)]),
    )  # fmt: skip
    current = {str(d.item_uuid): d for d in Document.objects.filter(superseded_in=None).defer("body", "body_gzip")}
    ended = [current[one["id"]].pk for one in made if one["id"] in current]
    ended += [current[item].pk for item in withdrawn]
    close(ended, number)
    Document.objects.bulk_create(
        (stored(one, release, current[one["id"]].version + 1 if one["id"] in current else 1) for one in made),
        batch_size=200,
    )
    Library.objects.update(current_release=release)
    return release


def close(pks: list[int], number: int) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE content_app_document SET superseded_in_id = %s WHERE id = %s", [(number, pk) for pk in pks]
        )


def stored(one: dict[str, Any], release: Release, version: int) -> Document:
    body = compact_json(one)
    short = {key: one[key] for key in ("id", "kind", "slug", "name", "summary")} | {"href": one["links"]["self"]}
    return Document(
        item_uuid=one["id"], kind=one["kind"], slug=one["slug"], name=one["name"], sort_name=sort_name(one["name"]),
        version=version, body=body, body_gzip=gzip.compress(body, 1, mtime=0), list_form=compact_json(short),
        sha256=sha256_of(one), first_release=release, significance="editorial",
    )  # fmt: skip
