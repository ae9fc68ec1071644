"""Atom feeds (RFC 4287) of releases and of changes.

In: plain data of releases or changes, and where the API is. Out: XML bytes. Pure: no Django, no database.
Identifiers are made from the hash of the first release: they stay when the server moves to another name.
"""

import uuid
import xml.etree.ElementTree as ET
from typing import Any

from content_app.delivery.http.atom import ATOM, MEDIA_TYPE, xml_text
from content_app.vocabulary.addresses import as_type
from content_app.vocabulary.licence import LICENCE

SUMMARIES = {"created": "New", "changed": "Changed", "withdrawn": "Withdrawn"}
ET.register_namespace("", ATOM)


def identifier(library: str, *words: object) -> str:
    """A permanent `urn:uuid:` from the hash of the first release and what is named."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "/".join([library, *map(str, words)])).urn


def releases_feed(releases: list[dict[str, Any]], *, base: str, path: str, library: str) -> bytes:
    """A feed of releases, newest first. A release is {number, published_at, note, significance, href, counts}."""
    entries = [
        entry(
            id=identifier(library, "release", release["number"]),
            title=f"Release {release['number']}",
            updated=release["published_at"],
            summary=release["note"] or f"Release {release['number']} of the library",
            significance=release["significance"],
            page=f"{base}/library/?release={release['number']}",
            href=base + release["href"],
        )
        for release in releases
    ]
    return feed("Releases", "releases", releases[0]["published_at"], entries, base=base, path=path, library=library)


def changes_feed(changes: list[dict[str, Any]], *, updated: str, base: str, path: str, library: str) -> bytes:
    """A feed of changes, newest first. A change is as `changes.to_change` gives it."""
    entries = [
        entry(
            id=identifier(library, "change", change["id"], change["version"]),
            title=f"{SUMMARIES[change['change']]}: {change['name']}",
            updated=change["published_at"],
            summary=change["change_note"] or SUMMARIES[change["change"]],
            significance=change["significance"],
            page=f"{base}{as_type(change['href'].partition('?')[0], 'html')}?release={change['release']}",
            href=base + change["href"],
        )
        for change in changes
    ]
    return feed("Changes", "changes", updated, entries, base=base, path=path, library=library)


def feed(
    title: str, name: str, updated: str, entries: list[ET.Element], *, base: str, path: str, library: str
) -> bytes:
    """The feed around its entries (RFC 4287, section 4.1.1)."""
    root = ET.Element(f"{{{ATOM}}}feed")
    _text(root, "id", identifier(library, name))
    _text(root, "title", f"AMPS API: {title.lower()}")
    _text(root, "updated", updated)
    _text(ET.SubElement(root, f"{{{ATOM}}}author"), "name", "AMPS API")
    _text(root, "rights", f"{LICENCE['attribution']} ({LICENCE['url']})")
    ET.SubElement(root, f"{{{ATOM}}}link", rel="self", type=MEDIA_TYPE, href=base + path)
    ET.SubElement(root, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=f"{base}/")
    root.extend(entries)
    feed: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + feed


def entry(*, id: str, title: str, updated: str, summary: str, significance: str, page: str, href: str) -> ET.Element:
    """One entry (RFC 4287, section 4.1.2); its category is how significant it is. Its first link opens a page."""
    element = ET.Element(f"{{{ATOM}}}entry")
    _text(element, "id", id)
    _text(element, "title", title)
    _text(element, "updated", updated)
    _text(element, "summary", summary)
    ET.SubElement(element, f"{{{ATOM}}}category", term=significance)
    ET.SubElement(element, f"{{{ATOM}}}link", rel="alternate", type="text/html", href=page)
    ET.SubElement(element, f"{{{ATOM}}}link", rel="alternate", type="application/json", href=href)
    return element


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = xml_text(text)
