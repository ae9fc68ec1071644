"""Files that were made to break something: each is refused with its name and a sentence, and nothing is stored."""

import os

import pytest

from tests.content_files import problems, put

DEEP = 100_000
HOSTILE = {
    "a null byte": ("x.yaml", "kind: condition\nname: a\0b\n", "The file is not valid YAML"),
    "a null byte in JSON": ("x.json", '{"kind": "con\\u0000cept"}', r"“con\x00cept” is not a kind of document"),
    "a lone surrogate": ("x.json", '{"kind": "concept", "name": "\\ud800"}', r"“\ud800” contains a character"),
    "a surrogate as a key": ("x.json", '{"kind": "concept", "\\udfff": 1}', r"“\udfff” is not a field here"),
    "deep JSON": ("x.json", "[" * DEEP + "]" * DEEP, "The file is nested too deeply."),
    "deep YAML": ("x.yaml", "[" * DEEP + "]" * DEEP, "The file is nested too deeply."),
    "deep JSON in a field": ("x.json", '{"kind": "concept", "names": ' + "[" * 300 + "]" * 300 + "}", "a mapping"),
    "an alias": ("x.yaml", "a: &name [1]\nb: *name\n", "The file uses a YAML alias, *name. Write the text out"),
    "a billion laughs": ("x.yaml", "a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n", "The file uses a YAML alias, *a"),
    "a merge key": ("x.yaml", "kind: concept\n<<: {name: x}\n", "“<<” is not a field here"),
    "a key given twice": ("x.yaml", "kind: concept\nkind: condition\n", "“kind” occurs twice"),
    "a key given twice in JSON": ("x.json", '{"kind": "concept", "kind": 1}', "“kind” occurs twice"),
    "a number as a key": ("x.yaml", "1: x\n", "Every key must be text (line 1)."),
    "an object of Python": ("x.yaml", "!!python/object/apply:os.system [ls]\n", "The file uses a YAML tag"),
    "a great many values": ("x.yaml", "a: [" + "1," * 50_001 + "]", "more than 50,000 keys"),
    "a great many keys": ("x.yaml", "\n".join(f"k{n}: v" for n in range(50_001)), "more than 50,000 keys"),
    "a set": ("x.yaml", "kind: !!set {a}\n", "The file uses a YAML tag, tag:yaml.org,2002:set"),
    "a tag that does not fit": ("x.yaml", "kind: !!bool perhaps\n", "The file uses a YAML tag, tag:yaml.org,2002:bool"),
    "two documents": ("x.yaml", "--- a\n--- b\n", "The file is not valid YAML"),
    "nothing": ("x.yaml", "", "The document must be a mapping of keys to values."),
    "a list": ("x.json", "[]", "The document must be a mapping of keys to values."),
    "a mapping as the kind": ("x.json", '{"kind": {}}', "“{}” is not a kind of document"),
    "an enormous number": ("x.json", '{"kind": "source", "year": ' + "9" * 5000 + "}", "The file is not valid JSON"),
    "a large number": ("x.json", '{"kind": "source", "year": ' + "9" * 400 + "}", "#/year: 9999"),
    "infinity": ("x.json", '{"kind": "source", "year": 1e999}', "#/year: This must be a whole number, not a number."),
    "no number": ("x.json", '{"kind": "source", "year": NaN}', "NaN is not a JSON number."),
    "a yes": ("x.yaml", "kind: source\nretracted: yes\n", "#/retracted: This must be true or false, not text."),
    "no UTF-8": ("x.yaml", b"name: caf\xe9\n", "The file is not valid UTF-8 text (byte 10)."),
    "UTF-16": ("x.yaml", "kind: concept".encode("utf-16"), "The file is not valid UTF-8 text (byte 1)."),
    "a very large file": ("x.yaml", b"a: " + b"x" * 2_000_001, "The file is larger than 2 MB."),
    "many wrong entries": ("x.json", '{"kind": "concept", "names": [' + "1," * 1500 + "1]}", "a mapping, not a number"),
    "a date without that day": ("x.json", '{"kind": "condition", "codings": [{"checked_on": "2026-02-30"}]}',
                                "#/codings/0/checked_on: “2026-02-30” is not a valid date."),
    "escapes for terminals": ("x.json", '{"kind": "\\u001b[2J"}', r"“\x1b[2J” is not a kind of document"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_its_name_and_a_sentence(case, db, tmp_path):
    name, content, sentence = HOSTILE[case]
    put(tmp_path, **{name.replace(".", "__"): content})
    found = problems(tmp_path)
    assert any(sentence in problem for problem in found), found
    assert all(problem.startswith(name) and problem.isprintable() for problem in found)
    assert all(len(problem) < 700 for problem in found)


def test_files_that_cannot_be_read_are_named(db, tmp_path):
    os.symlink("circle.yaml", tmp_path / "circle.yaml")
    os.symlink("nowhere", tmp_path / "dangling.yaml")
    os.symlink("/dev/zero", tmp_path / "endless.yaml")
    os.mkfifo(tmp_path / "pipe.json")
    os.symlink(tmp_path, tmp_path / "loop")
    assert problems(tmp_path) == [
        "circle.yaml: The file cannot be read: too many levels of symbolic links.",
        "dangling.yaml: The file cannot be read: no such file or directory.",
        "endless.yaml: This is not a regular file.",
        "pipe.json: This is not a regular file.",
    ]
