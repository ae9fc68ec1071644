"""What readers are told before anything has been published."""

import pytest

pytestmark = pytest.mark.both_databases


def test_nothing_published_is_said_as_such(db, client):
    response = client.get("/api/v1/conditions/")
    assert response.status_code == 404
    assert response.json()["type"].endswith("/problems/nothing-published/")
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200
    assert b"Nothing has been published yet" in client.get("/").content
