"""The archive as a file: written whole or not at all, and read only after every byte has been checked.

In: files by name, and facts about them. Out: one file, or its content in a folder. Raises `NotDone`.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyrage

from content_app.operation.backup import DAMAGED, REFUSED, NotDone

FORMAT = "amps-backup/1"
MANIFEST = "manifest.json"
AGE = b"age-encryption.org/v1\n"
FOOTER = len("\nsha256:\n") + 64
BLOCK = 1 << 20


def sha256_of(file: IO[bytes], size: int | None = None) -> str:
    """The SHA-256 of what a file has from here on, or of so many bytes."""
    found, left = hashlib.sha256(), size
    while block := file.read(BLOCK if left is None else min(BLOCK, left)):
        found.update(block)
        left = None if left is None else left - len(block)
    return found.hexdigest()


def write(target: Path, files: Mapping[str, Path], facts: Mapping[str, Any], passphrase: str = "") -> None:
    """Write an archive of these files. A target that exists is refused, and a half-written one never appears."""
    if target.exists():
        raise NotDone(f"{target} exists already. Choose another name.", returncode=REFUSED)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with _for_owner_only(draft) as out:
            _write_tar(out, files, facts)
            out.seek(0)
            footer = f"\nsha256:{sha256_of(out)}\n".encode()
            out.write(footer)
            if passphrase:
                _encrypt(out, passphrase)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, target)  # unlike renaming, this replaces no file that has appeared meanwhile
    except FileExistsError:
        raise NotDone(f"{target} exists already. Choose another name.", returncode=REFUSED)
    finally:
        draft.unlink(missing_ok=True)


def _for_owner_only(path: Path) -> IO[bytes]:
    return open(path, "w+b", opener=lambda name, flags: os.open(name, flags | os.O_EXCL, 0o600))


def _write_tar(out: IO[bytes], files: Mapping[str, Path], facts: Mapping[str, Any]) -> None:
    listed = {}
    for name, path in files.items():
        with path.open("rb") as file:
            listed[name] = {"size": path.stat().st_size, "sha256": sha256_of(file)}
    manifest = json.dumps({"format": FORMAT, **facts, "files": listed}, indent=1).encode()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, io.BytesIO(manifest), len(manifest))
        for name, path in files.items():
            with path.open("rb") as file:
                _add(tar, name, file, listed[name]["size"])


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, file)


def _encrypt(out: IO[bytes], passphrase: str) -> None:
    out.seek(0)
    sealed = pyrage.passphrase.encrypt(out.read(), passphrase)
    out.seek(0)
    out.truncate()
    out.write(sealed)


def is_encrypted(source: Path) -> bool:
    """Whether a passphrase is needed."""
    with source.open("rb") as file:
        return file.read(len(AGE)) == AGE


@contextmanager
def opened(source: Path, passphrase: str, folder: Path) -> Iterator[dict[str, Any]]:
    """The manifest of an archive that is whole, with its files in `folder`, which is emptied afterwards."""
    plain = folder / "archive.tar"
    try:
        readable = source
        if is_encrypted(source):
            plain.touch(mode=0o600)
            plain.write_bytes(_decrypted(source, passphrase))
            readable = plain
        _check_footer(source, readable)
        yield _unpacked(readable, folder)
    finally:
        for path in [plain, *folder.rglob("*")]:
            with suppress(OSError):
                path.unlink()


def _decrypted(source: Path, passphrase: str) -> bytes:
    if not passphrase:
        raise NotDone(f"{source} is encrypted. Give its passphrase with --passphrase-file.", returncode=REFUSED)
    try:
        return pyrage.passphrase.decrypt(source.read_bytes(), passphrase)
    except pyrage.DecryptError:
        raise NotDone(f"{source} is damaged, or the passphrase is wrong.", returncode=DAMAGED)


def _check_footer(source: Path, readable: Path) -> None:
    size = readable.stat().st_size - FOOTER
    with readable.open("rb") as file:
        found = sha256_of(file, max(size, 0))
        if size <= 0 or file.read() != f"\nsha256:{found}\n".encode():
            raise NotDone(f"{source} is damaged or not a backup. Use another backup.", returncode=DAMAGED)


def _unpacked(readable: Path, folder: Path) -> dict[str, Any]:
    """The manifest; each file that it lists lies in the folder, and is as it says."""
    with tarfile.open(readable, "r:") as tar:
        manifest = json.loads(tar.extractfile(MANIFEST).read())
        if manifest.get("format") != FORMAT:
            raise NotDone(f"The format is {manifest.get('format')}; this version reads {FORMAT}.", returncode=REFUSED)
        for name, listed in manifest["files"].items():
            tar.extract(name, folder, filter="data")
            with (folder / name).open("rb") as file:
                if sha256_of(file) != listed["sha256"]:
                    raise NotDone(f"{name} in the backup is not what its manifest says.", returncode=DAMAGED)
    return manifest
