"""Installs the wheel beside each version of Python and Django that this machine has or may fetch, and tries it there.

In: nothing, or versions such as `3.13` and `6.0`. Out: a line for each pair, and 1 if one does not work:
`python -m tests.matrix 3.12 5.2 6.0`. An interpreter that is not on this machine is named and passed over.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests import bare_site
from tests.live import ROOT

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
DJANGOS = ("5.2", "6.0", "6.1")
NEWER = {"6.0": 12, "6.1": 12}  # the least Python 3 that a Django runs on
UV = Path(sys.executable).with_name("uv")


def main(asked: list[str]) -> int:
    pythons = [one for one in asked if one in PYTHONS] or PYTHONS
    djangos = [one for one in asked if one in DJANGOS] or DJANGOS
    failed = 0
    with tempfile.TemporaryDirectory(prefix="matrix-") as place:
        subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", place, ROOT], check=True)
        wheel = next(Path(place).glob("*.whl"))
        for python in pythons:
            for django in djangos:
                if int(python.partition(".")[2]) >= NEWER.get(django, 0):
                    said = tried(Path(place) / f"{python}-{django}", wheel, python, django)
                    failed += said.startswith("does not")
                    sys.stdout.write(f"Python {python}, Django {django}: {said}\n")
                    sys.stdout.flush()
    return 1 if failed else 0


def tried(folder: Path, wheel: Path, python: str, django: str) -> str:
    """What came of one pair."""
    environment = folder / "environment"
    made = subprocess.run(
        [UV, "venv", "--quiet", "--no-python-downloads", "--python", python, environment], capture_output=True
    )
    if made.returncode:
        return "passed over, as this Python is not on this machine"
    wanted = [f"{wheel}[mcp]", f"django~={django}.0"]
    install = [UV, "pip", "install", "--quiet", "--python", environment, *wanted]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        return f"does not install: {' '.join(done.stderr.split())[:300]}"
    try:
        told = bare_site.of_others(folder / "site", environment / "bin" / "python")
    except AssertionError as error:
        return f"does not work: {str(error).strip().splitlines()[-1][:300]}"
    wrong = {path: status for path, status in told["answers"].items() if status != 200 and path != "/no-such-page/"}
    return f"does not answer: {wrong}" if wrong else f"works ({' with Django '.join(told['versions'])})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
