"""What a client does wrong: a clear answer with a stable type, and never a fault of ours."""

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_app.delivery.http.problems import PROBLEM_TYPES
from content_app.templatetags.code_spans import code_spans
from tests.first_content import AMPS
from tests.width import examples

LISTS = ["conditions", "concepts", "symptom-types", "examples", "sources", "relations", "codings", "releases"]


@pytest.mark.parametrize("collection", LISTS)
def test_an_unknown_parameter_is_refused_and_the_nearest_named(read, collection):
    response = read(f"/api/v1/{collection}/?page_sise=5")
    assert response.status_code == 400
    assert "page_size" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("address", "parameter", "hint"),
    [
        ("concepts/?topic=mechanisms", "topic", "did you mean “mechanism”?"),
        ("concepts/?topic=", "topic", "use one of"),
        ("concepts/?ordering=size", "ordering", "use one of name"),
        ("concepts/?page_size=0", "page_size", "from 1 to 100"),
        ("concepts/?page_size=101", "page_size", "from 1 to 100"),
        ("concepts/?page_size=-1", "page_size", "from 1 to 100"),
        ("concepts/?page_size=٣", "page_size", "from 1 to 100"),
        ("concepts/?page_size=99999999999999999999", "page_size", "from 1 to 100"),
        ("concepts/?page_size=5&page_size=6", "page_size", "once"),
        ("concepts/?release=0", "release", "whole number"),
        ("concepts/?release=1&as_of=2026-01-01", "as_of", "not both"),
        ("concepts/?as_of=yesterday", "as_of", "Give a day"),
        ("concepts/?as_of=2026-13-45", "as_of", "Give a day"),
        ("concepts/?as_of=2026-03-01T09:30:00", "as_of", "Give a day"),
        ("concepts/?updated_since=0", "updated_since", "Give a day"),
        ("concepts/?code=nosystem|M79.7", "code", "not a known code system"),
        ("concepts/?related=concept/fall", "related", "did you mean “concepts”?"),
        ("concepts/?cursor=AAAA", "cursor", "not a valid cursor"),
        ("concepts/?cursor=%ff", "cursor", "not allowed"),
        ("concepts/?topic=mecha%00nism", "topic", "not allowed"),
        ("relations/?predicate=has_symptoms", "predicate", "did you mean “has_symptom”?"),
        ("codings/?system=icd10cm", "system", "did you mean “icd-10-cm”?"),
    ],
)
def test_a_value_that_is_not_one_is_refused_with_what_would_be_right(read, address, parameter, hint):
    response = read(f"/api/v1/{address}")
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["parameter"] == parameter
    assert hint in error["detail"]


def test_a_filter_that_names_nothing_published_is_404(read):
    response = read("/api/v1/concepts/?related=concepts/nothing-here")
    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (404, "related")


def test_a_cursor_of_another_collection_is_refused(read):
    cursor = re.search("cursor=([^&]+)", read("/api/v1/concepts/?page_size=2").json()["next"])[1]
    response = read(f"/api/v1/symptom-types/?page_size=2&cursor={cursor}")
    assert (response.status_code, "another list" in response.json()["detail"]) == (400, True)


@pytest.mark.parametrize("narrowing", ["related=00000000-0000-4000-8000-000000000000", "source=nothing"])
def test_a_filter_by_something_unknown_is_never_an_empty_list(read, narrowing):
    response = read(f"/api/v1/concepts/?{narrowing}")
    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (404, narrowing.partition("=")[0])


@pytest.mark.parametrize(
    "path", ["/", "/problems/", "/livez", "/readyz", "/openapi.json", "/schemas/editorial-document.json"]
)
def test_pages_are_for_reading_only(read, client, path):
    response = client.post(path)
    assert (response.status_code, response["Allow"], response["Cache-Control"]) == (405, "GET, HEAD", "no-store")


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.oai.openapi+json", "*/*"])
def test_the_description_comes_under_the_types_that_generators_ask_for(read, accept):
    assert read("/openapi.json", Accept=accept).status_code == 200


def test_a_cursor_of_another_list_is_refused(read):
    following = read("/api/v1/concepts/?page_size=5").json()["next"]
    cursor = re.search("cursor=([^&]+)", following)[1]
    response = read(f"/api/v1/concepts/?topic=mechanism&cursor={cursor}")
    assert "another list" in response.json()["detail"]


@pytest.mark.parametrize("host", ["testserver", "localhost:8000"])
def test_the_type_of_a_problem_does_not_depend_on_the_server_and_is_the_path_of_its_page(read, client, host):
    kind = client.get("/api/v1/conditions/nothing/", headers={"host": host}).json()["type"]
    assert kind == "/problems/not-found/"
    assert read(kind, accept="text/html").status_code == 200


def test_a_problem_names_type_code_title_status_detail_and_instance(read):
    problem = read("/api/v1/conditions/nothing/").json()
    assert set(problem) == {"type", "code", "title", "status", "detail", "instance"}
    assert problem["code"] == "not-found"
    assert problem["instance"] == "/api/v1/conditions/nothing/"


@pytest.mark.parametrize("slug", PROBLEM_TYPES)
def test_the_type_of_each_problem_leads_to_a_page_that_says_what_to_do(read, slug):
    response = read(f"/problems/{slug}/")
    assert response.status_code == 200
    assert PROBLEM_TYPES[slug].title in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_answer_405_with_allow(read, client, method):
    response = getattr(client, method)(AMPS)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response["Content-Type"] == "application/problem+json"


def test_options_says_what_is_possible(read, client):
    response = client.options(AMPS)
    assert (response.status_code, response["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_a_media_type_that_is_not_there_answers_406_with_those_that_are(read):
    response = read("/api/v1/conditions/", Accept="image/png")
    assert (response.status_code, response.json()["available"]) == (406, ["application/json"])


@pytest.mark.parametrize("accept", ["*/*", "application/*", "application/json;q=0.1, text/html", ""])
def test_reasonable_accept_headers_get_json(read, accept):
    assert read("/api/v1/conditions/", Accept=accept)["Content-Type"] == "application/json"


def test_an_address_that_is_too_long_answers_414(read):
    response = read("/api/v1/conditions/?code=" + "a" * 9000)
    assert response.status_code == 414
    assert response["Content-Type"] == "application/problem+json"


def test_a_thousand_parameters_answer_400(read):
    response = read("/api/v1/conditions/?" + "&".join(f"a{n}=1" for n in range(900)))
    assert response.status_code == 400


def test_an_address_that_no_view_knows_is_a_problem_for_programs(read):
    response = read("/api/v1/nothing/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_an_address_that_no_view_knows_is_a_page_for_people(read):
    response = read("/nothing/", Accept="text/html")
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_a_host_that_is_not_ours_is_a_problem(read):
    response = read("/api/v1/", Host="evil.example")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_errors_are_not_kept_by_caches_but_for_a_moment(read):
    assert read("/api/v1/conditions/?a=1")["Cache-Control"] == "no-store"
    assert read("/api/v1/conditions/nothing/")["Cache-Control"] == "public, max-age=60"


hostile_text = st.text(max_size=40) | st.sampled_from(
    ["\x00", "٣", "﷽", "' OR 1=1 --", "%", "*", "\\", "null", "-0", "1e9"]
)


@pytest.mark.widens
@settings(max_examples=examples(25, 150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(collection=st.sampled_from(LISTS), name=hostile_text, value=hostile_text)
def test_nothing_in_a_query_gives_a_fault_of_ours(read, collection, name, value):
    quoted = f"{quote(name, errors='surrogatepass')}={quote(value, errors='surrogatepass')}"
    assert read(f"/api/v1/{collection}/?{quoted}").status_code < 500


PARAMETERS = [
    "topic", "ordering", "updated_since", "aspect", "code", "related", "predicate", "source", "page_size", "cursor",
    "release", "as_of",
]  # fmt: skip


@pytest.mark.widens
@settings(max_examples=examples(50, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(PARAMETERS), value=hostile_text)
def test_no_value_of_a_known_parameter_gives_a_fault_of_ours(read, name, value):
    assert read(f"/api/v1/concepts/?{name}={quote(value, errors='surrogatepass')}").status_code < 500


@pytest.mark.widens
@settings(max_examples=examples(16, 100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=hostile_text)
def test_nothing_in_a_path_gives_a_fault_of_ours(read, path):
    for before in ("/api/v1/conditions/", "/fhir/CodeSystem/", "/cds-services/", "/problems/", "/"):
        assert read(f"{before}{quote(path, safe='', errors='surrogatepass')}/").status_code < 500


def test_a_cursor_with_hostile_content_is_refused(read):
    import base64
    import json

    for data in ([1, "x", "a", "b"], [1, "x", 5, "a"], [2**70, "x", "a", "a"], [1, "x"], {}, 5, [None] * 4, [[]] * 900):
        cursor = base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
        assert read(f"/api/v1/concepts/?cursor={cursor[:490]}").status_code == 400


def test_the_pages_of_problems_show_code_as_code(read):
    for slug in PROBLEM_TYPES:
        page = read(f"/problems/{slug}/").content.decode()
        assert ("`" not in page, "<code>" in page) == (True, "`" in PROBLEM_TYPES[slug].advice), slug


def test_only_code_is_marked_up_in_a_sentence():
    assert code_spans("Send `<id>` & one ` more.") == "Send <code>&lt;id&gt;</code> &amp; one ` more."
