"""How widely tests try: a few examples by default, many in `make test-thorough`.

In: THOROUGH in the environment. A test that tries more then is marked `widens`; one that only runs then, `thorough`.
"""

import os

THOROUGH = os.environ.get("THOROUGH") == "1"


def examples(few: int, many: int) -> int:
    """How many examples to try."""
    return many if THOROUGH else few
