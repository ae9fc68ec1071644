"""A library can be filled from the lay source alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from content_app.editorial.exchange import files, layers
from content_app.models import Document, Release
from tests.library import concept, condition, source, statement
from tests.prepared import FIXTURES

STUDY = [{"source": "a-study", "locator": "Table 1"}]
STUDIED = statement("Of 20 children, 5 got better.", layer="literature", population="amps", citations=STUDY)
UNKNOWN = statement("Nobody knows why.", aspect="cause", assertion="unknown") | {
    "layer": "literature",
    "population": "amps",
    "citations": STUDY,
}


def kept(*documents, of=("source_text",)):
    return [document for _, document in layers.only(of, [("a.yaml", document) for document in documents])]


def test_statements_of_a_layer_that_is_left_out_are_left_out():
    (document,) = kept(condition(statements=[statement(), STUDIED]))
    assert document == condition(statements=[statement()])


def test_a_source_that_nothing_cites_any_more_is_left_out():
    documents = kept(condition(statements=[statement(), STUDIED]), source(), source("a-study"))
    assert [document["slug"] for document in documents] == ["a-condition", "a-text"]


def test_a_source_that_something_else_still_cites_is_kept():
    documents = kept(condition(statements=[statement(), STUDIED]), concept(citations=STUDY), source("a-study"))
    assert "a-study" in [document["slug"] for document in documents]


def test_a_cause_that_only_the_layer_left_out_calls_unknown_is_not_stated():
    (document,) = kept(condition(cause_status="unknown", statements=[statement(), UNKNOWN]))
    assert document["cause_status"] == "not_stated"


def test_all_layers_leave_the_documents_as_they_are():
    document = condition(statements=[statement(), STUDIED])
    assert kept(document, of=("source_text", "literature")) == [document]


@pytest.mark.parametrize("document", [None, [], {"kind": "condition", "statements": 7}])
def test_what_has_the_wrong_form_is_left_for_importing_to_refuse(document):
    assert kept(document) == [document]


def test_the_first_content_can_be_published_without_the_literature(db, settings):
    settings.LAYERS = ["source_text"]
    call_command("publish_first_content", FIXTURES, verbosity=0)
    bodies = [
        json.loads(bytes(body)) for body in Document.objects.exclude(kind="source").values_list("body", flat=True)
    ]
    cited = {source["slug"] for body in bodies for source in body["sources"]}
    assert Release.objects.count() == 1
    assert {statement["layer"] for body in bodies for statement in body["statements"]} == {"source_text"}
    assert set(Document.objects.filter(kind="source").values_list("slug", flat=True)) == cited
    assert len(bodies) == len([1 for _, document in files.read(Path(FIXTURES)) if "summary" in document])


@pytest.mark.parametrize("given", ["literature", "source_text,gossip", "gossip"])
def test_layers_that_cannot_be_loaded_are_refused_when_the_settings_are_read(given, tmp_path):
    ran = subprocess.run(  # noqa: S603 - our own settings
        [sys.executable, "-c", "import amps_api.settings"],
        env=os.environ | {"LAYERS": given, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "Choose from: source_text; source_text,literature." in ran.stderr
