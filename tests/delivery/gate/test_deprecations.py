"""What goes away says so in every answer, until its sunset; then it is refused. The sandbox shows it."""

import datetime
import email.utils

import pytest
from django.test import Client
from django.utils import timezone

from content_app.delivery.http import deprecations
from content_app.delivery.http.deprecations import DEPRECATIONS, Deprecation
from content_app.templatetags.code_spans import code_spans

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
A_YEAR = datetime.timedelta(days=365)


@pytest.fixture
def announced(monkeypatch):
    """Announces that something real goes away."""

    def announce(address: str, *, sunset_at=NOW + A_YEAR, **more) -> None:
        entry = Deprecation(
            "old", "The old thing", "Use the new.", address, NOW, sunset_at, "/api/v1/concepts/", **more
        )
        monkeypatch.setattr(deprecations, "DEPRECATIONS", (entry,))

    return announce


def links_of(response) -> dict[str, str]:
    """Targets by relation."""
    parts = [part.partition("; rel=") for part in response["Link"].split(", ")]
    return {rest.partition(";")[0].strip('"'): target.strip("<>") for target, _, rest in parts}


def says_nothing(response) -> bool:
    return not any(response.has_header(name) for name in ("Deprecation", "Sunset"))


class TestAnAddress:
    def test_says_since_when_until_when_and_what_instead(self, client):
        response = client.get("/sandbox/deprecated/")
        assert (response.status_code, response["Deprecation"]) == (200, "@1793491200")
        assert email.utils.parsedate_to_datetime(response["Sunset"]).isoformat() == "2099-01-01T00:00:00+00:00"
        assert links_of(response) == {
            "deprecation": "/deprecations/sandbox-address/",
            "sunset": "/deprecations/sandbox-address/",
            "successor-version": "/sandbox/ordinary/",
        }

    def test_is_answered_as_ever(self, client):
        assert client.get("/sandbox/deprecated/").content == client.get("/sandbox/ordinary/").content

    def test_says_it_with_304_and_with_a_problem(self, client):
        tag = client.get("/sandbox/deprecated/")["ETag"]
        unchanged = client.get("/sandbox/deprecated/", headers={"if-none-match": tag})
        misspelt = client.get("/sandbox/deprecated/?unknown=1")
        assert [answer.status_code for answer in (unchanged, misspelt)] == [304, 400]
        assert not any(says_nothing(answer) for answer in (unchanged, misspelt))

    def test_is_refused_after_its_sunset(self, client):
        response = client.get("/sandbox/sunset/")
        body = response.json()
        assert (response.status_code, body["successor"]) == (410, "/sandbox/ordinary/")
        assert body["type"].endswith("/problems/sunset/")
        assert "2026-11-01" in body["detail"]
        assert not says_nothing(response)

    def test_a_real_one_needs_an_entry_and_nothing_else(self, announced, read):
        announced("conditions")
        assert read("/api/v1/conditions/")["Deprecation"] == f"@{int(NOW.timestamp())}"
        assert says_nothing(read("/api/v1/concepts/"))

    def test_a_real_one_is_refused_from_the_second_of_its_sunset(self, announced, read, monkeypatch):
        announced("conditions")
        for moment, status in ((NOW + A_YEAR - datetime.timedelta(seconds=1), 200), (NOW + A_YEAR, 410)):
            monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
            assert read("/api/v1/conditions/").status_code == status

    def test_fhir_says_it_as_an_outcome(self, announced, read):
        announced("fhir-resource", sunset_at=NOW)
        response = read("/fhir/CodeSystem/amps")
        assert (response.status_code, response.json()["resourceType"]) == (410, "OperationOutcome")


class TestAParameter:
    def test_says_it_where_it_is_used(self, client):
        address = "/sandbox/deprecated-parameter/"
        assert says_nothing(client.get(address))
        assert links_of(client.get(f"{address}?form=short"))["deprecation"] == "/deprecations/sandbox-parameter/"

    def test_is_refused_where_it_is_used_after_its_sunset(self, announced, read):
        announced("concepts", sunset_at=NOW, parameter="topic")
        assert read("/api/v1/concepts/").status_code == 200
        assert read("/api/v1/concepts/?topic=mechanism").status_code == 410


class TestAField:
    def test_says_it_with_every_answer_that_has_it(self, client):
        response = client.get("/sandbox/deprecated-field/")
        assert response.json()["old_name"] == response.json()["name"]
        assert not says_nothing(response)

    def test_its_answer_is_never_refused(self, announced, read):
        announced("conditions", sunset_at=NOW, field="ConditionPage.count")
        assert read("/api/v1/conditions/").status_code == 200


class TestPages:
    @pytest.mark.parametrize("entry", DEPRECATIONS, ids=lambda entry: entry.slug)
    def test_each_has_a_page_that_says_what_to_do(self, client: Client, entry):
        page = client.get(entry.page)
        assert page.status_code == 200
        assert all(text in page.content.decode() for text in (code_spans(entry.advice), entry.successor, "2026"))

    def test_all_of_them_are_listed(self, client):
        listed = client.get("/deprecations/").content.decode()
        assert all(entry.page in listed for entry in DEPRECATIONS)

    def test_there_is_no_page_for_others(self, client):
        assert client.get("/deprecations/nothing/").status_code == 404


def test_every_entry_is_about_an_address_that_there_is(client):
    assert [entry.path for entry in DEPRECATIONS if client.get(entry.path).status_code in (404, 405)] == []


def test_no_sunset_is_before_its_deprecation():
    assert [entry.slug for entry in DEPRECATIONS if entry.sunset_at < entry.deprecated_at] == []
