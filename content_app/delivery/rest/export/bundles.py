"""Makes the bundle of a release: one ZIP file with every document, a manifest, the licence and a signature.

In: the documents of a release, one at a time, and a signing key. Out: the same bytes for the same release and key,
on every machine: stored entries, fixed dates, documents in the order of their identifiers. One document in memory.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from content_app.canonical import compact_json
from content_app.delivery.rest.export.verify_script import RECIPE
from content_app.vocabulary.addresses import API
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

FORMAT = "amps-bundle-1"
DOCUMENTS, INDEX, LICENCE_FILE, READ_ME = "documents.ndjson", "index.ndjson", "LICENCE.txt", "README.txt"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.sig"
ENTRIES = (DOCUMENTS, INDEX, LICENCE_FILE, READ_ME, MANIFEST, SIGNATURE)
# The earliest date that ZIP knows: the bytes do not say when the file was made.
DATE = (1980, 1, 1, 0, 0, 0)
READ_ME_TEXT = f"""AMPS API: all current documents of one release

documents.ndjson   one document per line, as published, ordered by identifier; withdrawn documents are marked
index.ndjson       for each document: identifier, version, hash, and the position and length of its line
manifest.json      the release, the licence, and the size and SHA-256 of each file
manifest.json.sig  an Ed25519 signature (64 bytes) of manifest.json
LICENCE.txt        the licence of the content

{DISCLAIMER}

To verify the bundle, download the public key from {API}/signing-keys/ once and keep it. Save this script as check.py
and install the Python package “cryptography”. Then run: python check.py BUNDLE KEY

{RECIPE}"""
LICENCE_TEXT = f"""{LICENCE["name"]} ({LICENCE["spdx"]})
{LICENCE["url"]}
Attribution: {LICENCE["attribution"]}

{DISCLAIMER}
"""


class Tally:
    """Size and hash of what is written through it."""

    def __init__(self, file: IO[bytes]):
        self.file, self.size, self.hash = file, 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        self.file.write(data)
        self.size += len(data)
        self.hash.update(data)

    @property
    def as_entry(self) -> dict[str, Any]:
        return {"bytes": self.size, "sha256": self.hash.hexdigest()}


def write(
    file: IO[bytes],
    release: dict[str, Any],
    documents: Iterable[tuple[dict, bytes]],
    sign: Callable[[bytes], bytes],
) -> None:
    """Write the bundle. `documents` are (index entry, body), by identifier; `release` is as the API shows it."""
    files: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=True) as bundle, _scratch(file) as index:
        index_tally = Tally(index)
        with bundle.open(_entry(DOCUMENTS), "w", force_zip64=True) as entry:
            tally = Tally(entry)
            for told, body in documents:
                index_tally.write(compact_json(told | {"offset": tally.size, "length": len(body)}) + b"\n")
                tally.write(body + b"\n")
        files[DOCUMENTS] = tally.as_entry
        index.seek(0)
        with bundle.open(_entry(INDEX), "w", force_zip64=True) as entry:
            while chunk := index.read(1 << 16):
                entry.write(chunk)
        files[INDEX] = index_tally.as_entry
        for name, text in ((LICENCE_FILE, LICENCE_TEXT), (READ_ME, READ_ME_TEXT)):
            bundle.writestr(_entry(name), text)
            files[name] = {"bytes": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
        manifest = manifest_bytes(release, files)
        bundle.writestr(_entry(MANIFEST), manifest)
        bundle.writestr(_entry(SIGNATURE), sign(manifest))


def manifest_bytes(release: dict[str, Any], files: dict[str, dict[str, Any]]) -> bytes:
    """What is signed."""
    manifest = {
        "format": FORMAT,
        "release": release,
        "licence": LICENCE,
        "disclaimer": DISCLAIMER,
        "files": files,
        "changes": f"{API}/changes/?after_release={release['number']}",
    }
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that says nothing of the machine: a fixed date, made on Unix, readable by all."""
    entry = zipfile.ZipInfo(name, DATE)
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry


def _scratch(file: IO[bytes]) -> IO[bytes]:
    """A file without a name, beside the bundle if that has a name."""
    name = getattr(file, "name", None)
    return tempfile.TemporaryFile(dir=Path(name).parent if isinstance(name, str) else None)


def extent_of(file: IO[bytes], name: str) -> tuple[int, int]:
    """Where the bytes of a stored entry begin in a bundle, and how many there are."""
    with zipfile.ZipFile(file) as bundle:
        entry = bundle.getinfo(name)
    file.seek(entry.header_offset + 26)  # the lengths of name and extra field: APPNOTE.TXT, section 4.3.7
    lengths = file.read(4)
    header = 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    return entry.header_offset + header, entry.file_size
