"""Clients generated from the description, in Python and TypeScript, compile cleanly and read a live server."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.npm_packages import installed

HERE = Path(__file__).parents[2]
DESCRIPTION = HERE / "golden" / "openapi.json"
TYPESCRIPT = (
    "@hey-api/openapi-ts@0.85.2",
    "openapi-typescript@7.13.0",
    "openapi-fetch@0.17.0",
    "orval@8.38.0",
    "typescript@5.9.3",
)
# How each generator is called, in the folder that holds the description, and the program that reads with its client.
GENERATORS = {
    "hey-api": (
        ("openapi-ts", "-i", "openapi.json", "-o", "hey-api/api", "-p", "@hey-api/typescript", "@hey-api/sdk",
         "@hey-api/client-fetch"),
        "reading.ts",
    ),
    "openapi-fetch": (("openapi-typescript", "openapi.json", "-o", "openapi-fetch/api.ts"), "reading_fetch.ts"),
    "orval": (
        ("orval", "--input", "openapi.json", "--output", "orval/api.ts", "--client", "fetch"),
        "reading_orval.ts",
    ),
}  # fmt: skip
# Files are handed out as bytes, whatever their media type.
PYTHON_GENERATOR = {
    "content_type_overrides": dict.fromkeys(
        ("application/x-ndjson", "application/zip", "application/atom+xml"), "application/octet-stream"
    )
}
# What every client makes of each call: the status, and members of what it hands its caller.
EXPECTED = {
    "list": (200, [["added-discomfort", "impact"]]),
    "detail": (200, ["condition", "Fibromyalgia", "stated"]),
    "chosen fields": (200, [False, "exact", 1]),
    "unchanged": (304, None),
    "search": (200, [["example", "puffy-cold-hand", "name"]]),
    "changes": (200, [True, [["created", "amplified-musculoskeletal-pain-syndrome"]]]),
    "check": (200, ["unknown"]),
    "not there": (404, [404, "Not found"]),
    "not usable": (400, ["page_size"]),
    "too many": (429, "Too many requests"),
    "wrong key": (401, "Invalid API key"),
}


def done(*command: str | Path, folder: Path, **environment: str) -> str:
    """What a program prints that must succeed."""
    ran = subprocess.run(
        [str(part) for part in command], cwd=folder, env=os.environ | environment, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the description."""
    made = tmp_path_factory.mktemp("clients")
    shutil.copy(DESCRIPTION, made)
    return made


@pytest.fixture(scope="module")
def python_client(folder):
    """The folder of the package `api`."""
    (folder / "generator.yaml").write_text(yaml.safe_dump(PYTHON_GENERATOR | {"post_hooks": []}))
    generator = Path(sys.executable).with_name("openapi-python-client")
    arguments = ("--config", "generator.yaml", "--path", "openapi.json", "--output-path", "python/api")
    said = done(generator, "generate", *arguments, "--meta", "none", "--fail-on-warning", folder=folder)
    assert said.splitlines() == ["Generating python/api"] or said.splitlines() == ["Generating api"]
    return folder / "python"


@pytest.fixture(scope="module", params=GENERATORS)
def typescript_client(request, folder):
    """The folder with a generated client, compiled, and `read.js`."""
    packages = installed("typescript-clients", *TYPESCRIPT)
    command, program = GENERATORS[request.param]
    said = done(packages / ".bin" / command[0], *command[1:], folder=folder)
    assert "warn" not in said.lower()
    place = folder / request.param
    (place / "node_modules").symlink_to(packages)
    (place / "read.ts").write_text((HERE / "clients" / program).read_text())
    options = ("--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--module", "node16")
    done(packages / ".bin" / "tsc", *options, "--outDir", "js", "read.ts", folder=place)
    return place


def read(printed: str) -> dict[str, tuple]:
    return {name: (call["status"], call["told"]) for name, call in json.loads(printed).items()}


def test_a_python_client_reads_the_live_server(python_client, live_library):
    printed = done(sys.executable, HERE / "clients" / "reading.py", live_library, folder=python_client, PYTHONPATH=".")
    assert read(printed) == EXPECTED


def test_a_typescript_client_reads_the_live_server(typescript_client, live_library):
    assert read(done("node", "js/read.js", live_library, folder=typescript_client)) == EXPECTED


def test_no_generator_has_to_make_up_a_name(typescript_client):
    """Every type and function is called as the description calls it."""
    written = "".join(path.read_text() for path in typescript_client.rglob("api/**/*.ts"))
    written += "".join(path.read_text() for path in typescript_client.glob("api.ts"))
    assert "getCondition" in written or "get_condition" in written
    assert "Anonymous" not in written


def test_no_program_that_reads_with_a_client_casts():
    for program in (HERE / "clients").glob("*.ts"):
        assert not re.findall(r" as (?!api\b)\w+|<any>|: any\b|@ts-", program.read_text()), program.name
