"""Programs find the API, its descriptions and whom to tell of a vulnerability without reading documentation."""

import datetime

import pytest

from content_app.delivery.pages.discovery import PROFILE

CATALOG = "/.well-known/api-catalog"


@pytest.mark.parametrize("entrance", ["/", "/api/v1/"])
def test_the_entrances_link_to_the_descriptions(read, entrance):
    links = read(entrance)["Link"]
    for relation in ("service-desc", "service-doc", "api-catalog"):
        assert f'rel="{relation}"' in links


def test_the_catalog_is_a_linkset_of_the_apis(read):
    response = read(CATALOG)
    assert response["Content-Type"] == f'application/linkset+json; profile="{PROFILE}"'
    anchors = [context["anchor"] for context in response.json()["linkset"]]
    assert "http://testserver/api/v1/" in anchors
    assert "http://testserver/fhir" in anchors


def test_every_target_in_the_catalog_answers_in_the_type_it_names(read):
    for context in read(CATALOG).json()["linkset"]:
        for relation in ("service-desc", "service-doc"):
            for target in context.get(relation, []):
                response = read(target["href"].removeprefix("http://testserver"), accept=target["type"])
                assert response.status_code == 200, target
                assert response["Content-Type"].startswith(target["type"]), target


def test_a_head_request_for_the_catalog_links_to_it(client, first_content, db):
    assert f'<{CATALOG}>; rel="api-catalog"' in client.head(CATALOG)["Link"]


def test_without_a_contact_there_is_no_security_txt(read):
    assert read("/.well-known/security.txt").status_code == 404


def test_with_one_it_names_the_contact_and_expires_within_a_year(read, settings):
    settings.SECURITY_CONTACT = "mailto:security@amps.example"
    text = read("/.well-known/security.txt").content.decode()
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert fields["Contact"] == "mailto:security@amps.example"
    expires = datetime.datetime.fromisoformat(fields["Expires"])
    assert datetime.timedelta(0) < expires - datetime.datetime.now(datetime.UTC) < datetime.timedelta(days=365)
