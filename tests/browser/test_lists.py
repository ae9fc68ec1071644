"""The lists of the desk in a real browser: no column is cut on a phone, on a tablet or on a small laptop."""

import pytest

from tests import library
from tests.library import condition, source

pytestmark = [
    pytest.mark.django_db(transaction=True),
]
LISTS = (
    "condition", "item", "source", "release", "document", "revision", "signoff", "event", "sourcerevision", "schedule",
)  # fmt: skip
CUT = "() => { const list = document.querySelector('.results'); return list && list.scrollWidth > list.clientWidth; }"


def test_no_list_cuts_a_column(sit_down, desk):
    title = "A pilot randomised trial of integrated cognitive behavioural therapy and neuromuscular training"
    library.publish([condition(name="Amplified musculoskeletal pain syndrome"), source("long", title=title)], desk)
    publisher = sit_down("publisher")
    cut = []
    for width in (375, 640, 1280):
        publisher.page.set_viewport_size({"width": width, "height": 900})
        for name in LISTS:
            publisher.go(f"/admin/content_app/{name}/")
            cut += [(width, name)] if publisher.page.evaluate(CUT) else []
    assert cut == []
