"""The FHIR packages of all releases, at the addresses at which package registries have theirs.

In: GET below `packages/`. Out: the list of versions as npm has it, packages, Bundles, and the syndication feed. A file
is made when it is first asked for, and kept.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.renderers import BaseRenderer

from content_app import VERSION
from content_app.canonical import compact_json, rfc3339
from content_app.delivery.fhir.library.identity import release_of, version_of
from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.packages import contents
from content_app.delivery.fhir.packages.contents import NAME, TITLE
from content_app.delivery.fhir.packages.syndication import Download, feed
from content_app.delivery.fhir.server.negotiation import FHIR_JSON
from content_app.delivery.fhir.server.releases import StoredReleases
from content_app.delivery.fhir.terminology.canonical_urls import canonical
from content_app.delivery.http import atom, kept_files
from content_app.delivery.http.byte_ranges import Slice
from content_app.delivery.http.file_answers import preparing, sliced
from content_app.delivery.http.problems import Problem, base_url
from content_app.delivery.http.renderers import JSONRenderer, named
from content_app.delivery.http.responses import answer
from content_app.delivery.query import parameters
from content_app.delivery.query.base_view import ReadView
from content_app.models.publication import Release
from content_app.vocabulary.addresses import PACKAGES

IN_FEED = 5  # releases, the newest ones; all are in the list of versions
KEPT = 2 * IN_FEED


@dataclass(frozen=True)
class Form:
    """A form that a whole release is available in."""

    category: str
    kind: str
    title: str
    suffix: str
    media_type: str
    address: str
    write: Callable[[IO[bytes], Library], None]


PACKAGE = Form(
    "FHIR_Package", "ImplementationGuide", "FHIR package", "tgz", "application/gzip", f"{PACKAGES}/{NAME}/{{}}",
    contents.write_package,
)  # fmt: skip
BUNDLE = Form(
    "FHIR_Bundle", "Bundle", "FHIR Bundle", "json", FHIR_JSON, f"{PACKAGES}/{NAME}/{{}}/bundle.json",
    contents.write_bundle,
)  # fmt: skip


def tag(form: Form, release: int) -> str:
    """What tells the file from every other: the content of the release and the version of this software."""
    manifest = Release.objects.values_list("manifest_sha256", flat=True).get(number=release)
    return f"{manifest[:32]}-{VERSION}-{form.suffix}"


def opened(form: Form, release: int) -> IO[bytes]:
    """The file of a release, made if need be. Raises `Problem` (503)."""
    path = Path(settings.VAR_DIR) / "packages" / f"{NAME}-{release}-{tag(form, release)}.{form.suffix}"
    with preparing():
        return kept_files.opened(path, lambda file: form.write(file, StoredReleases().as_of(release)), KEPT)


class PackagesView(ReadView):
    """A view of the registry: machines find it by what registries do, so it is not part of the API's description."""

    schema = None
    known_parameters = ()
    is_for_people = True


class FormView(PackagesView):
    """A release in one form, whole or from a place on."""

    form: ClassVar[Form]

    def get(self, request: HttpRequest, version: str) -> HttpResponse:
        release = release_of(version)
        if not release:
            raise Problem("not-found", f"The package {NAME} has no version {version}.")
        moment = parameters.published(release, "not-found")
        file = opened(self.form, moment.release)
        whole = Slice(file, 0, file.seek(0, 2))
        response = sliced(request, whole, f'"{tag(self.form, moment.release)}"', moment)
        if response.status_code in (200, 206):
            response["Content-Type"] = self.form.media_type
            name = f"{NAME}-{version}.{self.form.suffix}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class PackageView(FormView):
    """The package of a release."""

    form = PACKAGE
    renderer_classes: ClassVar[list[type[BaseRenderer]]] = [named(PACKAGE.media_type, "tgz"), JSONRenderer]


class BundleView(FormView):
    """All resources of a release as one Bundle."""

    form = BUNDLE
    renderer_classes: ClassVar[list[type[BaseRenderer]]] = [named(BUNDLE.media_type, "json"), JSONRenderer]


class VersionsView(PackagesView):
    """All versions of the package, as npm and the FHIR registries list them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        moment = self.moment()
        base = base_url(request._request)
        rows = Release.objects.filter(number__lte=moment.release).order_by("number")
        versions = {
            version_of(number): contents.manifest(number, rfc3339(published_at, "seconds"))
            | {"dist": {"tarball": base + PACKAGE.address.format(version_of(number))}}
            for number, published_at in rows.values_list("number", "published_at")
        }
        body = {
            "_id": NAME,
            "name": NAME,
            "description": TITLE,
            "dist-tags": {"latest": version_of(moment.release)},
            "versions": versions,
        }
        return answer(request, compact_json(body), moment=moment, can_compress=True)


class SyndicationView(PackagesView):
    """The newest releases, for servers that take them by themselves."""

    renderer_classes: ClassVar[list[type[BaseRenderer]]] = [
        named(name, "atom") for name in (atom.MEDIA_TYPE, "application/xml", "text/xml")
    ]

    def get(self, request: HttpRequest) -> HttpResponse:
        moment = self.moment()
        base = base_url(request._request)
        rows = Release.objects.filter(number__lte=moment.release).order_by("-number")[:IN_FEED]
        downloads = [
            self.download(form, number, rfc3339(published_at, "seconds"), base)
            for number, published_at in rows.values_list("number", "published_at")
            for form in (PACKAGE, BUNDLE)
        ]
        body = feed(downloads, href=base + request.path, home=f"{base}/")
        return answer(request, body, moment=moment, content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")

    def download(self, form: Form, release: int, published_at: str, base: str) -> Download:
        version = version_of(release)
        with opened(form, release) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            length = file.tell()
        return Download(
            category=form.category,
            title=f"{TITLE} {version}: {form.title}",
            canonical=canonical(form.kind, NAME),
            version=version,
            published_at=published_at,
            href=base + form.address.format(version),
            media_type=form.media_type,
            length=length,
            sha256=sha256,
        )
