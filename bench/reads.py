"""What a read costs, as ratios: stored bytes against the same content through nested serializers, in one run.

    python bench/reads.py [ROUNDS]

In: the first content, published into a database of its own. Out: a table of medians, and each as a multiple of the
cheapest view that Django can have. Calls go through the whole middleware, in process, so that the network says nothing.
"""

import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AMPS = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome/"


def prepare(folder: str) -> None:
    """Django, set up over a fresh database that the first content was published into."""
    sys.path.insert(0, str(ROOT))
    os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
    os.environ["LIMIT_ANONYMOUS"] = "1000000000"  # counted, as in production, and never reached
    os.environ["DJANGO_SETTINGS_MODULE"] = "amps_api.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("publish_first_content", ROOT / "fixtures", stdout=io.StringIO())


def cases() -> dict[str, Callable[[], object]]:
    """What is measured, by name. The first is the yardstick."""
    from django.test import Client

    from content_app.manuscripts import rows
    from content_app.models import Item
    from content_app.serializers import ConditionSerializer

    client = Client(SERVER_NAME="127.0.0.1")
    document = client.get(AMPS)
    tag, content = document["ETag"], document.json()
    amps = Item.objects.get(condition__abbreviation="AMPS")
    return {
        "a view that does nothing (/livez)": lambda: client.get("/livez"),
        "a condition, stored bytes": lambda: client.get(AMPS),
        "the same, 304": lambda: client.get(AMPS, headers={"If-None-Match": tag}),
        "the same, pinned to a release": lambda: client.get(AMPS + "?release=1"),
        "a list of 20": lambda: client.get("/api/v1/concepts/"),
        "a list of 20, narrowed": lambda: client.get("/api/v1/concepts/?topic=mechanism"),
        "a code looked up": lambda: client.get("/api/v1/codings/?system=icd-10-cm&code=M79.7"),
        "(the condition through nested serializers)": lambda: json.dumps(ConditionSerializer(content).data),
        "(the condition from its editorial rows)": lambda: rows.to_document(amps),
    }


def median(call: Callable[[], object], rounds: int) -> float:
    """Median seconds of a call, after a warm-up."""
    for _ in range(3):
        call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        measured = {name: median(call, rounds) for name, call in cases().items()}
        yardstick = next(iter(measured.values()))
        for name, seconds in measured.items():
            sys.stdout.write(f"{name:45} {seconds * 1000:8.2f} ms {seconds / yardstick:7.1f} ×\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
