"""A release of the library as a FHIR package and as a Bundle, the same bytes each time.

In: the `Library` of a release. Out: bytes, written to a file (https://hl7.org/fhir/packages.html). A package is a
compressed tar file with a folder `package`: `package.json`, `.index.json` and a file for each resource. HL7's own code
systems are left out: they come with the package `hl7.fhir.r4.core`.
"""

import gzip
import io
import json
import tarfile
import uuid
from collections.abc import Iterator
from typing import IO, Any

from content_app.canonical import compact_json
from content_app.delivery.fhir.library import hl7_code_systems
from content_app.delivery.fhir.library.identity import PUBLISHER, meta, version_of
from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM_UUID, canonical
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

NAME = "amps.library"
TITLE = "AMPS library"
KINDS = ("CodeSystem", "ValueSet", "ConceptMap", "NamingSystem", "Composition")
INDEXED = ("resourceType", "id", "url", "version", "kind", "type", "supplements", "content")
FAST_READS = 6  # of gzip's levels: higher ones make it hardly smaller


def resources(library: Library) -> Iterator[Resource]:
    """The resources of the library, and the ImplementationGuide that lists them, in a stable order."""
    own = [
        resource
        for kind in KINDS
        for resource in library.all(kind)
        if not hl7_code_systems.is_of_hl7(resource)
    ]  # fmt: skip
    yield _guide(library, own)
    yield from own


def _guide(library: Library, own: list[Resource]) -> Resource:
    """What the package is, in FHIR's own words (https://hl7.org/fhir/R4/implementationguide.html)."""
    named = "AMPSLibrary", TITLE, "All terminology and all texts of the AMPS library as of one release."
    head = library.edition.canonical_resource("ImplementationGuide", NAME, *named)
    listed = [{"reference": {"reference": f"{each['resourceType']}/{each['id']}"}} for each in own]
    return {
        **head,
        "packageId": NAME,
        "license": LICENCE["spdx"],
        "fhirVersion": ["4.0.1"],
        "definition": {"resource": listed},
    }


def manifest(release: int, published_at: str, review: str = "") -> Resource:
    """`package.json`. `review` is a sentence on whether a clinician has reviewed the content."""
    return {
        "name": NAME,
        "version": version_of(release),
        "title": TITLE,
        "description": " ".join(filter(None, (f"Release {release} of the AMPS library.", review, DISCLAIMER))),
        "type": "Conformance",
        "canonical": canonical("ImplementationGuide", NAME),
        "fhirVersions": ["4.0.1"],
        "dependencies": {"hl7.fhir.r4.core": "4.0.1"},
        "author": PUBLISHER,
        "license": LICENCE["spdx"],
        "date": "".join(filter(str.isdecimal, published_at)),
    }


def write_package(file: IO[bytes], library: Library) -> None:
    """The package of a release."""
    edition = library.edition
    made = [(f"{each['resourceType']}-{each['id']}.json", each) for each in resources(library)]
    index = [
        {"filename": name, **{key: each[key] for key in INDEXED if _is_text(each.get(key))}} for name, each in made
    ]
    with (
        gzip.GzipFile("", "wb", FAST_READS, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        _add(archive, "package.json", manifest(edition.release, edition.published_at, edition.review_sentence))
        _add(archive, ".index.json", {"index-version": 2, "files": index})
        for name, resource in made:
            _add(archive, name, resource)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _add(archive: tarfile.TarFile, name: str, data: Any) -> None:
    """A file that says nothing of the machine or the time: no owner, no date."""
    body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    entry = tarfile.TarInfo(f"package/{name}")
    entry.size = len(body)
    archive.addfile(entry, io.BytesIO(body))


def write_bundle(file: IO[bytes], library: Library) -> None:
    """The same resources as a Bundle of type collection."""
    edition = library.edition
    head = {
        "resourceType": "Bundle",
        "id": f"{NAME}-{edition.release}",
        "meta": meta(edition.release, edition.published_at),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": bundle_identifier(edition.release)},
        "type": "collection",
        "timestamp": edition.published_at,
    }
    file.write(compact_json(head).removesuffix(b"}") + b',"entry":[')
    for number, resource in enumerate(resources(library)):
        file.write(b"," * (number > 0) + compact_json({"fullUrl": _full_url(resource), "resource": resource}))
    file.write(b"]}")


def bundle_identifier(release: int) -> str:
    return uuid.uuid5(CODE_SYSTEM_UUID, f"Bundle/{release}").urn


def _full_url(resource: Resource) -> str:
    """The address of a resource that is the same on every server."""
    if resource["resourceType"] == "Composition":
        return f"urn:uuid:{resource['id']}"
    return str(resource.get("url") or canonical(resource["resourceType"], resource["id"]))
