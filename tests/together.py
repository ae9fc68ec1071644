"""Many at the same moment: real threads, each with its own connection to the database."""

import threading
from collections.abc import Callable

from django.db import connection, connections

PATIENCE = 300  # seconds; only a thread that hangs takes as long, even on a busy machine


def all_at_once(acts: list[Callable[[], object]], *, with_database: bool = True) -> list[object]:
    """Run the acts in threads that start together: what each returned or raised."""
    together = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            if with_database:
                connection.ensure_connection()
            together.wait()
            results[place] = acts[place]()
        except Exception as error:  # noqa: BLE001 - what was raised is the result
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results
