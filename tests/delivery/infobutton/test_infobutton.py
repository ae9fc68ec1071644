"""Infobutton over HTTP, as the clients of MedlinePlus Connect and of the standard call it."""

import json
import logging
import re
import xml.etree.ElementTree as ET

import feedparser
import pytest
from django.urls import include, path

from amps_api import urls

urlpatterns = [path("infobutton", include("content_app.delivery.infobutton.urls")), *urls.urlpatterns]
handler404 = urls.handler404

pytestmark = pytest.mark.urls(__name__)

ATOM = "{http://www.w3.org/2005/Atom}"
ICD_10_CM = "2.16.840.1.113883.6.90"
FIBROMYALGIA = f"/infobutton?mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=M79.7"
AS_JSON = "&knowledgeResponseType=application/json"

FOR_CLINICIANS = "&informationRecipient=PROV"


@pytest.fixture
def feed(read):
    """A function that asks for JSON and returns the feed."""

    def ask(query: str) -> dict:
        response = read(f"/infobutton?{query}{AS_JSON}")
        assert response.status_code == 200, response.content
        return response.json()["feed"]

    return ask


def titles(feed):
    return [entry["title"]["_value"] for entry in feed["entry"] if "source" not in entry]


# A client of MedlinePlus Connect: only the address is another one.


def test_a_client_of_medlineplus_connect_that_reads_json_works_unchanged(read):
    answer = read(
        f"/infobutton?mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=M79.7"
        "&mainSearchCriteria.v.dn=Fibromyalgia&informationRecipient.languageCode.c=en"
        "&knowledgeResponseType=application%2Fjson"
    ).json()
    assert answer["feed"]["subtitle"]["_value"].startswith("AMPS API results for ICD-10-CM M79.7")
    assert answer["feed"]["author"]["name"]["_value"]
    assert {"scheme": "mainSearchCriteria.v.c", "term": "M79.7"} in answer["feed"]["category"]
    assert {"scheme": "informationRecipient", "term": "PAT"} in answer["feed"]["category"]
    first = answer["feed"]["entry"][0]
    assert first["title"]["_value"] == "Fibromyalgia"
    assert first["link"][0]["href"].startswith("http://testserver/api/v1/conditions/fibromyalgia.html")
    assert first["link"][0]["rel"] == "alternate"
    assert "<p" in first["summary"]["_value"]
    assert first["updated"]["_value"].endswith("Z")


def test_a_client_of_medlineplus_connect_that_reads_atom_works_unchanged(read):
    response = read(FIBROMYALGIA)
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo
    assert parsed.entries[0].title == "Fibromyalgia"
    assert parsed.entries[0].link.endswith("/conditions/fibromyalgia.html?audience=plain")
    assert parsed.feed.subtitle.startswith("AMPS API results for ICD-10-CM M79.7")


def test_a_client_of_medlineplus_connect_that_calls_back_works_unchanged(read):
    response = read(f"{FIBROMYALGIA}&knowledgeResponseType=application/javascript&callback=jQuery1_2&_=17")
    assert response["Content-Type"] == "application/javascript; charset=utf-8"
    called = re.fullmatch(r"/\*\*/jQuery1_2\((.*)\);", response.content.decode(), re.DOTALL)
    assert json.loads(called[1])["feed"]["entry"][0]["title"]["_value"] == "Fibromyalgia"
    assert response.content.isascii()


@pytest.mark.parametrize("system", ["2.16.840.1.113883.6.103", "2.16.840.1.113883.6.88", "2.16.840.1.113883.6.1"])
def test_systems_that_medlineplus_connect_knows_and_this_library_does_not_get_an_empty_feed(feed, system):
    found = feed(f"mainSearchCriteria.v.cs={system}&mainSearchCriteria.v.c=250.33")
    assert found["entry"] == []
    assert {"scheme": "relevanceScore", "term": "unknown-code-system"} in found["category"]


# What is found.


def test_the_best_match_comes_first_and_broader_and_related_ones_say_so(feed):
    found = feed(f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=M79.7{FOR_CLINICIANS}")
    assert titles(found) == ["Fibromyalgia", "Juvenile fibromyalgia", "Amplified musculoskeletal pain syndrome"]
    near = [entry["summary"]["_value"] for entry in found["entry"] if "source" not in entry][1:]
    assert all(summary.startswith('<p class="match">ICD-10-CM M79.7') for summary in near)
    matches = [c["term"] for e in found["entry"] for c in e["category"] if c["scheme"] == "relevanceScore"]
    assert matches == ["exact", "broad", "related"]


def test_a_broader_code_never_opens_a_condition_for_a_patient(feed):
    found = feed(f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=M79.7")
    assert titles(found) == ["Fibromyalgia"]
    near = feed(f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=G89.29")
    assert near["entry"] == []
    assert "does not necessarily have any of them" in near["subtitle"]["_value"]


def test_what_is_meant_is_shown_section_by_section_and_what_is_near_as_a_whole(feed):
    found = feed(f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=M79.7")
    assert {e["source"]["title"]["_value"] for e in found["entry"] if "source" in e} == {"Fibromyalgia"}
    near = feed(f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=G89.29{FOR_CLINICIANS}")
    assert sum("source" in entry for entry in near["entry"]) > 5


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("2.16.840.1.113883.6.90", "m79.7"),
        ("2.16.840.1.113883.6.90", "M797"),
        ("urn:oid:2.16.840.1.113883.6.3", "M79.7"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "M79.7"),
        ("2.16.840.1.113883.6.177", "D005356"),
        ("https://www.nlm.nih.gov/mesh", "D005356"),
        ("http://purl.obolibrary.org/obo/mondo.owl", "MONDO:0005546"),
    ],
)
def test_every_mapped_system_answers_by_oid_and_by_address(feed, system, code):
    found = feed(f"mainSearchCriteria.v.cs={system}&mainSearchCriteria.v.c={code}")
    assert titles(found)[0] == "Fibromyalgia"


def test_a_known_system_with_an_unknown_code_is_an_empty_feed_that_says_so(feed):
    found = feed(f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=Z99.9")
    assert found["entry"] == []
    assert {"scheme": "relevanceScore", "term": "unknown-code"} in found["category"]
    assert "none of our content has this code" in found["subtitle"]["_value"]


@pytest.mark.parametrize("text", ["AMPS", "amps", "Amplified musculoskeletal pain syndrome"])
@pytest.mark.parametrize("part", ["ot", "dn"])
def test_a_name_finds_the_item_that_has_exactly_this_name(feed, text, part):
    assert titles(feed(f"mainSearchCriteria.v.{part}={text}")) == ["Amplified musculoskeletal pain syndrome"]


def test_a_name_that_nothing_has_is_an_empty_feed(feed):
    found = feed("mainSearchCriteria.v.ot=a broken leg")
    assert found["entry"] == []
    assert {"scheme": "relevanceScore", "term": "unknown-name"} in found["category"]


def test_several_concepts_are_answered_together_each_item_once(feed):
    found = feed(
        f"mainSearchCriteria.v.cs={ICD_10_CM}&mainSearchCriteria.v.c=M79.7"
        f"&mainSearchCriteria.v.cs1={ICD_10_CM}&mainSearchCriteria.v.c1=G90.50"
    )
    assert "Complex regional pain syndrome" in titles(found)
    assert len(titles(found)) == len(set(titles(found)))


def test_clinicians_and_patients_read_different_words(feed):
    for_patients = feed("mainSearchCriteria.v.ot=AMPS")
    for_clinicians = feed("mainSearchCriteria.v.ot=AMPS&informationRecipient=PROV")
    assert for_patients["entry"][0]["summary"] != for_clinicians["entry"][0]["summary"]
    assert {"scheme": "informationRecipient", "term": "PROV"} in for_clinicians["category"]


def test_no_answer_is_without_its_notices_and_what_is_not_covered(feed):
    for audience in ("PAT", "PROV"):
        found = feed(f"mainSearchCriteria.v.ot=AMPS&informationRecipient={audience}")
        assert all("not a diagnosis" in entry["summary"]["_value"] for entry in found["entry"])
        fibromyalgia = feed(f"mainSearchCriteria.v.ot=Fibromyalgia&informationRecipient={audience}")
        assert "does not cover red flags" in fibromyalgia["entry"][0]["summary"]["_value"]


@pytest.mark.parametrize("recipient", ["PAT", "PROV"])
def test_every_entry_leads_to_its_place_on_a_page(feed, read, recipient):
    asked = f"mainSearchCriteria.v.ot=AMPS&mainSearchCriteria.v.ot1=fibromyalgia&informationRecipient={recipient}"
    links = [entry["link"][0]["href"].removeprefix("http://testserver") for entry in feed(asked)["entry"]]
    assert any("#" in link for link in links)
    for address, fragments in {link.partition("#")[0]: set() for link in links}.items():
        fragments |= {link.partition("#")[2] for link in links if link.startswith(address)} - {""}
        page = read(address, accept="*/*")
        assert page["Content-Type"].startswith("text/html")
        assert fragments <= set(re.findall(r'\bid="([^"]+)"', page.content.decode()))


def test_a_section_that_the_sources_are_silent_on_has_its_place_too(feed, read):
    asked = "mainSearchCriteria.v.ot=AMPS&subTopic.v.cs=2.16.840.1.113883.6.177&subTopic.v.c=Q000628"
    link = next(e["link"][0]["href"] for e in feed(asked)["entry"] if "#treatment" in e["link"][0]["href"])
    page = read(link.removeprefix("http://testserver").partition("#")[0])
    assert 'id="treatment"' in page.content.decode()


def test_a_release_can_be_named_and_links_keep_to_it(feed):
    found = feed("mainSearchCriteria.v.ot=AMPS&release=1")
    assert found["entry"][0]["link"][0]["href"].endswith(".html?audience=plain&release=1")
    assert found["generator"]["_value"] == "AMPS API, release 1"


# How it is asked and answered.


def test_a_form_is_another_way_to_ask(first_content, db, client):
    asked = {"mainSearchCriteria.v.cs": ICD_10_CM, "mainSearchCriteria.v.c": "M79.7"}
    body = "&".join(f"{name}={value}" for name, value in asked.items())
    response = client.post("/infobutton", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    root = ET.fromstring(response.content)  # noqa: S314 - our own output
    assert root.find(f"{ATOM}entry/{ATOM}title").text == "Fibromyalgia"
    assert response["Cache-Control"] == "no-store"


def test_a_parameter_in_the_form_and_in_the_address_is_refused(first_content, db, client):
    body = "mainSearchCriteria.v.ot=AMPS"
    response = client.post(f"/infobutton?{body}", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


@pytest.mark.parametrize(
    "content_type", ["text/xml", "application/xml", "application/json", "multipart/form-data; boundary=x"]
)
def test_xml_with_its_entities_and_all_other_bodies_are_not_read(first_content, db, client, content_type):
    body = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    response = client.post("/infobutton", body, content_type=content_type)
    assert response.status_code == 415
    assert response["Content-Type"] == "application/problem+json"
    assert b"root:" not in response.content


def test_a_form_without_end_is_refused(first_content, db, client):
    body = "mainSearchCriteria.v.ot=" + "a" * 20_000
    response = client.post("/infobutton", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400


def test_a_slash_at_the_end_makes_no_difference(read):
    assert read(FIBROMYALGIA.replace("?", "/?")).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("mainSearchCriteria.v.c=M79.7", 400),
        ("mainSearchCriteria.v.ot=AMPS&informationRecipent=PROV", 400),
        ("mainSearchCriteria.v.ot=AMPS&mainSearchCriteria.v.ot=AMPS", 400),
        ("mainSearchCriteria.v.ot=%ff", 400),
        ("mainSearchCriteria.v.ot=AMPS&release=0", 400),
        ("mainSearchCriteria.v.ot=AMPS&release=99", 404),
        ("mainSearchCriteria.v.ot=AMPS&knowledgeResponseType=application/pdf", 406),
    ],
)
def test_what_cannot_be_answered_is_a_problem_that_is_not_stored(read, query, status):
    response = read(f"/infobutton?{query}")
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert response.json()["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(first_content, db, client, method):
    response = getattr(client, method)("/infobutton")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_browser_gets_a_page_with_every_section_and_notice(read):
    response = read(FIBROMYALGIA, Accept="text/html,application/xml;q=0.9,*/*;q=0.8")
    page = response.content.decode()
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert page.count("<h1>") == 1
    assert page.count("<article") == 1
    assert "not a diagnosis" in page
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert not re.search(r"<script|style=|\son\w+=", page)


def test_a_browser_gets_a_page_when_something_is_wrong(read):
    response = read("/infobutton", Accept="text/html")
    assert response.status_code == 400
    assert "Give a code with its system" in response.content.decode()


def test_a_client_that_has_it_already_gets_304(read):
    tag = read(FIBROMYALGIA)["ETag"]
    assert read(FIBROMYALGIA, If_None_Match=tag).status_code == 304


def test_answers_are_for_the_one_who_asked_and_name_the_release(read):
    response = read(FIBROMYALGIA)
    assert response["Cache-Control"] == "private, max-age=300"
    assert response["Content-Release"] == "1"


def test_what_is_asked_about_a_patient_is_neither_logged_nor_echoed(read, caplog):
    with caplog.at_level(logging.DEBUG):
        response = read(f"{FIBROMYALGIA}&age.v.v=13&age.v.u=a&patientPerson.administrativeGenderCode.c=F")
        read("/infobutton?age.v.v=13")
    assert response.status_code == 200
    assert b"Gender" not in response.content
    assert "age.v.v" not in caplog.text


def test_head_has_the_headers_of_get(first_content, db, client):
    assert client.head(FIBROMYALGIA)["ETag"] == client.get(FIBROMYALGIA)["ETag"]


@pytest.mark.parametrize(
    "more", ["patientPerson.genderCode=F", "searchType=HL7", "%20age.v.v=14", "vendorSession=1", "_=17", "v=2"]
)
def test_what_vendors_add_is_left_out_of_account(read, more):
    assert titles(read(f"{FIBROMYALGIA}&{more}{AS_JSON}").json()["feed"]) == ["Fibromyalgia"]
