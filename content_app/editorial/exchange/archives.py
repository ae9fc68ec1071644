"""A zip of editorial documents: read without trusting it, written as a stream.

In: the bytes of a zip. Out: documents with the file each came from, or problems, as `files.read` gives them. And the
other way round. Nothing is ever unpacked to disk, so a name in a zip cannot reach a file; what is unpacked in memory
is one file at a time, and bounded altogether.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from content_app.editorial.exchange import files
from content_app.editorial.exchange.files import SUFFIXES, Document, Problem, Unreadable
from content_app.manuscripts.schema_messages import shown

LARGEST_UPLOAD = 10_000_000  # bytes, as sent
LARGEST_UNPACKED = 20_000_000  # bytes, of all files together
MOST_DOCUMENTS = 1_000
ENTRY = b"PK\x01\x02"  # begins each entry of a zip's directory (APPNOTE 4.3.12)
FORMATS = {".yaml": files.to_yaml, ".json": files.to_json}
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes, whenever it is exported


def is_known(name: str) -> bool:
    """Whether a file of this name can be read here."""
    return PurePosixPath(name).suffix.lower() in {*SUFFIXES, ".zip"}


def is_zip(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() == ".zip"


def weight(name: str, data: bytes) -> tuple[int, int]:
    """How many files there are to read, and how many bytes they have. (0, 0) for what is no readable zip."""
    if not is_zip(name):
        return 1, len(data)
    try:
        entries = _entries(_opened(data))
    except Unreadable:
        return 0, 0
    return len(entries), sum(entry.file_size for entry in entries)


def read(name: str, data: bytes) -> Iterator[tuple[str, Any | Problem]]:
    """Every document of an upload, as (file, document), or (file, Problem) if it cannot be read."""
    if not is_zip(name):
        yield name, _document(name, name, lambda: data)
        return
    try:
        archive = _opened(data)
        entries = _entries(archive)
    except Unreadable as error:
        yield name, Problem(name, "", str(error))
        return
    left = LARGEST_UNPACKED
    seen: set[str] = set()
    for entry in entries:
        file = shown(entry.filename, 300)
        yield file, _document(file, entry.filename, partial(_unpacked, archive, entry, seen))
        left -= entry.file_size
        if left < 0:
            sentence = (
                f"The unpacked files are larger than {LARGEST_UNPACKED // 1_000_000} MB. Split them into several zips."
            )
            yield name, Problem(name, "", sentence)
            return


def _document(file: str, name: str, content: Callable[[], bytes]) -> Any | Problem:
    try:
        return files.parse_bytes(content(), is_json=name.lower().endswith(".json"))
    except Unreadable as error:
        return Problem(file, "", str(error))


def _opened(data: bytes) -> zipfile.ZipFile:
    """The zip with its directory read. Raises `Unreadable`."""
    if data.count(ENTRY) > 2 * MOST_DOCUMENTS:  # before a directory of millions fills the memory
        raise Unreadable(f"The zip contains more than {MOST_DOCUMENTS:,} files. Split it into several zips.")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except BROKEN:
        raise Unreadable("This is not a complete zip file.")


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files that are meant, sorted by name. What a computer adds of itself is not. Raises `Unreadable`."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_left_behind(entry.filename)]
    if not entries:
        raise Unreadable("The zip contains no YAML or JSON files.")
    if len(entries) > MOST_DOCUMENTS:
        raise Unreadable(f"The zip contains more than {MOST_DOCUMENTS:,} files. Split it into several zips.")
    return sorted(entries, key=lambda entry: entry.filename)


def _is_left_behind(name: str) -> bool:
    path = PurePosixPath(name)
    if "__MACOSX" in path.parts or path.name.startswith("._"):  # what macOS keeps of a file beside it
        return True
    return path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, seen: set[str]) -> bytes:
    """The bytes of one file. Raises `Unreadable`."""
    reason = _why_not(entry, seen)
    if reason:
        raise Unreadable(reason)
    seen.add(entry.filename.casefold())
    try:
        with archive.open(entry) as stream:
            return stream.read(files.LARGEST_FILE + 1)
    except BROKEN:
        raise Unreadable("This file cannot be unpacked because the zip is damaged.")


def _why_not(entry: zipfile.ZipInfo, seen: set[str]) -> str | None:
    """What is wrong with a file of a zip before it is unpacked."""
    name, path = entry.orig_filename, PurePosixPath(entry.filename)
    if path.is_absolute() or "\\" in name or ".." in path.parts or ":" in "".join(path.parts[:1]):
        return (
            "The file name points outside the zip. Zip the folder itself, with names such as conditions/some-slug.yaml."
        )
    if not name.isprintable():
        return "The file name contains a character that cannot be displayed. Rename the file."
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "This is a link, not a file. Put the file itself in the zip."
    if entry.filename.casefold() in seen:
        return "The zip contains this file twice. Remove one of them."
    if entry.flag_bits & 1:
        return "This file is protected with a password. Zip it without one."
    if path.suffix.lower() == ".zip":
        return "This is a zip inside the zip. Unpack it first."
    if path.suffix.lower() not in SUFFIXES:
        return "This is not a YAML or JSON file. Remove it from the zip."
    if entry.compress_type not in METHODS:
        return "This file uses an unsupported compression method. Zip it again with the usual method (deflate)."
    if entry.file_size > files.LARGEST_FILE:
        return f"This file is larger than {files.LARGEST_FILE // 1_000_000} MB."
    return None


class _Sink(io.RawIOBase):
    """Where a zip is written: bytes that are handed on and forgotten."""

    def __init__(self):
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.written += data
        return len(data)

    def taken(self) -> bytes:
        data, self.written = bytes(self.written), bytearray()
        return data


def stream(documents: Iterable[Document], suffix: str = ".yaml") -> Iterator[bytes]:
    """A zip of the documents, one file each, in pieces: never more in memory than one of them.

    `suffix` is `.yaml` or `.json`. Importing it again changes nothing.
    """
    sink, written = _Sink(), FORMATS[suffix]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for document in documents:
            entry = zipfile.ZipInfo(str(files.file_for(document, suffix)), LONG_AGO)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, written(document))
            yield sink.taken()
    yield sink.taken()
