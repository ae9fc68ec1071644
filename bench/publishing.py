"""Publishes one release after the other until it is stopped: what readers must not notice.

In: the database of DATABASE_URL with the first content. Out: releases of twenty made-up items each.
"""

from itertools import count

from bench import large_library as made_up  # sets Django up

EACH = 20


def main() -> None:
    by, language, work = made_up.User.objects.create_user("bench"), made_up.Language(1000, 1), made_up.source()
    for turn in count():
        fresh = list(made_up.compiled(range(turn * EACH, (turn + 1) * EACH), language, work))
        with made_up.transaction.atomic():
            fresh.append(made_up.compiler.compile_source(work))
            made_up.publishing._write_release(fresh, {}, significance="substantive", by=by)


if __name__ == "__main__":
    main()
