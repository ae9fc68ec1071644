"""The README's tour is what really comes out."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOUR = re.findall(r"```\n\$ (curl .*)\n((?:.*\n)*?)```", README)


@pytest.mark.parametrize(("command", "shown"), TOUR, ids=[command[:60] for command, _ in TOUR])
def test_a_command_of_the_tour_gives_what_is_shown(live_library, command, shown):
    """Every line shown comes out, in this order; lines between them are left out in the README."""
    there = command.replace("http://127.0.0.1:8000", live_library)
    done = subprocess.run(["bash", "-c", there], capture_output=True, text=True, timeout=120, check=True)
    came_out = iter(line.rstrip("\r") for line in done.stdout.splitlines())
    for line in shown.splitlines():
        assert any(line == other for other in came_out), f"{shlex.quote(command)} does not give: {line}"


def test_the_tour_is_there():
    assert len(TOUR) >= 5


def test_every_place_on_the_map_exists():
    table = README.partition("## Where to find things")[2].partition("The first content is in")[0]
    places = re.findall(r"`([a-z_/]+(?:\.py)?)`", table.partition("|---|---|")[2])
    assert len(places) > 20
    assert [place for place in places if not (ROOT / "content_app" / place).exists()] == []


def test_every_place_of_a_recipe_exists():
    recipes = README.partition("## Recipes")[2].partition("## Running")[0]
    for place in re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", recipes):
        assert (ROOT / place).exists() or (ROOT / "content_app" / place).exists(), place


def test_the_readme_is_short_enough_to_be_read():
    assert len(README.splitlines()) <= 220
