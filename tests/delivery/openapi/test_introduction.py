"""With the introduction alone: every link in it leads somewhere, and its code works as it is printed."""

import json
import subprocess
import sys
import zipfile

import pytest

from tests.introduction import LINKS, code_with
from tests.shelf import saying


def fetched(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def read(client):
    return lambda address: json.loads(fetched(client, address))


def conditions(copy):
    return {document["slug"] for document in copy.values() if document["kind"] == "condition"}


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(first_content, db, client, link):
    assert client.get(link).status_code == 200


def test_an_app_gets_from_nothing_to_a_checked_copy_that_stays_current(shelf, client, read, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    first = (("stays", "It hurts."), ("changes", "It ends."), ("goes", "It goes."), ("went", "It went."))
    shelf.publish(*(saying(*each) for each in first))
    shelf.withdraw(saying("went"))
    bundle, check = tmp_path / "bundle.zip", tmp_path / "check.py"
    bundle.write_bytes(fetched(client, "/api/v1/releases/2/export.zip"))
    check.write_text(code_with("Ed25519PublicKey"))
    key = read("/api/v1/signing-keys/")["keys"][0]["public_key"]
    subprocess.run([sys.executable, "-I", str(check), str(bundle), key], check=True)
    with zipfile.ZipFile(bundle) as opened:
        documents = [json.loads(line) for line in opened.read("documents.ndjson").splitlines()]
    copy = {document["id"]: document for document in documents if not document.get("withdrawn")}
    assert conditions(copy) == {"stays", "changes", "goes"}

    shelf.publish(saying("changes", "It does not end."), saying("comes"))
    shelf.withdraw(saying("goes"))
    said = {"read": read}
    exec(code_with("def catch_up"), said)  # noqa: S102 - it is ours
    place = said["catch_up"](copy, "/api/v1/changes/?after_release=2")

    assert conditions(copy) == {"stays", "changes", "comes"}
    held = [{"id": id_, "sha256": document["meta"]["sha256"]} for id_, document in copy.items()]
    told = client.post("/api/v1/check/", {"items": held}, content_type="application/json").json()["results"]
    assert [one["status"] for one in told] == ["current"] * len(copy)
    assert said["catch_up"](dict(copy), place) == place
