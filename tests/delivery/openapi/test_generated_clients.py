"""Clients generated from the description, in Python and TypeScript, compile cleanly and read a live server."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.npm_packages import installed

HERE = Path(__file__).parents[2]
DESCRIPTION = HERE / "golden" / "openapi.json"
TYPESCRIPT = ("@hey-api/openapi-ts@0.85.2", "typescript@5.9.3")
# Files are handed out as bytes, whatever their media type.
PYTHON_GENERATOR = {
    "content_type_overrides": dict.fromkeys(
        ("application/x-ndjson", "application/zip", "application/atom+xml"), "application/octet-stream"
    )
}
# What every client makes of each call: the status, and members of what it hands its caller.
EXPECTED = {
    "list": (200, [["cause-unknown", "knowledge_gap"]]),
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


@pytest.fixture(scope="module")
def typescript_client(folder):
    """The folder with the compiled client, and `reading.js`."""
    tools = installed("typescript-client", *TYPESCRIPT) / ".bin"
    plugins = ("@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch")
    said = done(tools / "openapi-ts", "-i", "openapi.json", "-o", "typescript/api", "-p", *plugins, folder=folder)
    assert "warn" not in said.lower()
    place = folder / "typescript"
    (place / "reading.ts").write_text((HERE / "clients" / "reading.ts").read_text())
    options = ("--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--module", "commonjs")
    done(tools / "tsc", *options, "--moduleResolution", "node10", "--outDir", "js", "reading.ts", folder=place)
    return place


def read(printed: str) -> dict[str, tuple]:
    return {name: (call["status"], call["told"]) for name, call in json.loads(printed).items()}


def test_a_python_client_reads_the_live_server(python_client, live_library):
    printed = done(sys.executable, HERE / "clients" / "reading.py", live_library, folder=python_client, PYTHONPATH=".")
    assert read(printed) == EXPECTED


def test_a_typescript_client_reads_the_live_server(typescript_client, live_library):
    assert read(done("node", "js/reading.js", live_library, folder=typescript_client)) == EXPECTED


def test_generated_names_are_those_of_the_field(typescript_client):
    """No name that a generator had to make up: every type and function is called as the description calls it."""
    types = (typescript_client / "api" / "types.gen.ts").read_text()
    assert "Anonymous" not in types
