"""Golden files: what a wire format looked like when somebody last agreed to it.

In: a name below `tests/golden/` (or a path) and what came out now. Out: nothing, or a failure that tells how to
accept the change: `make accept`, which sets ACCEPT=1, and a look at the difference before it is committed.
"""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(name: str | Path, got: str | bytes) -> None:
    """Compare with the file; with ACCEPT=1 in the environment, write it."""
    path = GOLDEN / name
    got = got.encode() if isinstance(got, str) else got
    if os.environ.get("ACCEPT") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(got)
    assert path.exists(), f"{path.name} is not there. If it should be: make accept"
    expected = path.read_bytes()
    assert got.decode() == expected.decode(), (
        f"{path.name} differs. If the change is meant: make accept, and read the diff"
    )
