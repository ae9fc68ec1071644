"""The licence of every package that the server runs on, as the package itself states it: `make sbom` calls it.

In: a CycloneDX list. Out: a table. Exits with 1 if a package that is installed here states none.
"""

import json
import sys
from importlib import metadata
from pathlib import Path

ELSEWHERE = "not installed here"  # for another platform or version of Python
UNKNOWN = "not stated"
SHORTENED = 80  # some packages put the whole text where its name belongs


def licence_of(package: str) -> str:
    """What an installed package says: an expression (PEP 639), or classifiers, or a name, or the head of its text."""
    try:
        installed = metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return ELSEWHERE
    told = installed.metadata
    classified = [one.split(" :: ") for one in told.get_all("Classifier") or [] if one.startswith("License :: ")]
    named = " and ".join(one[-1] for one in classified if one[-1] != "OSI Approved")
    return told.get("License-Expression") or named or _head(told.get("License") or _text(installed)) or UNKNOWN


def _text(installed: metadata.Distribution) -> str:
    """Its licence, if it brings one along."""
    files = [file for file in installed.files or [] if file.name.upper().startswith(("LICENSE", "LICENCE"))]
    return files[0].read_text() if files else ""


def _head(text: str) -> str:
    return text.strip().partition("\n")[0][:SHORTENED]


def table(components: list[dict]) -> list[tuple[str, str, str]]:
    """Name, version and licence of each, by name."""
    found = {(one["name"], one["version"]) for one in components}
    return [(name, version, licence_of(name)) for name, version in sorted(found)]


def main(path: str) -> int:
    rows = table(json.loads(Path(path).read_text())["components"])
    sys.stdout.write("| package | version | licence |\n|---|---|---|\n")
    sys.stdout.writelines(f"| {' | '.join(row)} |\n" for row in rows)
    return int(any(licence == UNKNOWN for *_, licence in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
