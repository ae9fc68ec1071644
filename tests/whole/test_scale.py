"""Several machines behind nginx, as docs/operations.md sets them up: what readers and editors meet there.

In order, on one deployment: the last tests take it apart.
"""

import gzip
import json
import re
import time
from urllib.parse import quote

import pytest

from tests import cluster, nginx, postgres
from tests.first_content import AMPS
from tests.live import wait_until
from tests.readers import LIST, ask, never_asked, reading, words_of
from tests.whole import test_story as story

MISSING = nginx.NOT_INSTALLED if nginx.PROGRAM is None else postgres.NOT_INSTALLED
pytestmark = [
    pytest.mark.scale,
    pytest.mark.skipif(nginx.PROGRAM is None or postgres.programs() is None, reason=MISSING),
]
SENTINEL = "Wobbegong"
PUBLIC = (
    "/", AMPS, LIST, "/api/v1/examples/puffy-cold-hand/", "/api/v1/changes/", f"/api/v1/search/?q={SENTINEL}",
    f"/api/v1/suggest/?q={SENTINEL}", "/library/examples/puffy-cold-hand/", "/llms.txt", "/sitemap.xml",
    "/feeds/changes/", "/api/v1/examples/", f"/fhir/ValueSet/$expand?url=urn:x&filter={SENTINEL}", "/fhir/metadata",
    "/openapi.json",
)  # fmt: skip


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    with cluster.running(tmp_path_factory.mktemp("cluster")) as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(started.proxy.certificate))  # clients in this process trust it
        yield started


@pytest.fixture(scope="module")
def address(deployed) -> str:
    return deployed.proxy.secure


@pytest.fixture(scope="module")
def accounts(deployed) -> dict[str, str]:
    return deployed.accounts


def test_the_whole_story_is_told_across_machines(deployed, address, accounts):
    story.tell(address, accounts)
    assert "All are as they were published" in story.manage(deployed.machines[1].environment, "verify_releases")


def test_no_word_of_a_draft_leaves_the_desk_by_way_of_the_cache(address, accounts):
    author = story.Person(address, "author", accounts["author"])
    listing = author.open("/admin/content_app/condition/?q=fibromyalgia").content.decode()
    page = re.search(r"/admin/content_app/condition/\d+/change/", listing)[0]
    author.send(page, "condition_form", summary_plain=f"{SENTINEL} is a word of a draft.")
    for _ in range(3):  # the second time perhaps from the cache
        assert SENTINEL in author.open(page).content.decode()
        status, body, headers = ask(address, page)
        assert (status, SENTINEL.encode() in body) == (302, False)
        assert "Cache-Status" not in headers

    told = {path: ask(address, path)[1].replace(f"q={SENTINEL}".encode(), b"") for path in (*PUBLIC, *PUBLIC)}
    echoed = [path for path in PUBLIC if SENTINEL in path]  # what a reader typed is repeated to them
    assert [path for path, body in told.items() if SENTINEL.encode() in body and path not in echoed] == []
    assert [path for path in echoed if b"word of a draft" in told[path]] == []


def hit(address: str, path: str, **headers: str) -> tuple[int, bytes, dict]:
    """The same question until it is answered from the cache, which forgets within a second."""
    for _ in range(20):
        answer = ask(address, path, **headers)
        if answer[2]["Cache-Status"] == "nginx; hit":
            return answer
    raise AssertionError(f"{path} was never answered from the cache: {answer[2]['Cache-Status']}")


MEDIA = ("application/json", "text/html", "application/ld+json", "text/turtle", "text/markdown")


def test_each_representation_is_kept_for_itself(address):
    for media_type in MEDIA * 2:
        _, _, headers = hit(address, AMPS, Accept=media_type)
        assert headers["Content-Type"].startswith(media_type)


def test_compressed_and_plain_answers_are_not_mixed(address):
    for _ in range(2):
        _, plain, headers = hit(address, AMPS)
        assert headers["Content-Encoding"] is None
        _, packed, headers = hit(address, AMPS, **{"Accept-Encoding": "gzip"})
        assert headers["Content-Encoding"] == "gzip"
        assert json.loads(gzip.decompress(packed)) == json.loads(plain)


def test_an_answer_to_a_page_elsewhere_and_one_to_a_program_are_not_mixed(address):
    assert hit(address, AMPS, Origin="https://app.example")[2]["Access-Control-Allow-Origin"] == "*"
    assert hit(address, AMPS)[0] == 200


def test_what_one_client_asks_with_a_key_is_neither_kept_nor_given_from_the_cache(address):
    hit(address, AMPS)
    for name in ("X-Api-Key", "Authorization"):
        status, _, headers = ask(address, AMPS, **{name: "Bearer no-such-key"})
        assert headers["Cache-Status"] == "nginx; fwd=bypass"
        assert status == (401 if name == "X-Api-Key" else status)
    assert hit(address, AMPS)[0] == 200


def test_what_a_browser_with_a_cookie_asks_is_neither_kept_nor_given_from_the_cache(address):
    hit(address, AMPS)
    assert ask(address, AMPS, Cookie="amps-session=x")[2]["Cache-Status"] == "nginx; fwd=bypass"


@pytest.mark.parametrize(
    "path",
    [
        "/infobutton?mainSearchCriteria.v.c=M79.7&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90",  # private
        "/api/v1/conditions/?topic=x",  # an error, which is no-store
        "/account/login/",
    ],
)
def test_what_is_not_public_is_never_kept(address, path):
    told = {ask(address, path)[2]["Cache-Status"] for _ in range(4)}
    assert told <= {"nginx; fwd=miss", None}


def test_another_host_name_does_not_reach_the_answers_of_this_one(address):
    assert ask(address, AMPS, Host="elsewhere.example")[0] == 400
    assert ask(address, AMPS)[0] == 200
    assert ask(address, AMPS, Host="elsewhere.example")[0] == 400


def test_neither_the_count_nor_the_request_id_of_another_client_is_handed_on(address):
    first, second = (hit(address, AMPS)[2] for _ in range(2))
    assert first["RateLimit"] is None
    assert first["X-Request-ID"] != second["X-Request-ID"]
    assert len(first.get_all("X-Request-ID")) == 1


def test_programs_over_plain_http_are_refused_and_people_sent_to_https(deployed):
    assert ask(deployed.proxy.plain, AMPS)[0] == 403
    status, _, headers = ask(deployed.proxy.plain, "/account/login/")
    assert status == 301
    assert headers["Location"].startswith("https://")


def test_probes_and_forwarded_addresses_are_not_for_strangers(address):
    assert [ask(address, path)[0] for path in ("/livez", "/readyz", "/metrics")] == [404, 404, 404]


def test_a_release_is_seen_everywhere_within_a_second_and_never_mixed(deployed, address):
    deployed.publisher.publish("word-0")
    wait_until(lambda: words_of(ask(address, LIST)[1]) == {"word-0"})
    late = []
    with reading(address, threads=4) as seen:
        for number in range(1, 6):
            deployed.publisher.publish(f"word-{number}")
            begun = time.monotonic()
            wanted = {f"word-{number}"}
            for machine in deployed.machines:
                there, https = f"http://127.0.0.1:{machine.port}", {"X-Forwarded-Proto": "https"}
                wait_until(lambda: words_of(ask(there, LIST, **https, **never_asked())[1]) == wanted)  # noqa: B023
            wait_until(lambda: words_of(ask(address, LIST)[1]) == wanted)  # noqa: B023
            late.append(time.monotonic() - begun)

    print(f"\nA release was seen everywhere after {max(late):.2f} s at most; {seen.answers} answers meanwhile.")  # noqa: T201
    assert (seen.faults, seen.mixed) == ([], [])
    assert len(seen.words) >= 5


def test_one_server_after_another_is_restarted_and_no_reader_notices(deployed, address):
    with reading(address, threads=4) as seen:
        for machine in deployed.machines:
            machine.stop()
            machine.start()
            time.sleep(5)  # as docs/operations.md says

    print(f"\n{seen.answers} answers during a rolling restart, no error.")  # noqa: T201
    assert (seen.faults, seen.mixed) == ([], [])
    assert seen.answers > 100


def test_readers_go_on_while_the_standby_takes_over_and_editors_after_it(deployed, address, accounts):
    deployed.publisher.publish("before")
    wait_until(lambda: words_of(ask(address, LIST)[1]) == {"before"})
    with reading(address, threads=4) as seen:
        deployed.primary.stop()
        time.sleep(3)
        assert ask(address, LIST, **never_asked())[0] == 200
        deployed.standby.promote()
        deployed.publisher.publish("after")
        wait_until(lambda: words_of(ask(address, LIST)[1]) == {"after"})
        author = story.Person(address, "author", accounts["author"])
        assert b"logout-form" in author.open("/admin/").content

    assert (seen.faults, seen.mixed) == ([], [])


def test_while_no_server_answers_what_was_answered_before_is_still_given(deployed, address):
    kept = hit(address, AMPS)[1]
    for machine in deployed.machines:
        machine.stop()
    time.sleep(1.1)
    status, body, headers = ask(address, AMPS)
    assert (status, body == kept) == (200, True)
    assert headers["Cache-Status"] == "nginx; hit; detail=stale"
    assert ask(address, f"/api/v1/search/?q={quote('never asked')}")[0] == 502
    for machine in deployed.machines:
        machine.start()
    wait_until(lambda: ask(address, f"/api/v1/search/?q={quote('never asked')}")[0] == 200)
