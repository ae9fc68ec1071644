"""What the desk costs the server for its largest item: CPU seconds to open, check, open a part, save and search.

In: the database of DATABASE_URL with the first content. Out: a table. Every change is rolled back. What a browser sees
of the same page, such as its height and its Tab stops, is held by `tests/browser/test_document.py`.
Run it with `python -m bench.desk`.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.contrib.auth.models import User  # noqa: E402 - as above
from django.db import transaction  # noqa: E402 - as above
from django.db.models import Count  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above

from content_app.admin.items.findings import page_of  # noqa: E402 - as above
from content_app.admin.search import search  # noqa: E402 - as above
from content_app.models import Item  # noqa: E402 - as above
from tests.admin_forms import fields_of  # noqa: E402 - as above

ROUNDS = 7
TARGETS = {"open": 0.2, "check": 0.1, "save": 0.15}
QUERIES = ("AMPS", "M79.7", "sherry", "fibromialgia", "the brain may respond")


def seconds(work: Callable[[], object]) -> float:
    """The median CPU time of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def measured() -> dict[str, float]:
    """CPU seconds of each act on the item with the most statements, and the bytes of its page."""
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(User.objects.create_superuser(f"bench-{time.time_ns()}"))
    item = Item.objects.annotate(number=Count("statements")).order_by("-number")[0]
    page, form = page_of(item), f"{item.kind.replace('_', '')}_form"
    one = f"statements-{item.statements.all()[0].pk}"
    fields = fields_of(client.get(page, {"open": one}), form)

    def save() -> None:
        with transaction.atomic():
            answer = client.post(page, fields | {"statements-0-clinical": [f"Typed at {time.time_ns()}."]})
            if answer.status_code != 302:
                raise RuntimeError(f"Not saved: {answer.status_code}")
            transaction.set_rollback(True)

    return {
        "open": seconds(lambda: client.get(page)),
        "check": seconds(lambda: client.post(page.replace("change/", "check/"), fields)),
        "save": seconds(save),
        "open a part": seconds(lambda: client.get(page.replace("change/", "part/"), {"open": one})),
        "search": seconds(lambda: [search(query) for query in QUERIES]) / len(QUERIES),
        "bytes": len(client.get(page).content),
    }


def main() -> None:
    with transaction.atomic():
        found = measured()
        transaction.set_rollback(True)
    for name, figure in found.items():
        target = f"   target {TARGETS[name]}" if name in TARGETS else ""
        sys.stdout.write(f"{name:12} {figure:10.3f}{target}\n" if name != "bytes" else f"{name:12} {figure:10,.0f}\n")


if __name__ == "__main__":
    main()
