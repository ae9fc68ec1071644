"""No read goes through a whole table: SQLite says of each query which index it follows, and from where.

SQLite plans without statistics, so a plan is the same for a hundred documents and for a hundred thousand.
"""

import re

import pytest
from django.db import connection

from tests.first_content import AMPS
from tests.query_plans import plans

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="It reads the plans of SQLite."),
]
ITEM = "conditions/fibromyalgia"
WALKS = [
    "/api/v1/concepts/?page_size=5",
    "/api/v1/concepts/?page_size=5&ordering=-name",
    "/api/v1/concepts/?page_size=5&ordering=-updated",
    "/api/v1/concepts/?page_size=5&topic=mechanism",
    "/api/v1/concepts/?page_size=2&topic=mechanism&aspect=mechanism&source=what-is-amps",
    "/api/v1/concepts/?page_size=5&updated_since=2020-01-01",
    "/api/v1/concepts/?page_size=5&release=1",
    "/api/v1/symptom-types/?page_size=1&predicate=is_kind_of",
    "/api/v1/codings/?page_size=5",
    "/api/v1/codings/?page_size=5&system=icd-10-cm",
    "/api/v1/relations/?page_size=5",
    "/api/v1/relations/?page_size=5&predicate=has_symptom",
    "/api/v1/changes/?page_size=5",
]
LOOK_UPS = [
    AMPS,
    f"{AMPS}?release=1",
    f"{AMPS}?as_of=2099-01-01",
    f"{AMPS}?include=related",
    "/api/v1/conditions/AMPS/",
    "/api/v1/conditions/?code=M79.7",
    f"/api/v1/concepts/?related={ITEM}",
    f"/api/v1/concepts/?related={ITEM}&predicate=resembles",
    "/api/v1/codings/?system=icd-10-cm&code=M79.7",
    f"/api/v1/relations/?item={ITEM}",
    f"/api/v1/relations/?subject={ITEM}&predicate=resembles",
    f"/api/v1/relations/?object={ITEM}",
    "/api/v1/releases/",
]
# Indexes with the order of a list: a page is a walk along one of them, from where it begins and as long as it is.
ORDERS = r"document_by_(name|name_alone|release|identifier)\b"
WHOLE = re.compile(r"SCAN (content_app_(document|indexterm)|[dU]\d*)\b")
WALK = re.compile(rf"(SCAN content_app_document USING INDEX {ORDERS}|SEARCH \w+ USING INDEX {ORDERS} \(kind=\?)")
# Nearly all documents began before a release and have not ended: an index over that leads nowhere.
OVER_RELEASES = re.compile(r"superseded_in_id[=>]|kind=\? AND first_release_id<")


def through_everything(plan: list[str]) -> list[str]:
    """The lines of a plan that grow with the library: scans in no order, walks that are sorted anew."""
    is_sorted = any(line == "USE TEMP B-TREE FOR ORDER BY" for line in plan)
    return [line for line in plan if (WHOLE.match(line) and not WALK.match(line)) or (is_sorted and WALK.match(line))]


@pytest.mark.parametrize("address", [*WALKS, *LOOK_UPS, "/api/v1/releases/1/?page_size=5", "/feeds/changes.atom"])
def test_no_read_goes_through_everything(read, address):
    found = plans(lambda: read(address))
    assert len(found) >= 2, "It made no query to look at."
    assert [line for plan in found for line in through_everything(plan)] == []
    assert [line for plan in found for line in plan if OVER_RELEASES.search(line)] == []


@pytest.mark.parametrize("address", [*WALKS, "/api/v1/releases/1/?page_size=5"])
def test_the_next_page_begins_where_the_one_before_ended(read, address):
    found = plans(lambda: read(read(address).json()["next"]))
    lines = [line for plan in found[2:] for line in plan]
    assert [line for plan in found for line in through_everything(plan)] == []
    assert any(re.search(r"(sort_name|first_release_id|kind|rowid)[<>]", line) for line in lines), lines


@pytest.mark.parametrize("address", LOOK_UPS)
def test_what_is_few_is_looked_up_and_not_met_on_a_walk(read, address):
    assert [line for plan in plans(lambda: read(address)) for line in plan if WALK.match(line)] == []
