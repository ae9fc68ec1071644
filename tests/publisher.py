"""Publishes in a process of its own, on whichever database a server of a test has.

In: a word for each release. Out: the release's number; in it every item says that word, so that an answer which mixes
two releases shows. `python -m tests.publisher` reads the words, a line each.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.live import ROOT

SLUGS = tuple(f"item-{place}" for place in range(1, 9))
WORDS = "Told in "  # stands before the word


class Publisher:
    """The process, seen from a test."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process

    def publish(self, word: str) -> int:
        """The number of a new release."""
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        told = self.process.stdout.readline()
        assert told, "The publisher has ended."
        return json.loads(told)


@contextmanager
def publishing(environment: dict[str, str]) -> Iterator[Publisher]:
    """A publisher on the database of this environment, until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.publisher"], cwd=ROOT, env=os.environ | environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            yield Publisher(process)
        finally:
            process.kill()


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
    django.setup()
    from django.contrib.auth.models import User
    from django.db import connection

    from tests import library
    from tests.conftest import People, gathered

    found = {person.username: person for person in User.objects.all()}
    are_there = "the-author" in found
    people = People(**{n: found[f"the-{n}"] for n in People.__dataclass_fields__}) if are_there else gathered()
    for line in sys.stdin:
        connection.close()  # a promoted server is another one
        said = f"{WORDS}{line.strip()}."
        items = [library.condition(slug, summary={"clinical": said, "plain": said}) for slug in SLUGS]
        sys.stdout.write(f"{library.publish(items, people).number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
