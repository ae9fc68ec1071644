"""Processes that are killed outright at a write to the database, whichever it is.

In: an act. Out: the number of each write at which a process that did it has died, until one got to the end.
"""

import os
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from itertools import count

from django.db import connection, connections

from tests.width import THOROUGH

WRITES = ("INSERT", "UPDATE", "DELETE")


def killed_at_each_write(act: Callable[[], object]) -> Iterator[int]:
    """Do the act in a process that dies right after its first write, in one that dies after its second, and so on.

    Every fourth is enough, unless tests are thorough. Mark who calls this with `widens`.
    """
    for number in count(1, 1 if THOROUGH else 4):
        status = _status_of(act, number)
        if status == 0:
            return
        assert os.WIFSIGNALED(status), "the act failed, see above"
        assert os.WTERMSIG(status) == signal.SIGKILL
        yield number


def _status_of(act: Callable[[], object], number: int) -> int:
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads of the tests are not needed in the child
        child = os.fork()
    if child == 0:
        _die_at(act, number)
    return os.waitpid(child, 0)[1]


def _die_at(act: Callable[[], object], number: int) -> None:
    written = 0

    def counting(execute, sql, params, many, context):
        nonlocal written
        result = execute(sql, params, many, context)
        written += sql.startswith(WRITES)
        if written == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    try:
        with connection.execute_wrapper(counting):
            act()
    except BaseException:  # noqa: BLE001 - nothing of the tests may go on in this process
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
