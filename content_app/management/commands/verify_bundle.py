"""Checks a bundle of a release from its bytes up, without a database and without trusting who made it.

In: the file, and public keys that were got in another way, of which one must fit. Out: one sentence for each fault. One
line of documents in memory at a time.
"""

import base64
import hashlib
import json
import struct
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.management.base import BaseCommand, CommandError

from content_app.canonical import canonical_json, sha256_of

ENTRIES = ["documents.ndjson", "index.ndjson", "LICENCE.txt", "README.txt", "manifest.json", "manifest.json.sig"]
IN_MANIFEST = ("id", "kind", "slug", "version", "sha256", "withdrawn")
LARGEST_MANIFEST = 1_000_000
LONGEST_LINE = 50_000_000
# What `zipfile` raises on damaged files.
UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, struct.error)


def faults(path: Path, keys: list[Ed25519PublicKey]) -> Iterator[str]:
    """Everything about a bundle that is not as it should be, in sentences."""
    try:
        with zipfile.ZipFile(path) as bundle:
            yield from _faults_of_bundle(bundle, keys)
    except UNREADABLE as error:
        yield f"The file is not a readable bundle: {error}."


def _faults_of_bundle(bundle: zipfile.ZipFile, keys: list[Ed25519PublicKey]) -> Iterator[str]:
    entries = bundle.infolist()
    if [entry.filename for entry in entries] != ENTRIES:
        yield f"The bundle must contain exactly {', '.join(ENTRIES)}, in this order."
        return
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries) or entries[4].file_size > LARGEST_MANIFEST:
        yield "The bundle is not in the format amps-bundle-1."
        return
    signed = bundle.read("manifest.json")
    if not any(fits(key, bundle.read("manifest.json.sig"), signed) for key in keys):
        yield "manifest.json: the signature does not match the public key. Do not trust anything in this file."
        return
    manifest = json.loads(signed)
    for name in ENTRIES[:4]:
        yield from _faults_of_file(bundle, name, manifest["files"][name])
    yield from _faults_of_documents(bundle, manifest["release"])


def fits(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether the signature over the data was made with this key."""
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _faults_of_file(bundle: zipfile.ZipFile, name: str, told: dict[str, Any]) -> Iterator[str]:
    digest, size = hashlib.sha256(), 0
    with bundle.open(name) as file:
        while chunk := file.read(1 << 16):
            digest.update(chunk)
            size += len(chunk)
    if (size, digest.hexdigest()) != (told["bytes"], told["sha256"]):
        yield f"{name}: the file has been changed since it was signed."


def _faults_of_documents(bundle: zipfile.ZipFile, release: dict[str, Any]) -> Iterator[str]:
    """Each document against its hash and the index; those that are new against the manifest hash of the release."""
    chain, last, number = hashlib.sha256(b'{"documents":['), "", 0
    separator = b""
    with bundle.open("documents.ndjson") as documents, bundle.open("index.ndjson") as index:
        for number, line in enumerate(iter(lambda: documents.readline(LONGEST_LINE), b""), 1):
            entry, fault = _checked(line, index.readline(LONGEST_LINE))
            if fault:
                yield f"documents.ndjson, line {number}: {fault}"
                continue
            if entry["id"] <= last:
                yield f"documents.ndjson, line {number}: the document is out of order or repeated."
            last = entry["id"]
            if entry["first_release"] == release["number"]:
                chain.update(separator + canonical_json({field: entry[field] for field in IN_MANIFEST}))
                separator = b","
        if index.readline(LONGEST_LINE):
            yield f"index.ndjson: it lists more documents than the {number} in the bundle."
    previous = canonical_json(release["previous_manifest_sha256"])
    chain.update(b'],"previous":%b,"release":%d}' % (previous, release["number"]))
    if chain.hexdigest() != release["manifest_sha256"]:
        yield f"The documents that are new in release {release['number']} are not the ones it was published with."


def _checked(line: bytes, index_line: bytes) -> tuple[dict[str, Any], str]:
    """The index entry of a document, and what is wrong with the two."""
    try:
        content, entry = json.loads(line), json.loads(index_line)
        meta = content.pop("meta")
        uuid.UUID(entry["id"])
        if not sha256_of(content) == meta["sha256"] == entry["sha256"]:
            return entry, f"{content['kind']}/{content['slug']} does not match its hash."
        told = [content["id"], content["kind"], content["slug"], meta["version"], bool(content.get("withdrawn"))]
        if told != [entry[field] for field in ("id", "kind", "slug", "version", "withdrawn")]:
            return entry, f"{content['kind']}/{content['slug']} is not the document that the index lists."
        if meta["release"] != entry["first_release"]:
            return entry, f"{content['kind']}/{content['slug']} is from a different release than the index says."
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, "the line is not a document that the index lists."
    return entry, ""


def read_keys(given: str) -> list[Ed25519PublicKey]:
    """The keys from the base64 of one, or from a file with that, with PEM, or with what `/api/v1/signing-keys/` says.

    Raises CommandError.
    """
    with_file = Path(given)
    text = (with_file.read_text() if len(given) < 1000 and with_file.is_file() else given).strip()
    try:
        if text.startswith("{"):
            return [key_of(told["public_key"]) for told in json.loads(text)["keys"]]
        if "BEGIN PUBLIC KEY" in text:
            key = load_pem_public_key(text.encode())
            return [key] if isinstance(key, Ed25519PublicKey) else [key_of("")]
        return [key_of(text)]
    except (ValueError, KeyError, TypeError):
        raise CommandError("The public key must be 32 bytes in base64, or PEM. Download it from /api/v1/signing-keys/.")


def key_of(text: str) -> Ed25519PublicKey:
    """The key of its base64. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


class Command(BaseCommand):
    help = "Verify the bundle of a release: its signature, every file, every document, and the hash of the release."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the bundle file")
        parser.add_argument(
            "--public-key",
            required=True,
            help="the key in base64, or a file with the key in base64 or PEM, or a copy of /api/v1/signing-keys/",
        )

    def handle(self, *, file: Path, public_key: str, **options):
        found = list(faults(file, read_keys(public_key)))
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} problems found: the bundle is not genuine.")
        self.stdout.write(f"{file} is genuine.")
