"""The same questions find the same documents in the same order on both databases: one golden file for both.

The library is made up: it does not change when content does.
"""

import json

import pytest

from bench.search_corpus import documents
from tests.golden_files import assert_golden
from tests.search_library import SIZE, ask

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Words of the made-up library: common, rare, misspelt, several; and what they are narrowed to.
QUESTIONS = [
    "pain", "skin", "hand", "joint", "muscle", "touch", "cold", "hot", "swelling", "back", "foot", "knee", "body",
    "nerve", "signal", "child", "injury", "brain", "sleep", "burning", "aching", "sharp", "spread", "healing", "light",
    "pain skin", "skin pain", "pain hand", "joint muscle", "cold hot", "touch cold", "back foot knee", "brain sleep",
    "pain skin hand", "pain skin hand joint", "pain skin hand joint muscle", "the pain of the body", "hands and feet",
    "burning aching sharp", "swellings", "swollen", "pian", "mucsle", "injruy", "colour", "color", "weighting",
    "painskin", "light pressure", "school walk", "finger shoulder", "arm leg", "pressure light school walk", "nothing",
    "pain nothing", "HP:0000007", "hp:0000110", "HP:9999999", "a", "of the", "spreading signals", "hot-cold",
]  # fmt: skip
NARROWED = [
    ("pain", {"kind": "condition"}), ("pain", {"kind": "concept", "aspect": "cause"}), ("skin", {"topic": "feature"}),
    ("hand", {"category": "pain"}), ("joint", {"form": "analogy"}), ("pain skin", {"aspect": "treatment"}),
    ("pain", {"release": 1}), ("pain skin", {"release": 2}), ("cold", {"release": 1, "kind": "example"}),
    ("pain skin", {"kind": "condition,concept"}), ("hand", {"kind": "concept,example", "aspect": "cause,treatment"}),
]  # fmt: skip


def test_the_battery_has_at_least_sixty_questions():
    assert len(QUESTIONS) >= 60


def test_both_databases_give_the_same_hits_in_the_same_order(made_up, db, client):
    answers = {}
    names = [one["name"] for one in documents(SIZE)][::5]
    for q, more in [*((q, {}) for q in QUESTIONS + names), *NARROWED]:
        answer = ask(client, q, page_size=100, **more)
        key = "&".join([q, *(f"{name}={value}" for name, value in more.items())])
        answers[key] = {
            "total": answer["total"],
            "interpreted_as": answer["interpreted_as"],
            "facets": {name: [[v["value"], v["count"]] for v in values] for name, values in answer["facets"].items()},
            "hits": [f"{hit['match']['tier']} {hit['item']['slug']}" for hit in answer["results"]],
        }
    lines = ",\n".join(json.dumps({key: answer}, ensure_ascii=False)[1:-1] for key, answer in answers.items())
    assert_golden("search_battery.json", f"{{\n{lines}\n}}\n")
