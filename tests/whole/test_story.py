"""The whole story from outside: three people in their browsers, a reader over HTTP, a real server in between."""

import http.cookiejar
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from types import SimpleNamespace

from tests import prepared
from tests.admin_forms import fields_of
from tests.live import ROOT, serving

ADDRESS = "/api/v1/examples/puffy-cold-hand/"
NEW_WORDS = "The hand is swollen and feels very cold, although the day is warm."


def read_anew(server, address: str, before: bytes) -> tuple[int, bytes]:
    """What is there after a release: at once in the process that published, within a second in every other."""
    end = time.monotonic() + 120
    answers = [(0, before)]
    while any(body == before for _, body in answers) and time.monotonic() < end:
        time.sleep(0.2)
        answers = [read(server, address) for _ in range(12)]  # enough to come to each of the two processes
    return answers[0]


class Person:
    """Somebody with a browser: keeps cookies, sends back forms as the page gave them, with what they typed."""

    def __init__(self, server: str, name: str, password: str):
        self.server = server
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.send("/admin/login/?next=/admin/", "login-form", login=name, password=password)

    def open(self, path: str, data: bytes | None = None) -> SimpleNamespace:
        headers = {"Referer": self.server + path, "Accept": "text/html"}
        request = urllib.request.Request(self.server + path, data, headers)  # noqa: S310 - our own server
        with self.opener.open(request, timeout=60) as response:
            return SimpleNamespace(content=response.read(), path=urllib.parse.urlsplit(response.url).path)

    def send(self, path: str, form: str, **typed: str) -> SimpleNamespace:
        """Open a page, fill in one of its forms, send it. Forms without an id go by the end of their address."""
        page = self.open(path)
        actions = re.findall(r'<form[^>]*action="([^"]+)"', page.content.decode())
        name = next((action for action in actions if action.endswith(form)), form)
        return self.answer(page, name, **typed)

    def answer(self, page: SimpleNamespace, form: str, **typed: str) -> SimpleNamespace:
        """Send back one form of a page: to its own address, or else to the page's."""
        fields = fields_of(page, form) | {field: [value] for field, value in typed.items()}
        target = form if form.startswith("/") else page.path
        return self.open(target, urllib.parse.urlencode(fields, doseq=True).encode())


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    return done.stdout


def read(server: str, path: str) -> tuple[int, bytes]:
    """What a health app gets."""
    try:
        with urllib.request.urlopen(server + path, timeout=60) as response:  # noqa: S310 - our own server
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def change_page(person: Person) -> str:
    """Where the item of the story is edited."""
    listing = person.open("/admin/content_app/example/?q=puffy-cold-hand").content.decode()
    return re.search(r"/admin/content_app/example/\d+/change/", listing)[0]


def test_a_sentence_is_corrected_reviewed_released_read_again_and_withdrawn(tmp_path):
    environment = prepared.environment_of_a_server(tmp_path)
    accounts = dict(re.findall(r"Account created: (\w+)\s+password (\S+)", prepared.accounts()))

    with serving(environment) as server:
        tell(server, accounts)
    assert "All are as they were published" in manage(environment, "verify_releases")


def tell(server: str, accounts: dict[str, str]) -> None:
    """The story, at this address."""
    author, reviewer, publisher = (Person(server, n, accounts[n]) for n in ("author", "reviewer", "publisher"))
    status, first = read(server, ADDRESS)
    assert (status, json.loads(first)["meta"]["version"]) == (200, 1)

    # A draft, and what becomes of it on the way, changes nothing for readers.
    page = change_page(author)
    author.send(page, "example_form", summary_plain=NEW_WORDS)
    assert read(server, ADDRESS) == (200, first)
    sent = {"send-change_note": "Plainer words.", "send-significance": "editorial"}
    author.send(page, "example_form", _submit="", **sent)
    assert read(server, ADDRESS) == (200, first)
    reviewer.send(page, "/approve/", reviewer_role="Clinical reviewer")
    assert read(server, ADDRESS) == (200, first)

    # Publishing makes release 2; release 1 stays, byte for byte.
    confirmation = publisher.send(page, "/publish/")
    publisher.answer(confirmation, confirmation.path, confirmed="yes")
    status, second = read_anew(server, ADDRESS, first)
    document = json.loads(second)
    assert document["summary"]["plain"] == NEW_WORDS
    assert (document["meta"]["version"], document["meta"]["release"]) == (2, 2)
    assert document["review"]["reviewer_role"] == "Clinical reviewer"
    assert read(server, f"{ADDRESS}?release=1") == (200, first)

    # A draft after that changes neither release.
    author.send(page, "example_form", summary_plain="Something else again.")
    assert read(server, ADDRESS) == (200, second)

    # Withdrawn: gone with a reason, and still there in the releases before.
    author.send(page, "/request_withdrawal/", reason="withdrawn", note="It worried young readers.")
    assert read(server, ADDRESS) == (200, second)
    publisher.send(page, "/withdraw/")
    status, tombstone = read_anew(server, ADDRESS, second)
    assert (status, json.loads(tombstone)["note"]) == (410, "It worried young readers.")
    assert read(server, f"{ADDRESS}?release=1") == (200, first)
    assert read(server, f"{ADDRESS}?release=2") == (200, second)
