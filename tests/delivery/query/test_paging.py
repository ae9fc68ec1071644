"""Pages: a cursor that fits its list, but that no list could have given, is refused like any other forgery."""

import pytest
from django.test import RequestFactory

from content_app.delivery.query import cursors

pytestmark = pytest.mark.both_databases
NOBODY = "00000000-0000-4000-8000-000000000000"


def forged(address: str, release: int, *key) -> str:
    """The address with a cursor of this key, made as the list makes it."""
    path, _, query = address.partition("?")
    request = RequestFactory().get(path, dict(part.split("=") for part in query.split("&") if part))
    asked = {"": path, **request.GET.dict()}
    return f"{address}{'&' if query else '?'}cursor={cursors.encode(cursors.Cursor(release, key), asked)}"


@pytest.mark.parametrize(
    ("address", "release", "key"),
    [
        ("/api/v1/concepts/", 1, ("pain", "no identifier")),
        ("/api/v1/concepts/", 1, ("pain",)),
        ("/api/v1/concepts/", 1, (1, NOBODY)),
        ("/api/v1/concepts/", 2, ("pain", NOBODY)),
        ("/api/v1/concepts/?ordering=updated", 1, (2**40, NOBODY)),
        ("/api/v1/concepts/?ordering=updated", 1, (-1, NOBODY)),
        ("/api/v1/codings/", 1, ("pain", NOBODY, 2**70)),
        ("/api/v1/relations/", 1, ("pain", "0", 0)),
        ("/api/v1/releases/", 1, (2**70,)),
        ("/api/v1/releases/1/", 1, ("concept", "\u0000")),
        ("/api/v1/search/?q=pain", 1, (1000,)),
        ("/api/v1/search/?q=pain", 1, (2**70,)),
    ],
)
def test_a_cursor_that_no_list_could_have_given_is_refused(read, address, release, key):
    response = read(forged(address, release, *key))
    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "cursor")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/api/v1/concepts/", ("zzz", NOBODY)),
        ("/api/v1/concepts/?ordering=-updated", (0, NOBODY)),
        ("/api/v1/codings/", ("zzz", NOBODY, 0)),
        ("/api/v1/releases/", (1,)),
        ("/api/v1/search/?q=pain", (999,)),
    ],
)
def test_behind_the_last_entry_there_is_an_empty_page_of_the_same_shape(read, address, key):
    page, whole = read(forged(address, 1, *key)).json(), read(address).json()
    assert list(page) == list(whole)
    assert (page["results"], page["next"]) == ([], None)
