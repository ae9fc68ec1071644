"""A server as clients meet it, while something is wrong with the machine.

In: its address, and where its log goes. Out: statuses of answers, none of which may take long.
"""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from itertools import count
from pathlib import Path

PATIENCE = 10.0  # seconds for any answer, on a busy machine too


class Outside:
    """Asks a server of ours."""

    def __init__(self, address: str, log: Path):
        self.address, self.log = address, log
        self.strangers = count()  # one name can be tried a few times only

    def ask(self, path: str) -> tuple[int, Message, bytes]:
        """Status, headers and body."""
        begun = time.monotonic()
        try:
            response = urllib.request.urlopen(self.address + path, timeout=30)  # noqa: S310 - our own server
        except urllib.error.HTTPError as refused:
            response = refused
        with response:
            body = response.read()
        assert time.monotonic() - begun < PATIENCE, path
        return response.status, response.headers, body

    def status(self, path: str) -> int:
        return self.ask(path)[0]

    def until(self, path: str, status: int) -> None:
        """Wait for an address to answer with this status."""
        end = time.monotonic() + 30
        while self.status(path) != status:
            assert time.monotonic() < end, f"{path} never answers {status}"
            time.sleep(0.5)

    def sign_in(self) -> int:
        """The status of an attempt to sign in, which writes an entry of the audit."""
        client = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        page = client.open(f"{self.address}/account/login/").read().decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
        sent = {"csrfmiddlewaretoken": token, "login": f"nobody-{next(self.strangers)}", "password": "not-the-password"}
        try:
            return client.open(f"{self.address}/account/login/", urllib.parse.urlencode(sent).encode()).status
        except urllib.error.HTTPError as refused:
            return refused.code

    def said_in(self, seconds: float) -> list[str]:
        """The lines that the server and its worker write to the log in this time."""
        before = len(self.log.read_text())
        time.sleep(seconds)
        return self.log.read_text()[before:].splitlines()
