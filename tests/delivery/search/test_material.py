"""What search keeps of documents, while several requests read and drop."""

import pytest

from content_app.delivery.search import index, material
from content_app.models.search import SearchEntry

pytestmark = pytest.mark.django_db


def test_what_another_request_drops_meanwhile_is_shown_all_the_same(search, monkeypatch):
    one, other = SearchEntry.objects.order_by("place").values_list("place", flat=True)[:2]
    monkeypatch.setattr(material, "MOST", 1)
    monkeypatch.setattr(material, "_kept", type(material._kept)())
    material.of_places([one])
    read = index.bodies

    def while_another_reads(places):
        wanted = list(places)
        monkeypatch.setattr(index, "bodies", read)
        material.of_places([other])
        return read(wanted)

    monkeypatch.setattr(index, "bodies", while_another_reads)
    assert material.of_places([one, other]).keys() == {one, other}
