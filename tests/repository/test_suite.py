"""The suite runs everything that it holds: no test, fixture or file is left out because somebody forgot to name it."""

import ast
import re
from pathlib import Path

import pytest

from content_app.models.publication import Release
from tests.conftest import pytest_plugins
from tests.library import condition
from tests.shelf import saying

ROOT = Path(__file__).parents[2]
FILES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "tests").rglob("*.py"))}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def found_in(node: ast.AST, where: str) -> list[tuple[str, bool]]:
    """(Name of each function that pytest takes for a test, whether it finds it where it stands)."""
    found = []
    for inner in ast.iter_child_nodes(node):
        is_function = isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and inner.name.startswith("test"):
            found.append((inner.name, where in ("a module", "a class of tests") and isinstance(inner, ast.FunctionDef)))
        inside = "elsewhere"
        if isinstance(inner, ast.ClassDef) and where == "a module" and inner.name.startswith("Test"):
            inside = "a class of tests"
        found += found_in(inner, inside)
    return found


def test_every_test_stands_where_pytest_finds_it():
    lost = [
        f"{name_of(path)}: {name}"
        for path, tree in FILES.items()
        for name, is_found in found_in(tree, "a module")
        if not (is_found and path.name.startswith("test_"))
    ]
    assert lost == []


def test_no_test_takes_the_place_of_another_of_the_same_name():
    for path, tree in FILES.items():
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        assert [name for name in names if names.count(name) > 1] == [], name_of(path)


def test_every_file_of_tests_holds_a_test():
    empty = [path for path, tree in FILES.items() if path.name.startswith("test_") and not found_in(tree, "a module")]
    assert [name_of(path) for path in empty] == []


def fixtures_of(tree: ast.Module) -> set[str]:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {f.name for f in functions if any("fixture" in ast.unparse(decorator) for decorator in f.decorator_list)}


SHARED = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): fixtures_of(tree)
    for path, tree in FILES.items()
    if fixtures_of(tree) and not path.name.startswith(("test_", "conftest"))
}


def test_every_shared_fixture_is_registered():
    assert set(SHARED) == set(pytest_plugins)


def test_no_file_imports_a_fixture_which_conftest_hands_on():
    imported = [
        f"{name_of(path)}: {alias.name}"
        for path, tree in FILES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in SHARED.get(node.module or "", ())
    ]
    assert imported == []


def test_no_command_names_the_files_of_tests_one_by_one():
    for name in ("Makefile", ".ci/run", "pyproject.toml", "tests/suite.py"):
        assert re.findall(r"test_\w+\.py", (ROOT / name).read_text(encoding="utf-8")) == [], name


def test_a_shelf_makes_one_release_of_each_change(shelf):
    assert shelf.publish(saying("first", "One.")) == 1
    assert shelf.publish(saying("first", "One more.")) == 2
    assert shelf.withdraw(condition("first")) == 3
    assert Release.objects.get(number=3).counts["condition"] == 0


@pytest.mark.parametrize("body", [b"\x1f\x8b", b"\xff", b"text"])
def test_bytes_that_are_no_text_are_named_by_their_place_as_every_worker_must_find_the_same_names(body, request):
    assert request.node.callspec.id == {b"\x1f\x8b": "body0", b"\xff": "body1", b"text": "text"}[body]
