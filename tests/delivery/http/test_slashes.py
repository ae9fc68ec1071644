"""An address without its last slash leads on, and the method stays."""

import pytest


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_an_address_without_its_slash_leads_on_and_keeps_the_method(client, db, method):
    response = getattr(client, method)("/api/v1/check")
    assert (response.status_code, response["Location"]) == (308, "/api/v1/check/")


def test_the_query_goes_along(client, db):
    assert client.get("/api/v1/conditions?page_size=2")["Location"] == "/api/v1/conditions/?page_size=2"
