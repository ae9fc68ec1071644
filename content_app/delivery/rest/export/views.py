"""Everything that is current in a release, in one file: as lines of JSON, and as a signed bundle."""

from typing import Any, ClassVar

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http import byte_ranges
from content_app.delivery.http.file_answers import preparing, sliced
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import answer
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.rest.changes import shapes as changes_shapes
from content_app.delivery.rest.export import bundles, kept_bundles, signing_keys
from content_app.delivery.rest.releases import find_release
from content_app.delivery.store.entries import RELEASE_COLUMNS, release_entry
from content_app.models.publication import Release
from content_app.vocabulary.addresses import API

FILE = (
    "\n\nThe file never changes. You can resume a download with `Range` and `If-Range`. While the file is being "
    "prepared, you get a 503 with `Retry-After`."
)


def release_to_export(number: int) -> dict[str, Any]:
    """The release as this API shows it, and the hash of the one before."""
    found = {
        row["number"]: row for row in Release.objects.filter(number__in=(number - 1, number)).values(*RELEASE_COLUMNS)
    }
    previous = found[number - 1]["manifest_sha256"] if number > 1 else None
    return release_entry(found[number]) | {"previous_manifest_sha256": previous}


class ExportView(ReadView):
    """Which files there are of a release, and how to check them."""

    operation = Operation(
        "get_export",
        "releases",
        "List the export files of a release",
        "The files that contain every current document of the release, and the address of the signing keys.",
        changes_shapes.ExportSerializer,
        is_found_by_name=True,
        example="get_export",
    )

    known_parameters = ()

    def get(self, request, number: int) -> HttpResponse:
        moment = find_release(number)
        here = f"{API}/releases/{number}/export"
        body = {
            "release": number,
            "files": [
                {"media_type": view.media_type, "name": view.name.format(number), "href": f"{here}.{suffix}"}
                for suffix, view in (("ndjson", NdjsonExportView), ("zip", BundleExportView))
            ],
            "signing_keys": f"{API}/signing-keys/",
            "changes": f"{API}/changes/?after_release={number}",
        }
        return answer(request, compact_json(body), moment=moment)


class FileView(ReadView):
    """A file of a release, whole or from a place on."""

    known_parameters = ()
    media_type = ""
    name = ""

    def get(self, request, number: int) -> HttpResponse:
        moment = find_release(number)
        release = release_to_export(number)
        with preparing():
            file = kept_bundles.opened(release, moment)
        start, size = self.extent(file)
        response = sliced(request, byte_ranges.Slice(file, start, size), self.etag(release), moment)
        if response.status_code in (200, 206):
            response["Content-Type"] = self.media_type
            response["Content-Disposition"] = f'attachment; filename="{self.name.format(number)}"'
        return response

    def extent(self, file) -> tuple[int, int]:
        raise NotImplementedError

    def etag(self, release: dict[str, Any]) -> str:
        raise NotImplementedError


class NdjsonExportView(FileView):
    """Every document of the release, one a line: the first entry of the bundle."""

    operation = Operation(
        "export_documents",
        "releases",
        "Export a release as NDJSON",
        "Every current document of the release as stored, one per line, ordered by identifier. Withdrawn documents "
        f"are included and marked.{FILE}",
        is_file=True,
        is_found_by_name=True,
    )

    media_type = "application/x-ndjson"
    renderer_classes: ClassVar[list[type]] = [named(media_type, "ndjson")]
    name = "amps-release-{}.ndjson"

    def extent(self, file) -> tuple[int, int]:
        return bundles.extent_of(file, bundles.DOCUMENTS)

    def etag(self, release: dict[str, Any]) -> str:
        return f'"{release["manifest_sha256"][:32]}-ndjson"'


class BundleExportView(FileView):
    """The bundle: documents, index, manifest, licence, signature."""

    operation = Operation(
        "export_bundle",
        "releases",
        "Export a release as a signed bundle",
        "A ZIP file with `documents.ndjson`, `index.ndjson`, `LICENCE.txt`, `README.txt`, `manifest.json` and "
        "`manifest.json.sig`, an Ed25519 signature of the manifest. To verify it, use the short Python script in "
        f"`README.txt` or `manage.py verify_bundle`.{FILE}",
        is_file=True,
        is_found_by_name=True,
    )

    media_type = "application/zip"
    renderer_classes: ClassVar[list[type]] = [named(media_type, "zip")]
    name = "amps-release-{}.zip"

    def extent(self, file) -> tuple[int, int]:
        return 0, file.seek(0, 2)

    def etag(self, release: dict[str, Any]) -> str:
        key = signing_keys.key_id(signing_keys.signing_key().public_key())
        return f'"{release["manifest_sha256"][:32]}-{bundles.FORMAT}-{key}"'


class SigningKeyView(ReadView):
    """The public keys that bundles are signed with, and were."""

    operation = Operation(
        "list_signing_keys",
        "releases",
        "List the signing keys",
        "The current and former public keys of signed bundles, so that you can verify a bundle even after the key "
        "has changed. Download the keys once, over HTTPS, and keep them: a key that arrived with the bundle itself "
        "would prove nothing.",
        changes_shapes.SigningKeysSerializer,
    )

    known_parameters = ()

    def get(self, request) -> HttpResponse:
        body = {"keys": signing_keys.published_keys()}
        return answer(request, compact_json(body), moment=self.moment())
