"""Everything of a release in one file: made once, whole or not at all, read in parts, checked from outside."""

import base64
import fcntl
import io
import json
import subprocess
import sys
import zipfile

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from content_app.canonical import sha256_of
from content_app.delivery.http import byte_ranges, kept_files
from content_app.delivery.rest.export import bundles, kept_bundles, signing_keys
from content_app.delivery.rest.export.views import release_to_export
from content_app.models.publication import Document, Release
from tests.shelf import saying
from tests.together import all_at_once

ZIP, LINES = "/api/v1/releases/2/export.zip", "/api/v1/releases/2/export.ndjson"


@pytest.fixture
def kept(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "exports"


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    shelf_of_a_module.publish(saying("first", "It hurts."), saying("second", "It ends."))
    shelf_of_a_module.withdraw(saying("second"))
    return shelf_of_a_module


@pytest.fixture
def history(kept, published, db):
    return published


def read(client, address, **headers):
    response = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response, body


def the_key(client):
    return client.get("/api/v1/signing-keys/").json()["keys"][0]


def test_the_lines_are_the_stored_documents_by_identifier(history, client):
    response, body = read(client, LINES)
    stored = Document.objects.filter(superseded_in=None).order_by("item_uuid").values_list("body", flat=True)
    assert body == b"".join(bytes(one) + b"\n" for one in stored)
    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Content-Length"] == str(len(body))
    assert any(json.loads(line).get("withdrawn") for line in body.splitlines())


def test_the_bundle_tells_where_each_document_is(history, client):
    with zipfile.ZipFile(io.BytesIO(read(client, ZIP)[1])) as bundle:
        assert bundle.namelist() == list(bundles.ENTRIES)
        assert bundle.testzip() is None
        lines = bundle.read("documents.ndjson")
        for told in map(json.loads, bundle.read("index.ndjson").splitlines()):
            document = json.loads(lines[told["offset"] : told["offset"] + told["length"]])
            assert (document["id"], document["meta"]["sha256"]) == (told["id"], told["sha256"])
        manifest = json.loads(bundle.read("manifest.json"))
    assert manifest["release"]["manifest_sha256"] == Release.objects.get(number=2).manifest_sha256
    assert manifest["changes"] == "/api/v1/changes/?after_release=2"


def test_the_bundle_has_the_same_bytes_whoever_makes_it(history, client, kept):
    _, first = read(client, ZIP)
    next(kept.glob("*.zip")).unlink()
    assert read(client, ZIP)[1] == first
    memory = io.BytesIO()
    moment = kept_bundles.reading.moment_of_release(2)
    bundles.write(memory, release_to_export(2), kept_bundles.documents(moment), signing_keys.sign)
    assert memory.getvalue() == first


def test_the_bundle_verifies_and_an_app_goes_on_from_it(history, client, tmp_path, capsys):
    file = tmp_path / "bundle.zip"
    file.write_bytes(read(client, ZIP)[1])
    for key in (the_key(client)["public_key"], kept_in(tmp_path / "key.pem", the_key(client)["pem"])):
        call_command("verify_bundle", file, public_key=key)
        assert "is genuine" in capsys.readouterr().out
    history.publish(saying("third", "It is new."))
    page = client.get("/api/v1/changes/?after_release=2").json()
    assert [entry["slug"] for entry in page["results"]] == ["third"]


def kept_in(path, text):
    path.write_text(text)
    return str(path)


def test_the_recipe_checks_a_bundle_with_nothing_of_ours(history, client, tmp_path):
    file, recipe = tmp_path / "bundle.zip", tmp_path / "check.py"
    file.write_bytes(read(client, ZIP)[1])
    with zipfile.ZipFile(file) as bundle:
        text = bundle.read("README.txt").decode()
    recipe.write_text(text[text.index("import hashlib") :])
    command = [sys.executable, "-I", str(recipe), str(file), the_key(client)["public_key"]]
    assert subprocess.run(command, check=False).returncode == 0
    changed = file.read_bytes().replace(b"It hurts.", b"It hurt ?")
    file.write_bytes(changed)
    assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode != 0
    assert len([line for line in bundles.RECIPE.splitlines() if line]) <= 11


@pytest.fixture
def bundle_file(history, client, tmp_path):
    file = tmp_path / "bundle.zip"
    file.write_bytes(read(client, ZIP)[1])
    return file


def rewritten(file, change):
    """The bundle with some entries changed, made into a ZIP file again as it should be."""
    with zipfile.ZipFile(file) as bundle:
        entries = {name: bundle.read(name) for name in bundle.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        for name, data in change(entries).items():
            bundle.writestr(name, data)


def signed_again(entries):
    """The work of somebody who holds the key: every file fits the manifest."""
    manifest = json.loads(entries["manifest.json"])
    tallies = {}
    for name in bundles.ENTRIES[:4]:
        tally = bundles.Tally(io.BytesIO())
        tally.write(entries[name])
        tallies[name] = tally.as_entry
    entries["manifest.json"] = bundles.manifest_bytes(manifest["release"], tallies)
    entries["manifest.json.sig"] = signing_keys.signing_key().sign(entries["manifest.json"])
    return entries


def without_a_document(entries):
    lines, index = entries["documents.ndjson"].splitlines(True), entries["index.ndjson"].splitlines(True)
    gone = next(n for n, line in enumerate(lines) if b'"withdrawn":true' in line)
    return entries | {
        "documents.ndjson": b"".join(line for n, line in enumerate(lines) if n != gone),
        "index.ndjson": b"".join(line for n, line in enumerate(index) if n != gone),
    }


TAMPERINGS = {
    "a document": (lambda e: e | {"documents.ndjson": e["documents.ndjson"].replace(b"hurts", b"helps")}, "signed"),
    "the licence": (lambda e: e | {"LICENCE.txt": b"Public domain"}, "LICENCE.txt: the file has been changed"),
    "the manifest": (lambda e: e | {"manifest.json": e["manifest.json"] + b" "}, "signature does not match"),
    "a file too many": (lambda e: {"more.txt": b""} | e, "exactly"),
    "a file too few": (lambda e: {k: v for k, v in e.items() if k != "README.txt"}, "exactly"),
    "a document, signed again": (
        lambda e: signed_again(e | {"documents.ndjson": e["documents.ndjson"].replace(b"hurts", b"helps")}),
        "condition/first does not match its hash",
    ),
    "one document less, signed again": (lambda e: signed_again(without_a_document(e)), "new in release 2"),
    "no JSON, signed again": (lambda e: signed_again(e | {"documents.ndjson": b"[]\n"}), "line 1"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_named(bundle_file, client, what):
    change, sentence = TAMPERINGS[what]
    rewritten(bundle_file, change)
    stderr = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_bundle", bundle_file, public_key=the_key(client)["public_key"], stderr=stderr)
    assert sentence in stderr.getvalue()


@pytest.mark.parametrize("data", [b"", b"PK", b"no bundle", b"\x00" * 100])
def test_what_is_no_bundle_is_said_to_be_none(history, client, tmp_path, data):
    file = tmp_path / "no.zip"
    file.write_bytes(data)
    with pytest.raises(CommandError):
        call_command("verify_bundle", file, public_key=the_key(client)["public_key"], stderr=io.StringIO())


def test_a_key_that_is_none_or_another_is_refused(bundle_file):
    with pytest.raises(CommandError, match="must be 32 bytes in base64"):
        call_command("verify_bundle", bundle_file, public_key="abc")
    other = base64.b64encode(b"\x01" * 32).decode()
    with pytest.raises(CommandError, match="not genuine"):
        call_command("verify_bundle", bundle_file, public_key=other, stderr=io.StringIO())


# Ranges


@pytest.mark.parametrize("address", [ZIP, LINES])
def test_a_client_resumes_where_it_was_cut_off(history, client, address):
    response, whole = read(client, address)
    assert response["Accept-Ranges"] == "bytes"
    rest, body = read(client, address, Range="bytes=100-", If_Range=response["ETag"])
    assert (rest.status_code, body) == (206, whole[100:])
    assert rest["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert rest["Content-Length"] == str(len(whole) - 100)
    assert read(client, address, Range="bytes=-5")[1] == whole[-5:]
    assert read(client, address, Range="bytes=0-0")[1] == whole[:1]


def test_another_file_is_sent_whole(history, client):
    response, whole = read(client, LINES, Range="bytes=100-", If_Range='"another"')
    assert (response.status_code, len(whole)) == (200, int(response["Content-Length"]))
    assert read(client, LINES, Range="bytes=0-1", If_Range=response["Last-Modified"])[0].status_code == 206
    assert read(client, LINES, Range="bytes=0-1,5-6")[1] == whole
    assert read(client, LINES, Range="lines=0-1")[1] == whole


def test_a_range_behind_the_end_is_416(history, client):
    response, body = read(client, LINES, Range="bytes=999999999-")
    assert response.status_code == 416
    assert response["Content-Range"].startswith("bytes */")
    assert json.loads(body)["type"].endswith("/range-not-satisfiable/")


def test_conditions_come_before_ranges(history, client):
    tag = read(client, LINES)[0]["ETag"]
    assert read(client, LINES, Range="bytes=0-1", If_None_Match=tag)[0].status_code == 304
    assert read(client, LINES, If_Match='"another"')[0].status_code == 412
    head = client.head(LINES)
    assert (head["Content-Length"], head["ETag"]) == (str(len(read(client, LINES)[1])), tag)
    assert b"".join(head.streaming_content) == b""


@given(st.text(st.sampled_from("0123456789-=,bytes "), max_size=24), st.integers(1, 500))
def test_any_range_lies_within_the_file_or_is_refused(header, size):
    try:
        part = byte_ranges.asked_for(header, size)
    except byte_ranges.NotSatisfiable:
        return
    assert part is None or 0 <= part[0] <= part[1] < size


# How files come to be


def test_an_earlier_release_is_exported_as_it_was(history, client):
    response, body = read(client, "/api/v1/releases/1/export.ndjson")
    assert not any(json.loads(line).get("withdrawn") for line in body.splitlines())
    assert "immutable" in response["Cache-Control"]
    assert read(client, "/api/v1/releases/9/export.zip")[0].status_code == 404
    assert read(client, ZIP + "?release=1")[0].status_code == 400
    assert read(client, ZIP, Accept="text/html")[0].status_code == 200


def test_what_there_is_to_export_is_listed(history, client):
    told = client.get("/api/v1/releases/2/export/").json()
    assert [read(client, file["href"])[0].status_code for file in told["files"]] == [200, 200]
    assert client.get(told["signing_keys"]).status_code == 200


def test_while_another_process_makes_it_clients_are_told_to_come_back(history, client, kept, monkeypatch):
    monkeypatch.setattr(kept_files, "LONGEST_WAIT", 0.1)
    kept.mkdir()
    with (kept / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        response, _ = read(client, ZIP)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert read(client, ZIP)[0].status_code == 200


def test_a_full_disk_leaves_nothing_behind(history, client, kept, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_files.os, "fsync", full)
    assert read(client, ZIP)[0].status_code == 503
    assert [path.name for path in kept.iterdir()] == ["lock"]


def test_what_a_killed_process_left_is_removed(history, client, kept):
    kept.mkdir()
    (kept / "some.part").write_bytes(b"half")
    read(client, ZIP)
    assert not list(kept.glob("*.part"))


def test_only_the_bundles_used_last_are_kept(history, client, kept):
    for number in range(1, 7):
        history.publish(saying("first", f"It hurts {number} times."))
    for number in range(1, 9):
        assert read(client, f"/api/v1/releases/{number}/export.zip")[0].status_code == 200
    assert len(list(kept.glob("*.zip"))) == kept_files.MOST_KEPT


def test_a_key_is_made_once_even_by_many_at_the_same_time(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "new"
    (found,) = set(all_at_once([the_id] * 8, with_database=False))
    assert found == the_id()
    assert (tmp_path / "new" / "signing-key").stat().st_mode & 0o777 == 0o600


def the_id():
    return signing_keys.key_id(signing_keys.signing_key().public_key())


def test_a_key_from_the_environment_counts_and_a_bad_one_is_loud(settings):
    settings.SIGNING_KEY = base64.b64encode(b"\x07" * 32).decode()
    before = the_id()
    settings.SIGNING_KEY = base64.b64encode(b"\x08" * 32).decode()
    assert the_id() != before
    settings.SIGNING_KEY = "secret"
    with pytest.raises(ImproperlyConfigured):
        signing_keys.signing_key()


def test_another_key_gives_another_tag(history, client, settings):
    tags = set()
    for byte in (b"\x07", b"\x08"):
        settings.SIGNING_KEY = base64.b64encode(byte * 32).decode()
        tags.add(read(client, ZIP)[0]["ETag"])
    assert len(tags) == 2


def test_an_export_takes_four_queries_once_it_is_made(history, client, django_assert_max_num_queries):
    read(client, ZIP)
    with django_assert_max_num_queries(2):
        read(client, ZIP)
    assert sha256_of(1)
