"""How the database goes about the queries of a call, as it says itself.

In: a function that reads. Out: for each query that it makes, the lines of its plan.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


def plans(call: Callable[[], object]) -> list[list[str]]:
    """The plans of the queries of a call, in order. The call is made once."""
    asked: list[tuple[str, Any]] = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        call()
    found = []
    with connection.cursor() as cursor:
        for sql, params in asked:
            if sql.lstrip().startswith("SELECT"):
                cursor.execute(EXPLAIN[connection.vendor] + sql, params)
                found.append([str(row[-1]) for row in cursor.fetchall()])
    return found
