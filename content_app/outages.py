"""What is no fault of this program: a database or a disk that is away, full or read-only.

In: an exception. Out: whether trying again later is the answer to it.
"""

import errno

from django.db import InterfaceError, InternalError, OperationalError

DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM))
READ_ONLY = "25006"  # PostgreSQL, appendix A: a standby, or `default_transaction_read_only`


def is_outage(error: BaseException) -> bool:
    """Whether the database or the disk cannot be used for now."""
    if isinstance(error, OSError):
        return error.errno in DISK
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", None) == READ_ONLY
    return isinstance(error, OperationalError | InterfaceError)
