"""Every package that the server runs on states a licence, and none asks for more than this project can give."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A library that is used as it is, and can be replaced: the licence asks for no more than that.
LESSER = {"psycopg", "psycopg-binary", "psycopg-pool"}


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """The table that `make sbom` writes: name, version and licence of each package."""
    sbom = tmp_path_factory.mktemp("sbom") / "sbom.cdx.json"
    command = next(line for line in (ROOT / "Makefile").read_text().splitlines() if "cyclonedx" in line)
    export = command.strip().removeprefix("@").replace("sbom.cdx.json", str(sbom)).split()
    subprocess.run(export, cwd=ROOT, check=True)
    assert all(one.get("purl") for one in json.loads(sbom.read_text())["components"])
    done = subprocess.run(
        [sys.executable, "deploy/licences.py", sbom], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()[2:]]


def test_every_package_states_a_licence(listed):
    assert len(listed) > 40
    assert [row for row in listed if row[2] in ("", "not stated")] == []


def test_none_asks_for_the_source_of_what_uses_it(listed):
    assert {name for name, _, licence in listed if "GPL" in licence} <= LESSER
    assert all("LGPL" in licence for name, _, licence in listed if name in LESSER)
