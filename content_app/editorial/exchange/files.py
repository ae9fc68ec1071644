"""Editorial documents as files: YAML or JSON, one document each, in folders by kind.

In: a path. Out: documents with the file each came from, or problems; and the other way round, files written.
YAML is read as the JSON it stands for: no dates, no yes/no booleans, no anchors, no repeated keys.
"""

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.cyaml import CParser
from yaml.resolver import Resolver

from content_app import strict_json
from content_app.canonical import tidy
from content_app.manuscripts.schema_messages import shown
from content_app.vocabulary.terms import COLLECTIONS

LARGEST_FILE = 2_000_000
MOST_VALUES = 50_000
SUFFIXES = {".yaml", ".yml", ".json"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a document: the file, where in it (JSON pointer, RFC 6901), and a sentence."""

    file: str
    pointer: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}{'#' + self.pointer if self.pointer else ''}: {self.sentence}"


Document = dict[str, Any]


class Unreadable(Exception):
    """Raised when a file does not hold one readable document; says why in a sentence."""


class JSONLikeLoader(Composer, CParser, SafeConstructor, Resolver):
    """Reads YAML as the JSON it stands for.

    libyaml splits it up, as Python would take minutes for what is allowed here; it is put together in Python, where
    what is not meant is refused on the way.
    """

    yaml_implicit_resolvers: dict = {}

    def __init__(self, stream):
        CParser.__init__(self, stream)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)
        self.number_of_nodes = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        where = f"(line {event.start_mark.line + 1})"
        self.number_of_nodes += 1
        if self.number_of_nodes > MOST_VALUES:
            raise Unreadable(f"The file contains more than {MOST_VALUES:,} keys and values {where}.")
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(
                f"The file uses a YAML alias, *{event.anchor}. Write the text out in full instead {where}."
            )
        if getattr(event, "tag", None):
            raise Unreadable(f"The file uses a YAML tag, {event.tag}. Remove it {where}.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key, _ in node.value:
            where = f"(line {key.start_mark.line + 1})"
            if key.tag != "tag:yaml.org,2002:str":
                raise Unreadable(f"Every key must be text {where}.")
            if key.value in keys:
                raise Unreadable(f"The key “{shown(key.value)}” occurs twice in one mapping {where}.")
            keys.add(key.value)
        return super().construct_mapping(node, deep)


for _kind, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("null", r"^(?:null|Null|NULL|~|)$", ["n", "N", "~", ""]),
):
    JSONLikeLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_first))


def read(path: Path) -> Iterator[tuple[str, Any | Problem]]:
    """Every document below `path` (a file or a folder), as (file, document), or (file, Problem) if unreadable.

    Strings are in Unicode normal form C, with Unix line ends and without white space around them.
    """
    unreadable: list[OSError] = []
    files = _files_below(path, unreadable) if path.is_dir() else [path]
    for error in unreadable:
        yield (
            shown(error.filename, 300),
            Problem(shown(error.filename, 300), "", f"The file cannot be read: {_why(error)}."),
        )
    if not files:
        yield shown(str(path), 300), Problem(shown(str(path), 300), "", "There are no YAML or JSON files here.")
    for file in files:
        name = shown(str(file.relative_to(path) if path.is_dir() else file.name), 300)
        try:
            yield name, read_one(file)
        except Unreadable as error:
            yield name, Problem(name, "", str(error))


def _files_below(folder: Path, unreadable: list[OSError]) -> list[Path]:
    """All documents below a folder, sorted. Does not follow links to folders, so it cannot go in circles."""
    found = []
    for here, _, names in os.walk(folder, onerror=unreadable.append):
        found += [Path(here) / name for name in names if Path(name).suffix.lower() in SUFFIXES]
    return sorted(found)


def read_one(file: Path) -> Any:
    """The document in one file. Raises `Unreadable`."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise Unreadable("This is not a regular file.")
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(f"The file cannot be read: {_why(error)}.")
    return parse_bytes(data, is_json=file.suffix.lower() == ".json")


def parse_bytes(data: bytes, *, is_json: bool) -> Any:
    """The document in the bytes of a file. Raises `Unreadable`."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"The file is larger than {LARGEST_FILE // 1_000_000} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not valid UTF-8 text (byte {error.start + 1}). Save it as UTF-8.")
    return parse(text, is_json=is_json)


def _why(error: OSError) -> str:
    return (error.strerror or "the operating system refused").lower()


def parse(text: str, *, is_json: bool) -> Any:
    """The document in a text. Raises `Unreadable`."""
    try:
        if is_json:
            return tidy(strict_json.parse(text, "The file"))
        return tidy(yaml.load(text, Loader=JSONLikeLoader))  # noqa: S506 - constructs plain data only
    except strict_json.NotJSON as error:
        raise Unreadable(shown(str(error), 300))
    except yaml.YAMLError as error:
        raise Unreadable(f"The file is not valid YAML: {shown(' '.join(str(error).split()), 300)}.")
    except ValueError as error:
        raise Unreadable(f"The file is not valid YAML: {shown(str(error), 300)}.")
    except RecursionError:
        raise Unreadable("The file is nested too deeply.")


class ReadableDumper(yaml.SafeDumper):
    """Writes long prose in folded blocks and indents lists under their key."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


def to_json(document: dict[str, Any]) -> str:
    """The document as JSON laid out for people, keys in their order; reading it gives the document again."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def to_yaml(document: dict[str, Any]) -> str:
    """The document as YAML, keys in their order; reading it gives the document again."""
    return yaml.dump(document, Dumper=ReadableDumper, sort_keys=False, allow_unicode=True, width=110)


def file_for(document: dict[str, Any], suffix: str = ".yaml") -> Path:
    """Where a document is kept below a content folder: `conditions/some-slug.yaml`."""
    return Path(COLLECTIONS[document["kind"]]) / f"{document['slug']}{suffix}"


def write(folder: Path, documents: list[dict[str, Any]]) -> list[Path]:
    """Write each document to its file below `folder`. Each file is whole or as it was, also after a crash."""
    written = []
    for document in documents:
        path = folder / file_for(document)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            with part.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(to_yaml(document))
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        written.append(path)
    return written
