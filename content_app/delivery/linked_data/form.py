"""Which form linked data has: changes whenever the code or the tables that it is made by change.

In: the sources of this package, of what it is told by, and of the vocabularies. Out: `FORM`, part of the entity tag of
what is not hashed itself because it is made while it is sent.
"""

from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
BESIDE = ("store/symmetric.py", "store/symmetric_query.py")
TABLES = ("fields.py", "vocabulary.py", "predicates.py", "code_systems.py", "licence.py", "addresses.py")


def _form() -> str:
    # The whole library is sent while it is written, so its entity tag goes out before there are bytes to hash. A
    # number to be raised by hand would be forgotten once, and clients would be told 304 of a file that has changed.
    # Sources err the other way: after a changed comment clients fetch the same file again.
    made_by = [*sorted(HERE.glob("*.py")), *(HERE.parent / name for name in BESIDE)]
    made_by += sorted((HERE.parents[1] / "vocabulary").glob("*.py"))
    return sha256(b"\0".join(path.read_bytes() for path in made_by)).hexdigest()[:16]


FORM = _form()
