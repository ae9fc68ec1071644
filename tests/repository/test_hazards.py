"""The clinical hazard log and the table of faults keep their word: each names tests, and the tests are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOG = (ROOT / "docs" / "hazards.md").read_text(encoding="utf-8")
HAZARDS = {text.partition("\n")[0]: text for text in re.split(r"^## ", LOG, flags=re.MULTILINE)[1:]}
PARTS = ("Cause: ", "Control: ", "Test: ", "Residual risk: ")
SEVERITIES = "minor|significant|considerable|major|catastrophic"
LIKELIHOODS = "very low|low|medium|high|very high"


def missing_from(text: str) -> list[str]:
    """The tests that a text names, and that do not exist."""
    return [name for name in re.findall(r"`(tests/[^`]*::[^`]*)`", text) if not exists(*name.split("::"))]


def exists(path: str, name: str) -> bool:
    file = ROOT / path
    if not file.exists():
        return False
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))


@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_has_every_part_and_tests_that_exist(hazard):
    text = HAZARDS[hazard]
    lines = text.splitlines()

    assert [part for part in PARTS if not any(line.startswith(part) for line in lines)] == []
    assert "`tests/" in text
    assert missing_from(text) == []
    assert re.search(rf"^Residual risk: ({SEVERITIES}), ({LIKELIHOODS})\b", text, re.MULTILINE)


def test_a_fault_that_operators_meet_names_tests_that_exist():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = page.partition("| fault | what happens | test |")[2].partition("\n\n")[0]
    rows = table.splitlines()[2:]
    assert len(rows) > 20
    assert [row for row in rows if "`tests/" not in row.split("|")[3]] == []
    assert missing_from(table) == []


def test_hazards_are_numbered_one_after_the_other():
    assert [name.partition(".")[0] for name in HAZARDS] == [f"H{number}" for number in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("name", ["`tests/nowhere.py::test_x`", "`tests/repository/test_hazards.py::test_nothing`"])
def test_a_test_that_does_not_exist_is_noticed(name):
    assert missing_from(name)


def test_the_version_is_the_same_wherever_it_is_told():
    from content_app import VERSION

    assert re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)[1] == VERSION
    assert re.search(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1].rstrip(",") == VERSION


def test_the_pages_for_operators_lead_to_files_that_exist():
    for page in (ROOT / "README.md", ROOT / "SECURITY.md", *(ROOT / "docs").glob("*.md")):
        targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        assert [target for target in targets if not (page.parent / target).exists()] == [], page.name
