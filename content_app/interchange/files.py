"""Editorial documents as files: YAML or JSON, one document each, in folders by kind.

In: a path. Out: documents with the file each came from, or problems; and the other way round, files written.
YAML is read as the JSON it stands for: no dates, no yes/no booleans, no anchors, no repeated keys.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from content_app.vocabulary import COLLECTIONS

LARGEST_FILE = 5_000_000
SUFFIXES = {".yaml", ".yml", ".json"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a document: the file, where in it (JSON pointer, RFC 6901), and a sentence."""

    file: str
    pointer: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}{'#' + self.pointer if self.pointer else ''}: {self.sentence}"


class Unreadable(Exception):
    """Raised when a file does not hold one readable document; says why in a sentence."""


class JSONLikeLoader(yaml.SafeLoader):
    """Reads YAML as the JSON it stands for."""

    yaml_implicit_resolvers: dict = {}

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("it uses a YAML alias (*name); write the text out instead.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        keys = []
        for key, _ in node.value:
            where = f"(line {key.start_mark.line + 1})"
            if key.tag != "tag:yaml.org,2002:str":
                raise Unreadable(f"a key is not a word {where}.")
            if key.value in keys:
                raise Unreadable(f"the key “{key.value}” stands twice in one mapping {where}.")
            keys.append(key.value)
        return super().construct_mapping(node, deep)


for _kind, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("null", r"^(?:null|)$", ["n", ""]),
):
    JSONLikeLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern), list(_first))


def read(path: Path) -> Iterator[tuple[str, Any | Problem]]:
    """Every document below `path` (a file or a folder), as (file, document), or (file, Problem) if unreadable.

    Strings are in Unicode normal form C, with Unix line ends and without white space around them.
    """
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES)
    if not files:
        yield str(path), Problem(str(path), "", "there is no YAML or JSON file here.")
    for file in files:
        name = str(file.relative_to(path.parent if path.is_file() else path))
        try:
            yield name, read_one(file)
        except Unreadable as error:
            yield name, Problem(name, "", str(error))


def read_one(file: Path) -> Any:
    """The document in one file. Raises `Unreadable`."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"it is larger than {LARGEST_FILE // 1_000_000} MB.")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"it cannot be read as UTF-8 text: {error}.")
    return parse(text, is_json=file.suffix == ".json")


def parse(text: str, *, is_json: bool) -> Any:
    """The document in a text. Raises `Unreadable`."""
    try:
        if is_json:
            return tidy(json.loads(text, object_pairs_hook=_object_without_repeats))
        return tidy(yaml.load(text, Loader=JSONLikeLoader))  # noqa: S506 - a SafeLoader, made stricter
    except yaml.YAMLError as error:
        raise Unreadable(f"it is not valid YAML: {' '.join(str(error).split())}.")
    except (json.JSONDecodeError, ValueError) as error:
        raise Unreadable(f"it is not valid {'JSON' if is_json else 'YAML'}: {error}.")
    except RecursionError:
        raise Unreadable("it is nested too deeply.")


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise Unreadable(f"the key “{key}” stands twice in one object.")
    return dict(pairs)


def tidy(data: Any) -> Any:
    """The data with every string in normal form C, Unix line ends, and no white space around it."""
    if isinstance(data, str):
        return unicodedata.normalize("NFC", data.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if isinstance(data, list):
        return [tidy(entry) for entry in data]
    if isinstance(data, dict):
        return {key: tidy(value) for key, value in data.items()}
    return data


class ReadableDumper(yaml.SafeDumper):
    """Writes long prose in folded blocks and indents lists under their key."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def to_yaml(document: dict[str, Any]) -> str:
    """The document as YAML, keys in their order; reading it gives the document again."""
    return yaml.dump(document, Dumper=ReadableDumper, sort_keys=False, allow_unicode=True, width=110)


def file_for(document: dict[str, Any]) -> Path:
    """Where a document is kept below a content folder: `conditions/some-slug.yaml`."""
    return Path(COLLECTIONS[document["kind"]]) / f"{document['slug']}.yaml"


def write(folder: Path, documents: list[dict[str, Any]]) -> list[Path]:
    """Write each document to its file below `folder`. Each file is whole or as it was, also after a crash."""
    written = []
    for document in documents:
        path = folder / file_for(document)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            part.write_text(to_yaml(document), encoding="utf-8")
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        written.append(path)
    return written
