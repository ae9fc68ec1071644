"""All codings as SSSOM: read by somebody else's SSSOM library, complete, and in the right direction."""

import io
import logging

import pytest
import yaml

from content_app.delivery.linked_data import sssom
from tests.linked_data import BASE, of

# From the model of SSSOM 1.1: what a mapping set may say in its header.
HEADER_SLOTS = {
    "sssom_version", "curie_map", "mapping_set_id", "mapping_set_version", "mapping_set_title",
    "mapping_set_description", "license", "subject_source", "publication_date", "mapping_provider", "comment",
}  # fmt: skip


def written(documents) -> str:
    return "".join(sssom.lines(documents, BASE, 1, "2026-11-02T09:00:00Z"))


def read(text: str, caplog):
    """What the library reads. It passes over lines that it does not like, so what it says is read too."""
    import sssom_pydantic

    with caplog.at_level(logging.DEBUG, "sssom_pydantic"):
        pack = sssom_pydantic.read(io.StringIO(text))
    assert [
        record.message for record in caplog.records if "failed" in record.message or "invalid" in record.message
    ] == []
    return pack


def test_a_library_that_is_not_ours_reads_every_mapping(documents, caplog):
    pack = read(written(documents), caplog)
    looked_for = [c for document in documents for c in document.get("codings", []) if c["match"] != "not_checked"]
    assert len(pack.mappings) == len(looked_for)
    assert str(pack.mapping_set.license) == "https://creativecommons.org/licenses/by/4.0/"


def test_a_line_that_is_not_sssom_is_noticed(documents, caplog):
    with pytest.raises(AssertionError):
        read(written(documents).replace("ICD10CM:M79.7", "M79.7"), caplog)


def test_columns_and_header_have_only_slots_of_the_standard(documents):
    from sssom_pydantic import Record

    lines = written(documents).splitlines()
    header = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    assert set(header) == HEADER_SLOTS
    columns = next(line for line in lines if not line.startswith("#")).split("\t")
    assert set(columns) <= set(Record.model_fields)
    assert tuple(columns) == sssom.COLUMNS


def test_every_prefix_is_declared(documents):
    text = written(documents)
    header = yaml.safe_load("\n".join(line[1:] for line in text.splitlines() if line.startswith("#")))
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]
    used = {row[place].partition(":")[0] for row in rows for place in (0, 2, 3, 4, 6, 7)}
    assert used - {"skos", "semapv", "sssom"} <= set(header["curie_map"])


def test_the_code_is_the_broader_one_in_a_broad_match(documents, caplog):
    matched = {
        (str(m.subject.curie), m.object.curie): m.predicate.curie for m in read(written(documents), caplog).mappings
    }
    fibromyalgia, juvenile = (f"item:{of(documents, slug)['id']}" for slug in ("fibromyalgia", "juvenile-fibromyalgia"))
    assert matched[fibromyalgia, "ICD10CM:M79.7"] == "skos:exactMatch"
    assert matched[juvenile, "ICD10CM:M79.7"] == "skos:broadMatch"


def test_what_was_looked_for_and_is_not_there_is_a_line(documents, caplog):
    found = read(written(documents), caplog).mappings
    silent = [m for m in found if m.object.curie == "sssom:NoTermFound"]
    assert len(silent) == sum(c["match"] == "none" for d in documents for c in d.get("codings", [])) > 5
    assert {(m.predicate.curie, m.cardinality) for m in silent} == {("skos:exactMatch", "1:0")}
    assert all(m.object_source for m in silent)


def test_what_nobody_has_looked_for_is_published_nowhere(documents, caplog):
    unchecked = [c["system"] for d in documents for c in d.get("codings", []) if c["match"] == "not_checked"]
    assert unchecked
    said = [m.object.curie for m in read(written(documents), caplog).mappings]
    assert said.count("sssom:NoTermFound") == sum(c["match"] == "none" for d in documents for c in d.get("codings", []))


def test_no_person_is_named_as_author(documents):
    assert not {"author_id", "author_label", "reviewer_id", "creator_id"} & set(sssom.COLUMNS)


def test_a_licensed_system_is_there_only_where_it_was_loaded(documents):
    rows = [line for line in written(documents).splitlines() if not line.startswith("#")]
    assert not [row for row in rows if "code_systems/snomed-ct" in row or "code_systems/umls" in row]


def test_hostile_text_stays_in_its_cell(documents, caplog):
    document = of(documents, "skin-cold")
    note = 'tab\there, "quotes", a\nline and #curie_map:'
    hostile = document | {"name": '#"x"\ty', "codings": [document["codings"][0] | {"note": note}]}
    (mapping,) = read(written([hostile]), caplog).mappings
    assert (mapping.subject_name, mapping.comment.startswith(note)) == ('#"x"\ty', True)
