"""The sentences that every form says alike."""

import pytest

from content_app.delivery.store.prose import source_citation

SOURCE = dict.fromkeys(
    ("container", "organisation", "year", "doi", "pmid", "volume", "issue", "pages", "accessed_on")
) | {"title": "A title", "authors": ["Raja SN"], "retracted": False}


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({}, "Raja SN. A title."),
        (
            {"container": "Pain", "volume": "161", "issue": "9", "pages": "1976-1982", "year": 2020},
            "Raja SN. A title. Pain 161(9): 1976-1982. 2020.",
        ),
        ({"container": "Children", "volume": "3", "pages": "39"}, "Raja SN. A title. Children 3: 39."),
        ({"container": "Pain", "volume": "161"}, "Raja SN. A title. Pain 161."),
        ({"container": "A website", "accessed_on": "2026-11-27"}, "Raja SN. A title. A website. Read on 2026-11-27."),
    ],
)
def test_a_source_is_cited_with_its_volume_its_pages_and_the_day_it_was_read(known, line):
    assert source_citation(SOURCE | known) == line
