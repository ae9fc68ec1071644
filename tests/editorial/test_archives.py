"""Zips that were made to break something, and zips of our own: what they hold is read, or refused with a sentence."""

import io
import stat
import struct
import warnings
import zipfile

import pytest

from content_app.editorial.exchange import archives, files
from content_app.editorial.exchange.files import Problem
from tests.library import concept, source

FINE = files.to_yaml(concept())


def zipped(*entries: tuple[str | zipfile.ZipInfo, str | bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is given twice is what one of them is about
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def a_link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("link.yaml")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


def locked() -> bytes:
    data = bytearray(zipped(("x.yaml", FINE)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def with_null_in_its_name() -> bytes:
    return zipped(("x__y.yaml", FINE)).replace(b"x__y.yaml", b"x\0_y.yaml")


def damaged() -> bytes:
    data = bytearray(zipped(("x.yaml", FINE), method=zipfile.ZIP_STORED))
    data[data.index(b"kind")] ^= 0xFF
    return bytes(data)


def that_lies_about_its_size() -> bytes:
    """A bomb that says that it is small."""
    data = bytearray(zipped(("x.yaml", b"a" * 5_000_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, 100)
    return bytes(data)


REFUSED = {
    "a way up": (zipped(("../../x.yaml", FINE)), "points outside the zip"),
    "an absolute name": (zipped(("/etc/x.yaml", FINE)), "points outside the zip"),
    "a drive": (zipped(("C:/x.yaml", FINE)), "points outside the zip"),
    "a way up for Windows": (zipped(("..\\x.yaml", FINE)), "points outside the zip"),
    "a link": (zipped((a_link(), "/etc/passwd")), "This is a link, not a file"),
    "a zip within": (zipped(("inner.zip", zipped(("x.yaml", FINE)))), "This is a zip inside the zip"),
    "a program": (zipped(("x.exe", "MZ")), "not a YAML or JSON file"),
    "a name given twice": (zipped(("x.yaml", FINE), ("X.yaml", FINE)), "contains this file twice"),
    "a password": (locked(), "protected with a password"),
    "a null byte in a name": (with_null_in_its_name(), "contains a character that cannot be displayed"),
    "an escape in a name": (zipped(("\x1b[2J.yaml", FINE)), "contains a character that cannot be displayed"),
    "an unusual method": (zipped(("x.yaml", FINE), method=zipfile.ZIP_LZMA), "unsupported compression method"),
    "a damaged file": (damaged(), "the zip is damaged"),
    "a small lie": (that_lies_about_its_size(), "the zip is damaged"),
    "a bomb": (zipped(("x.yaml", b"a" * 50_000_000)), "This file is larger than 2 MB"),
    "no zip": (b"PK, but not really", "This is not a complete zip file."),
    "nothing": (b"", "This is not a complete zip file."),
    "half a zip": (zipped(("x.yaml", FINE))[:-30], "This is not a complete zip file."),
    "an empty zip": (zipped(), "The zip contains no YAML or JSON files."),
    "only what a computer adds": (zipped(("__MACOSX/x.yaml", ""), (".DS_Store", "")), "contains no YAML or JSON files"),
    "too many files": (zipped(*((f"{n}.yaml", "") for n in range(1001))), "more than 1,000 files"),
    "far too many files": (zipped(*((f"{n}.yaml", "") for n in range(2001))), "more than 1,000 files"),
    "Latin-1": (zipped(("x.yaml", b"name: caf\xe9")), "The file is not valid UTF-8 text (byte 10)"),
    "a billion laughs": (zipped(("x.yaml", "a: &a [1]\nb: [*a, *a]")), "The file uses a YAML alias, *a"),
    "an object of Python": (zipped(("x.yaml", "!!python/object/new:os.system [ls]")), "The file uses a YAML tag"),
    "deep JSON": (zipped(("x.json", "[" * 100_000)), "The file is nested too deeply."),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_zip_is_refused_with_a_file_and_a_sentence(case):
    data, sentence = REFUSED[case]
    found = list(archives.read("content.zip", data))
    problems = [str(problem) for _, problem in found if isinstance(problem, Problem)]
    assert any(sentence in problem for problem in problems), found
    assert all(problem.isprintable() and len(problem) < 700 for problem in problems)


def test_what_is_unpacked_is_bounded_altogether():
    big = "a: " + "x" * 1_900_000
    found = list(archives.read("content.zip", zipped(*((f"{n:02}.yaml", big) for n in range(20)))))
    assert len(found) == 12
    assert "The unpacked files are larger than 20 MB" in str(found[-1][1])


@pytest.mark.parametrize("content", ["\ufeff" + FINE, FINE.replace("\n", "\r\n")], ids=["a byte order mark", "CRLF"])
def test_a_file_from_another_computer_is_read_as_it_was_meant(content):
    left_behind = [(name, b"\0\5") for name in ("__MACOSX/concepts/._a.yaml", "concepts/._a.yaml", "x/__MACOSX/b.yaml")]
    data = zipped(("concepts/a.yaml", content), *left_behind)
    assert list(archives.read("content.zip", data)) == [("concepts/a.yaml", concept())]


@pytest.mark.parametrize("null", ["~", "null", "Null", "NULL", ""])
def test_every_way_to_write_null_in_yaml_is_null(null):
    data = zipped(("a.yaml", f"kind: source\nlicence: {null}\nnote: a ~ b\n"))
    assert list(archives.read("x.zip", data)) == [("a.yaml", {"kind": "source", "licence": None, "note": "a ~ b"})]


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_what_is_streamed_reads_back_and_is_the_same_bytes_each_time(suffix):
    documents = [source(), concept(name="Schmerz – “so”: {{ 1 }}")]
    pieces = list(archives.stream(iter(documents), suffix))
    assert len(pieces) == 3
    assert [document for _, document in archives.read("x.zip", b"".join(pieces))] == documents[::-1]
    assert b"".join(archives.stream(documents, suffix)) == b"".join(pieces)
