"""The feed from which terminology servers take new releases: Atom with the extensions of terminology syndication.

In: what there is to download. Out: XML bytes (https://build.fhir.org/ig/FHIR/fhir-syndication-ig, version 0.1.0, a
profile of the Atom that Australia's NCTS made). Pure: no Django, no database.
"""

import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from content_app.delivery.fhir.library.identity import PUBLISHER
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM_UUID
from content_app.delivery.http.atom import ATOM, MEDIA_TYPE, xml_text
from content_app.vocabulary.licence import LICENCE

NCTS = "http://ns.electronichealth.net.au/ncts/syndication/asf"
EXTENSION = f"{NCTS}/extensions/1.0.0"
PROFILE, SCHEME = f"{NCTS}/profile/1.0.0", f"{NCTS}/scheme/1.0.0"
FHIR_VERSION = "4.0.1"
ET.register_namespace("ncts", EXTENSION)


@dataclass(frozen=True)
class Download:
    """A file of a release. `category` is a term of the scheme, `canonical` what the file is a version of."""

    category: str
    title: str
    canonical: str
    version: str
    published_at: str
    href: str
    media_type: str
    length: int
    sha256: str

    @property
    def item_version(self) -> str:
        return f"{self.canonical}|{self.version}"


def feed(downloads: list[Download], *, href: str, home: str) -> bytes:
    """The feed, newest first. `href` is its own address, `home` that of the site."""
    root = ET.Element(f"{{{ATOM}}}feed")
    _text(root, "id", uuid.uuid5(CODE_SYSTEM_UUID, "syndication").urn)
    _text(root, "title", f"{PUBLISHER}: terminology syndication")
    _text(root, "updated", downloads[0].published_at)
    _text(ET.SubElement(root, f"{{{ATOM}}}author"), "name", PUBLISHER)
    _text(root, "rights", f"{LICENCE['attribution']} ({LICENCE['url']})")
    _link(root, "self", MEDIA_TYPE, href)
    _link(root, "alternate", "text/html", home)
    _text(root, "atomSyndicationFormatProfile", PROFILE, EXTENSION)
    root.extend(map(_entry, downloads))
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _entry(download: Download) -> ET.Element:
    entry = ET.Element(f"{{{ATOM}}}entry")
    _text(entry, "id", uuid.uuid5(CODE_SYSTEM_UUID, download.item_version).urn)
    _text(entry, "title", download.title)
    _text(entry, "updated", download.published_at)
    _text(entry, "published", download.published_at)
    ET.SubElement(entry, f"{{{ATOM}}}category", term=download.category, scheme=SCHEME)
    link = _link(entry, "alternate", download.media_type, download.href)
    link.set("length", str(download.length))
    link.set(f"{{{EXTENSION}}}sha256Hash", download.sha256)
    _text(entry, "contentItemIdentifier", download.canonical, EXTENSION)
    _text(entry, "contentItemVersion", download.item_version, EXTENSION)
    _text(entry, "fhirVersion", FHIR_VERSION, EXTENSION)
    return entry


def _link(parent: ET.Element, relation: str, media_type: str, href: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{ATOM}}}link", rel=relation, type=media_type, href=href)


def _text(parent: ET.Element, name: str, text: str, namespace: str = ATOM) -> None:
    ET.SubElement(parent, f"{{{namespace}}}{name}").text = xml_text(text)
