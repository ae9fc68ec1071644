"""The modules that know no framework, as files: `python -m tests.pure_modules` lists them for mypy.

In: the import contract of that name in `pyproject.toml`. Out: paths. So one list serves import-linter and mypy alike.
"""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTRACT = "Pure modules know no framework"


def pure_modules() -> list[Path]:
    """Every file that the contract's expressions name, `package.**` being all modules of a package."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [one for one in settings["contracts"] if one["name"] == CONTRACT]
    found = []
    for expression in contract["source_modules"]:
        place = ROOT / expression.removesuffix(".**").replace(".", "/")
        found += sorted(place.rglob("*.py")) if expression.endswith(".**") else [place.with_suffix(".py")]
    return found


if __name__ == "__main__":
    print(*pure_modules())  # noqa: T201 - this is what it is for
