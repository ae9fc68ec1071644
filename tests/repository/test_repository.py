"""The repository keeps its own rules: sizes, names, migrations, what it never speaks of."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
TRACKED = [
    ROOT / line
    for line in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    if (ROOT / line).is_file()
]  # fmt: skip
CODE = [path for path in TRACKED if path.suffix == ".py"]
PRODUCT = [p for p in CODE if p.is_relative_to(ROOT / "content_app") and "migrations" not in p.parts]
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_LINE = 400, 40, 120


def name_of(path):
    return str(path.relative_to(ROOT))


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_file_holds_one_idea():
    written = [path for path in CODE if "migrations" not in path.parts]
    assert {name_of(path): lines_of(path) for path in written if lines_of(path) > LONGEST_FILE} == {}


def test_a_line_of_a_template_script_or_style_fits_beside_another():
    """Python's lines ruff holds. Where white space shows, a line breaks inside of a tag or in a file of its own."""
    long = [
        f"{name_of(path)}:{number} has {len(line)} characters"
        for path in TRACKED
        if path.suffix in (".html", ".js", ".css") and path.is_relative_to(ROOT / "content_app")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_a_function_holds_one_thought():
    long = [
        f"{name_of(path)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for path in PRODUCT
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_a_module_opens_by_saying_what_it_is_for():
    texts = {name_of(path): path.read_text(encoding="utf-8") for path in PRODUCT}
    assert [name for name, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"utils", "helpers", "common", "misc"}
    assert [name_of(path) for path in CODE if drawers & {path.stem, *path.relative_to(ROOT).parent.parts}] == []


@pytest.mark.django_db
def test_migrations_say_what_the_models_say(capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_nothing_names_a_machine_or_a_package_registry():
    places = re.compile(r"(?<![\w.])/(?:work|farm|root)/|(?:py" r"pi|npm" r"js)\.org")
    told = [path for path in TRACKED if path.suffix not in (".lock", ".png") and path.name != "test_repository.py"]
    assert [name_of(path) for path in told if places.search(path.read_text(encoding="utf-8", errors="replace"))] == []


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    bare = [line for line in text.splitlines() if re.match(r'  "[a-z0-9\[\]-]+[<>=~]', line) and "#" not in line]
    assert bare == []


def test_reader_code_imports_no_editorial_model():
    """Import contracts hold the rest; this one is worth a name of its own."""
    editorial = re.compile(
        r"models\.(items|parts|sources|editing|desk)|from content_app\.models import|workflow|interchange"
    )
    for path in PRODUCT:
        if path.is_relative_to(ROOT / "content_app" / "delivery"):
            imports = [
                line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"\s*(from|import) ", line)
            ]
            assert not [line for line in imports if editorial.search(line)], name_of(path)
