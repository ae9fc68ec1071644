"""A disk that is full or read-only: readers go on, whoever writes is told to try again, and nothing is half written."""

import errno
import os
import shutil
import subprocess
from contextlib import contextmanager, suppress

import pytest
from django.db import connection
from django.test import Client

from content_app.delivery.rest.export import signing_keys
from tests import prepared
from tests.first_content import AMPS
from tests.live import serving
from tests.outside import Outside

ZIP = "/api/v1/releases/1/export.zip"
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="the disk of PostgreSQL is not this one")


@contextmanager
def disk(folder, options: str):
    """A small disk of its own at this folder, where the tests may mount one."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting a disk needs root")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    place = tmp_path_factory.mktemp("disk")
    folder, said = place / "var", place / "said"
    with disk(folder, "size=40m"), serving(prepared.environment_of_a_server(folder), log=said) as address:
        yield Outside(address, said), folder


@contextmanager
def full(folder):
    """No byte more fits on the disk."""
    with (folder / "filling").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while file.write(bytes(size)) == size:
                    pass
    yield
    (folder / "filling").unlink()


@on_sqlite
def test_on_a_full_disk_readers_go_on_and_whoever_writes_is_told_to_try_again(server):
    outside, folder = server
    assert outside.status(AMPS) == outside.sign_in() == 200
    with full(folder):
        assert shutil.disk_usage(folder).free == 0
        assert outside.status("/livez") == outside.status("/readyz") == 200
        assert outside.status(AMPS) == outside.status("/api/v1/search/?q=full") == 200
        status, headers, body = outside.ask(ZIP)
        assert status == 503
        assert headers["Retry-After"]
        assert b"/problems/unavailable/" in body
        assert outside.sign_in() == 503
        said = outside.said_in(7)
        assert len([line for line in said if "is away" in line or "is back" in line or "Traceback" in line]) <= 2, said
    assert outside.status(ZIP) == outside.sign_in() == 200
    assert list((folder / "exports").glob("*.part")) == []


@on_sqlite
def test_on_a_read_only_disk_an_export_is_a_503(server):
    outside, folder = server
    with disk(folder / "exports", "ro"):
        status, _, body = outside.ask(ZIP)
    assert status == 503
    assert b"cannot be prepared" in body
    assert outside.status(ZIP) == 200


@pytest.mark.parametrize("path", [ZIP, "/api/v1/releases/1/export.ndjson", "/api/v1/signing-keys/"])
@pytest.mark.parametrize("reason", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_key_that_cannot_be_made_is_a_503(first_content, db, settings, tmp_path, monkeypatch, path, reason):
    def refused(*_):
        raise OSError(reason, os.strerror(reason))

    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(signing_keys.os, "link", refused)
    response = Client().get(path)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "cannot write to its disk" in response.json()["detail"]
