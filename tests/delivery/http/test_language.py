"""`lang=`: what there is is answered; what there is not is refused, never answered in another language unsaid."""

import pytest

from tests.first_content import AMPS

READS = [
    AMPS, "/api/v1/", "/api/v1/conditions/", "/api/v1/search/?q=pain", "/api/v1/relations/", "/api/v1/changes/",
    "/api/v1/conditions/fibromyalgia/compare/juvenile-fibromyalgia/", "/sandbox/ordinary/",
]  # fmt: skip


def with_language(address: str, language: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


@pytest.mark.parametrize("language", ["en", "en-GB", "EN-us", "en-GB-oxendict", "*"])
def test_content_in_english_serves_who_reads_english(read, language):
    response = read(with_language(AMPS, language))
    assert (response.status_code, response["Content-Language"]) == (200, "en")
    assert response.content == read(AMPS).content


@pytest.mark.parametrize("language", ["de", "fr-CA", "english", "en_GB", "", "en,de", "x" * 40, "%00", "e", "en-"])
def test_another_language_is_refused_and_what_there_is_named(read, language):
    response = read(with_language(AMPS, language))
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "lang"


def test_a_refusal_says_what_there_is(read):
    assert "All content is in English (en)" in read(with_language(AMPS, "de")).json()["detail"]


@pytest.mark.parametrize("address", READS)
def test_every_read_knows_it(read, address):
    assert read(with_language(address, "en-GB")).status_code == 200
    assert read(with_language(address, "de")).status_code == 400


def test_a_batch_knows_it(read):
    item = read(AMPS).json()["id"]
    assert read(f"/api/v1/items/?ids={item}&lang=en").status_code == 200
    assert read(f"/api/v1/items/?ids={item}&lang=de").status_code == 400


def test_pages_of_a_list_keep_it(read):
    assert "lang=en" in read("/api/v1/concepts/?page_size=5&lang=en").json()["next"]


def test_the_stored_bytes_are_the_answer_all_the_same(read, django_assert_num_queries):
    tag = read(AMPS)["ETag"]
    with django_assert_num_queries(2):
        assert read(with_language(AMPS, "en"))["ETag"] == tag


def test_what_the_client_prefers_elsewhere_changes_nothing(read):
    response = read(AMPS, Accept_Language="de")
    assert (response.status_code, "Accept-Language" in response["Vary"]) == (200, False)
