"""Keys that change: what was signed with an earlier one can still be checked."""

import base64
import io
import json

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from content_app.delivery.rest.export import signing_keys
from tests.shelf import saying

ZIP = "/api/v1/releases/1/export.zip"
KEYS = "/api/v1/signing-keys/"


@pytest.fixture
def rotate(settings, tmp_path, shelf):
    """A function that changes the key of the deployment, as its operator does."""
    settings.VAR_DIR = tmp_path / "var"
    shelf.publish(saying("first", "It hurts."))

    def rotate(byte: bytes) -> None:
        settings.SIGNING_KEY = base64.b64encode(byte * 32).decode()

    return rotate


def saved(client, path):
    path.write_bytes(b"".join(client.get(ZIP).streaming_content))
    return path


def keys(client):
    return client.get(KEYS).json()["keys"]


def test_a_bundle_signed_with_an_earlier_key_is_checked_with_what_is_published_now(rotate, client, tmp_path):
    bundles = []
    for byte in (b"\x01", b"\x02", b"\x03"):
        rotate(byte)
        bundles.append(saved(client, tmp_path / f"{byte.hex()}.zip"))
    published = tmp_path / "keys.json"
    published.write_bytes(client.get(KEYS).content)
    assert len({bundle.read_bytes() for bundle in bundles}) == 3
    for bundle in bundles:
        call_command("verify_bundle", bundle, public_key=str(published), stdout=io.StringIO())
    assert [key["status"] for key in keys(client)] == ["current", "retired", "retired"]


def test_a_key_tells_since_when_it_has_signed_and_when_last(rotate, client, tmp_path, monkeypatch):
    rotate(b"\x01")
    assert keys(client)[0]["first_signed_on"] is None
    saved(client, tmp_path / "bundle.zip")
    told = keys(client)[0]
    assert told["first_signed_on"] == told["last_signed_on"] != None  # noqa: E711 - three are compared
    note = tmp_path / "var" / "signed-with" / f"{told['id']}.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"first_signed_on": "2020-01-01"}))
    signing_keys.sign(b"again")
    assert keys(client)[0]["first_signed_on"] == "2020-01-01"
    assert keys(client)[0]["last_signed_on"] > "2020-01-01"


def test_keys_that_signed_elsewhere_are_published_too(rotate, client, settings):
    rotate(b"\x01")
    earlier = keys(client)[0]
    rotate(b"\x02")
    settings.SIGNING_KEYS_RETIRED = [earlier["public_key"]]
    assert [key["id"] for key in keys(client)][1:] == [earlier["id"]]
    assert keys(client)[1] == earlier | {"status": "retired"}


def test_a_retired_key_that_is_none_is_loud(rotate, settings):
    rotate(b"\x01")
    settings.SIGNING_KEYS_RETIRED = ["secret"]
    with pytest.raises(ImproperlyConfigured, match="SIGNING_KEYS_RETIRED"):
        signing_keys.published_keys()


def test_no_secret_is_published_or_noted(rotate, client, settings, tmp_path):
    rotate(b"\x01")
    saved(client, tmp_path / "bundle.zip")
    noted = b"".join(path.read_bytes() for path in (tmp_path / "var" / "signed-with").iterdir())
    assert settings.SIGNING_KEY.encode() not in noted + client.get(KEYS).content


def test_keys_of_others_do_not_vouch_for_a_bundle(rotate, client, tmp_path):
    rotate(b"\x01")
    bundle = saved(client, tmp_path / "bundle.zip")
    others = [
        signing_keys.to_entry({"public_key": base64.b64encode(bytes([n]) * 32).decode()}, is_current=False)
        for n in (4, 5)
    ]
    (tmp_path / "keys.json").write_text(json.dumps({"keys": others}))
    with pytest.raises(CommandError, match="not genuine"):
        call_command("verify_bundle", bundle, public_key=str(tmp_path / "keys.json"), stderr=io.StringIO())
