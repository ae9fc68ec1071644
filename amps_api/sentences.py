"""Why a command cannot go on, where that is a matter of the machine and not of the code: one sentence, no traceback.

In: an exception. Out: what is wrong and what to do about it; None for a fault of ours, which keeps its traceback.
"""

import errno

from django.db import Error
from environs import EnvError

FULL_OR_CLOSED = {
    errno.EACCES: "This user does not have permission for {}. Change its owner, or set VAR_DIR to another folder.",
    errno.EPERM: "This user does not have permission for {}. Change its owner, or set VAR_DIR to another folder.",
    errno.EROFS: "{} is on a read-only disk. Set VAR_DIR to a folder that can be written to.",
    errno.ENOSPC: "The disk that contains {} is full. Free some space and start again.",
    errno.EDQUOT: "The quota of the disk that contains {} is used up. Free some space and start again.",
}
NO_CREATE_RIGHT = (
    "The user of DATABASE_URL is not allowed to create tables. As the owner of the database, run: "
    "GRANT CREATE, USAGE ON SCHEMA public TO that user. ({})"
)
INSUFFICIENT_PRIVILEGE = "42501"  # PostgreSQL, appendix A: error codes
UNUSABLE = ("08", "28", "3D", "53", "57")  # the classes: connection, sign-in, name, resources, intervention


def sentence_for(error: BaseException) -> str | None:
    """What to tell the operator, or None if that is a traceback."""
    if isinstance(error, EnvError):
        return str(error)
    if isinstance(error, Error):
        return _of_the_database(error)
    if isinstance(error, OSError) and error.errno in FULL_OR_CLOSED and error.filename:
        return FULL_OR_CLOSED[error.errno].format(error.filename)
    return None


def _of_the_database(error: Error) -> str | None:
    reason = " ".join(str(error).split())
    code = _code_of(error)
    if code == INSUFFICIENT_PRIVILEGE:
        return NO_CREATE_RIGHT.format(reason)
    if type(error).__name__ == "OperationalError" or (code or "").startswith(UNUSABLE):
        return f"The database in DATABASE_URL cannot be used: {reason}"
    return None


def _code_of(error: BaseException | None) -> str | None:
    """PostgreSQL's code for what went wrong at first: Django wraps it once, or twice where it migrates."""
    while error and not getattr(error, "sqlstate", None):
        error = error.__cause__ or error.__context__
    return getattr(error, "sqlstate", None)
