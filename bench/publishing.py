"""Publishes one release after the other until it is stopped: what readers must not notice.

In: the database of DATABASE_URL with the first content. Out: releases of twenty made-up items each.
"""

from itertools import count

from django.contrib.auth.models import User
from django.db import transaction

from bench.large_library import Language, compiled, source  # sets Django up
from content_app.manuscripts import compiler
from content_app.publication import publishing

EACH = 20


def main() -> None:
    by, language, work = User.objects.create_user("bench"), Language(1000, 1), source()
    for turn in count():
        fresh = list(compiled(range(turn * EACH, (turn + 1) * EACH), language, work))
        with transaction.atomic():
            publishing._write_release([*fresh, compiler.compile_source(work)], {}, significance="substantive", by=by)


if __name__ == "__main__":
    main()
