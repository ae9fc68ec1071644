"""Releases as FHIR packages: complete, the same bytes each time, and loaded by a package loader that is not ours."""

import hashlib
import io
import json
import os
import subprocess
import tarfile

import feedparser
import pytest

from tests.fhir_client import FHIR_JSON
from tests.fhir_validator import faults
from tests.npm_packages import installed

PACKAGE = "/packages/amps.library/1.0.0"
BUNDLE = f"{PACKAGE}/bundle.json"
FEED = "/packages/syndication.xml"


@pytest.fixture
def kept(settings, tmp_path):
    """Files are kept in a folder of this test."""
    settings.VAR_DIR = tmp_path
    return tmp_path / "packages"


@pytest.fixture
def get(first_content, db, client, kept):
    def content(address: str) -> bytes:
        response = client.get(address)
        assert response.status_code == 200
        return b"".join(response.streaming_content) if response.streaming else response.content

    return content


def files_of(package: bytes) -> dict[str, dict]:
    """The files of a package by name."""
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        return {entry.name: json.loads(archive.extractfile(entry).read()) for entry in archive}


class TestFiles:
    @pytest.mark.parametrize("address", [PACKAGE, BUNDLE])
    def test_a_file_that_is_made_again_has_the_same_bytes(self, get, kept, address):
        before = get(address)
        for file in kept.iterdir():
            file.unlink()
        assert get(address) == before

    def test_the_index_has_every_resource(self, get):
        files = files_of(get(PACKAGE))
        index = files.pop("package/.index.json")["files"]
        assert files.pop("package/package.json")["version"] == "1.0.0"
        assert {f"package/{entry['filename']}": entry["id"] for entry in index} == {
            name: resource["id"] for name, resource in files.items()
        }

    def test_both_forms_have_what_the_server_has(self, get, fhir):
        packed = [resource for name, resource in files_of(get(PACKAGE)).items() if "-" in name]
        bundled = [entry["resource"] for entry in json.loads(get(BUNDLE))["entry"]]
        assert packed == bundled
        for resource in bundled[1:]:
            assert fhir.get(f"{resource['resourceType']}/{resource['id']}").json == resource

    def test_the_bundle_is_valid(self, get):
        bundle = json.loads(get(BUNDLE))
        assert len({entry["fullUrl"] for entry in bundle["entry"]}) == len(bundle["entry"])
        assert faults(bundle | {"entry": bundle["entry"][:20]}) == []

    def test_a_package_says_that_no_clinician_has_reviewed_all_of_it(self, get):
        files = files_of(get(PACKAGE))
        assert "Not all of this content" in files["package/package.json"]["description"]
        assert files["package/ImplementationGuide-amps.library.json"]["status"] == "draft"


class TestAddresses:
    def test_a_download_can_be_resumed(self, get, client):
        whole = get(PACKAGE)
        part = client.get(PACKAGE, headers={"range": "bytes=100-"})
        assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[100:])

    def test_npm_finds_the_package_at_its_own_address(self, get, client):
        versions = client.get("/packages/amps.library").json()
        told = versions["versions"][versions["dist-tags"]["latest"]]
        assert told["dist"]["tarball"] == f"http://testserver{PACKAGE}"
        assert get("/packages/amps.library/-/amps.library-1.0.0.tgz") == get(PACKAGE)

    @pytest.mark.parametrize("version", ["2.0.0", "1.0", "1.0.1", "0.0.0", "9999999999.0.0"])
    def test_a_version_that_is_not_there_is_404(self, first_content, db, client, version):
        assert client.get(f"/packages/amps.library/{version}").status_code == 404


class TestFeed:
    def test_it_tells_where_each_file_is_how_long_and_its_hash(self, get):
        told = feedparser.parse(get(FEED))
        links = [entry.links[0] for entry in told.entries]
        assert [entry.tags[0].term for entry in told.entries] == ["FHIR_Package", "FHIR_Bundle"]
        for link, address in zip(links, (PACKAGE, BUNDLE), strict=True):
            content = get(address)
            assert link.href == f"http://testserver{address}"
            assert (link.length, link["ncts:sha256hash"]) == (str(len(content)), hashlib.sha256(content).hexdigest())
        assert told.entries[1].links[0].type == FHIR_JSON

    def test_every_version_of_a_file_has_a_name_of_its_own(self, get):
        told = [entry["ncts_contentitemversion"] for entry in feedparser.parse(get(FEED)).entries]
        assert len(set(told)) == 2
        assert all(each.endswith("|1.0.0") for each in told)


@pytest.mark.thorough
def test_a_foreign_loader_takes_the_package_from_this_server(live_library, tmp_path):
    folder = installed("fhir-package-loader-2.2.4", "fhir-package-loader@2.2.4")
    ran = subprocess.run(
        ["node", str(folder / ".bin" / "fpl"), "install", "amps.library#1.0.0", "-c", str(tmp_path)],
        env={**os.environ, "FPL_REGISTRY": f"{live_library}/packages"},
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    resources = list((tmp_path / "amps.library#1.0.0" / "package").glob("*-*.json"))
    assert f"Loaded amps.library#1.0.0 with {len(resources)} resources" in ran.stdout + ran.stderr
    assert len(resources) > 100
