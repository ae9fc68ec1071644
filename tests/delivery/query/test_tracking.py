"""Links that were shared with tracking parameters open; the API itself stays strict."""

import pytest

from content_app.delivery.query.tracking import NAMES

TRACKED = [
    "utm_source=mail",
    "fbclid=AbC",
    "gclid=x",
    "msclkid=1",
    "mc_eid=2",
    "_ga=3",
    "igshid=4",
    "utm_campaign=a&gclid=b",
]
FOR_PEOPLE = [
    "/library/",
    "/library/search/?q=pain",
    "/library/conditions/",
    "/api/v1/conditions/fibromyalgia.html",
    "/feeds/releases.atom",
    "/feeds/changes.atom",
    "/llms.txt",
    "/sitemap.xml",
]


@pytest.mark.parametrize("tracked", TRACKED)
@pytest.mark.parametrize("address", FOR_PEOPLE)
def test_a_shared_link_opens_as_without_its_tracking(first_content, db, client, address, tracked):
    joined = f"{address}{'&' if '?' in address else '?'}{tracked}"

    assert client.get(joined).status_code == client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/api/v1/conditions/", "/api/v1/conditions/fibromyalgia/", "/api/v1/search/?q=pain"]
)
def test_the_api_still_refuses_what_it_does_not_know(first_content, db, client, address):
    assert client.get(f"{address}{'&' if '?' in address else '?'}utm_source=mail").status_code == 400


@pytest.mark.parametrize("address", FOR_PEOPLE)
def test_a_misspelt_parameter_of_a_page_is_still_refused(first_content, db, client, address):
    assert client.get(f"{address}{'&' if '?' in address else '?'}relaese=1").status_code == 400


@pytest.mark.parametrize("name", ["q", "release", "as_of", "kind", "cursor", "lang", "audience", "page_size"])
def test_no_parameter_of_ours_is_taken_for_tracking(name):
    assert NAMES.fullmatch(name) is None
