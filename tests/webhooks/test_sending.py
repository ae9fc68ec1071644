"""One attempt over a real connection: what is sent, what counts, what is bounded, and where no request may ever go."""

import datetime
import socket
import ssl
import threading
import time

import httpcore2
import pytest

from content_app.webhooks import sending
from content_app.webhooks.connecting import CheckedBackend, Refused, check_url, is_public, resolve
from content_app.webhooks.sending import LONGEST_EXCERPT, send
from tests.webhook_receiver import NAME, receiving

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
PUBLIC = "93.184.215.14"


class Wire(httpcore2.SyncBackend):
    """The network, but for one public address, which is the receiver on this machine. Keeps where it was asked to."""

    def __init__(self, port: int):
        self.port, self.asked = port, []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.asked.append(host)
        return super().connect_tcp("127.0.0.1" if host == PUBLIC else host, self.port, timeout, None, socket_options)


def posted(url, *, body=b"{}", headers=None, **options):
    return send(url, body, headers or {}, now=NOW, **options)


# What is sent, and what counts


def test_the_bytes_arrive_as_they_are_with_their_headers(receiver, trusting, anywhere):
    body = '{"type":"é"}'.encode()
    outcome = posted(receiver.url(), body=body, headers={"webhook-id": "msg_1"})
    assert (outcome.status, outcome.is_success, outcome.error) == (204, True, "")
    arrived = receiver.arrived[0]
    assert (arrived.body, arrived.message_id, arrived.path) == (body, "msg_1", "/hooks")
    assert arrived.headers["content-type"] == "application/json"
    assert arrived.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert arrived.headers["content-length"] == str(len(body))


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_every_2xx_is_a_success(receiver, trusting, anywhere, status):
    receiver.will_answer(status)
    assert posted(receiver.url()).is_success


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 400, 404, 410, 500, 503])
def test_nothing_else_is(receiver, trusting, anywhere, status):
    receiver.will_answer(status, {"Location": receiver.url(path="/elsewhere")})
    outcome = posted(receiver.url())
    assert (outcome.status, outcome.is_success) == (status, False)
    assert outcome.error.startswith(f"The endpoint returned {status}")
    assert [arrived.path for arrived in receiver.arrived] == ["/hooks"]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), ("0", 0), ("Mon, 23 Nov 2026 12:05:00 GMT", 300), ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("soon", None), ("-5", None), ("9" * 40, None), ("١٢", None), ("", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(receiver, trusting, anywhere, header, seconds):
    receiver.will_answer(503, {"Retry-After": header.encode().decode("latin-1")})
    asked = posted(receiver.url()).asked_delay
    assert asked == (None if seconds is None else datetime.timedelta(seconds=seconds))


def test_of_an_endless_answer_only_the_beginning_is_read(receiver, trusting, anywhere):
    receiver.will_answer(500, {"Content-Length": str(10**9)}, b"<b>\0" + b"x" * 5_000_000)
    outcome = posted(receiver.url())
    assert len(outcome.excerpt) == LONGEST_EXCERPT
    assert outcome.excerpt.startswith("<b>\N{REPLACEMENT CHARACTER}xxx")
    assert outcome.duration_ms < 5_000


def test_no_proxy_of_the_environment_is_used(receiver, trusting, anywhere, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert posted(receiver.url()).is_success


# TLS


def test_a_certificate_that_nobody_trusts_is_refused(receiver, anywhere):
    outcome = posted(receiver.url())
    assert outcome.status is None
    assert "was not accepted" in outcome.error
    assert receiver.arrived == []


def test_a_certificate_for_another_name_is_refused(receiver, trusting):
    backend = CheckedBackend(lambda host, port: [PUBLIC], Wire(receiver.port))
    outcome = posted("https://other.example/", backend=backend)
    assert "was not accepted" in outcome.error
    assert receiver.arrived == []


def test_the_certificate_is_checked_against_the_name_though_the_connection_goes_to_an_address(receiver, trusting):
    wire = Wire(receiver.port)
    outcome = posted(f"https://{NAME}/", backend=CheckedBackend(lambda host, port: [PUBLIC], wire))
    assert (outcome.status, wire.asked) == (204, [PUBLIC])
    assert receiver.arrived[0].headers["host"] == NAME


def test_tls_is_1_2_at_least():
    assert sending.trusted().minimum_version == ssl.TLSVersion.TLSv1_2
    assert sending.trusted().check_hostname


# Time


def dripping(listener: socket.socket, data: bytes):
    """Accept one connection and send it one byte at a time, for ever."""
    try:
        connection, _ = listener.accept()
        with connection:
            while True:
                for number in data:
                    connection.sendall(bytes([number]))
                    time.sleep(0.02)
    except OSError:
        return


@pytest.mark.parametrize(
    ("scheme", "data"),
    [("https", b"\x16\x03\x03\x40\x00"), ("http", b"HTTP/1.1 200 OK\r\n"), ("http", b"HTTP/1.1 200 OK\r\nX: ")],
    ids=["handshake", "status line", "header"],
)
def test_a_receiver_that_drips_is_cut_off_in_time(scheme, data, anywhere):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=dripping, args=(listener, data))
        thread.start()
        started = time.monotonic()
        outcome = posted(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/", patience=0.6)
        assert time.monotonic() - started < 30  # it would drip for ever
    thread.join(10)
    assert (outcome.status, outcome.is_success) == (None, False)


def test_a_receiver_that_says_nothing_is_said_not_to_have_answered(anywhere):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        outcome = posted(f"https://127.0.0.1:{listener.getsockname()[1]}/", patience=0.3)
    assert outcome.error == "The endpoint did not respond within 0.3 seconds."


def test_a_port_where_nobody_listens_and_an_unknown_name_are_told_apart(anywhere):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "Could not connect" in posted(f"https://127.0.0.1:{port}/").error
    assert "was not found" in posted("https://no-such-name.invalid/").error


def test_a_name_whose_servers_are_silent_holds_nobody_up_for_longer_than_the_attempt_may_last(anywhere):
    resolved = threading.Event()
    backend = CheckedBackend(lambda host, port: [PUBLIC] if resolved.wait(10) else [])
    outcome = posted(f"https://{NAME}/", backend=backend, patience=0.3)
    resolved.set()
    assert outcome.error == "The endpoint did not respond within 0.3 seconds."
    assert outcome.duration_ms < 3_000


def test_something_that_does_not_speak_http_is_said_so(anywhere):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=dripping, args=(listener, b"SSH-2.0-x\r\n\r\n"))
        thread.start()
        outcome = posted(f"http://127.0.0.1:{listener.getsockname()[1]}/", patience=3)
    thread.join(10)
    assert "did not respond in HTTP" in outcome.error


# Where no request goes


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104
        "169.254.169.254", "169.254.1.1", "100.64.0.1", "100.127.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:93.184.215.14", "::ffff:0:7f00:1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "2002:a9fe:a9fe::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%lo", "fec0::1", "ff02::1", "5f00::1",
        "not an address", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_connected_to(address):
    wire = Wire(1)
    assert not is_public(address)
    with pytest.raises(Refused, match="not on the public internet"):
        CheckedBackend(lambda host, port: [address], wire).connect_tcp("some.example", 443, 1.0)
    assert wire.asked == []


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"])
def test_a_public_address_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("spelling", ["0x7f.1", "0177.0.0.1", "127.1", "2130706433", "localhost"])
def test_other_spellings_of_this_machine_are_found_out_when_connecting(spelling, receiver):
    try:
        found = resolve(spelling, 443)
    except OSError:
        pytest.skip("the resolver of this machine does not know this spelling")
    assert not any(is_public(address) for address in found)
    assert "not on the public internet" in posted(f"https://{spelling}/", backend=CheckedBackend()).error
    assert receiver.connections == 0


class Rebinding:
    """A resolver whose answers change from one call to the next, as of a name with a time to live of nought."""

    def __init__(self, *answers: list[str]):
        self.answers, self.calls = list(answers), 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.calls += 1
        return self.answers[min(self.calls, len(self.answers)) - 1]


def test_a_name_that_turns_to_a_private_address_after_the_check_gains_nothing(receiver, trusting):
    resolver, wire = Rebinding([PUBLIC], ["127.0.0.1"]), Wire(receiver.port)
    outcome = posted(f"https://{NAME}/", backend=CheckedBackend(resolver, wire))
    assert (outcome.status, resolver.calls, wire.asked) == (204, 1, [PUBLIC])


def test_a_name_that_was_public_for_one_attempt_and_is_private_for_the_next_is_refused(receiver, trusting):
    backend = CheckedBackend(Rebinding([PUBLIC], ["127.0.0.1"]), Wire(receiver.port))
    assert posted(f"https://{NAME}/", backend=backend).is_success
    refused = posted(f"https://{NAME}/", backend=backend)
    assert refused.error == f"{NAME} resolves to 127.0.0.1, which is not on the public internet."
    assert receiver.connections == 1


def test_the_system_resolver_is_asked_once_for_a_name_and_rebinding_it_gains_nothing(receiver, trusting, monkeypatch):
    """Also no library below asks again: the one behind `socket` counts every call."""
    asked, system = [], socket.getaddrinfo

    def rebinding(host, port, *args, **kwargs):
        if host != NAME:
            return system(host, port, *args, **kwargs)
        asked.append(host)
        answer = PUBLIC if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    wire = Wire(receiver.port)
    assert posted(f"https://{NAME}/", backend=CheckedBackend(inner=wire)).is_success
    assert (asked, wire.asked) == ([NAME], [PUBLIC])
    assert "resolves to 127.0.0.1" in posted(f"https://{NAME}/", backend=CheckedBackend(inner=wire)).error
    assert receiver.connections == 1


def test_of_several_addresses_only_public_ones_are_used(receiver, trusting):
    wire = Wire(receiver.port)
    mixed = CheckedBackend(lambda host, port: ["10.0.0.1", "64:ff9b::5db8:d70e", PUBLIC, "127.0.0.1"], wire)
    assert posted(f"https://{NAME}/", backend=mixed).is_success
    assert wire.asked == [PUBLIC]


def test_a_redirect_to_the_metadata_of_the_machine_is_not_followed(receiver, trusting):
    receiver.will_answer(302, {"Location": "http://169.254.169.254/latest/meta-data/"})
    wire = Wire(receiver.port)
    outcome = posted(f"https://{NAME}/", backend=CheckedBackend(lambda host, port: [PUBLIC], wire))
    assert "Redirects are not followed" in outcome.error
    assert wire.asked == [PUBLIC]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://example.com/", "begin with https"),
        ("ftp://example.com/", "begin with https"),
        ("file:///etc/passwd", "begin with https"),
        ("javascript:alert(1)", "begin with https"),
        ("example.com/hooks", "begin with https"),
        ("", "begin with https"),
        ("https://", "contain a host"),
        ("https://.example.com/", "contain a host"),
        ("https://a..b/", "contain a host"),
        ("https://a,b/", "contain a host"),
        ("https:///path", "contain a host"),
        ("https://user@example.com/", "user name and password"),
        ("https://user:password@example.com/", "user name and password"),
        ("https://@example.com/", "user name and password"),
        ("https://example.com/#part", "everything after it"),
        ("https://example.com/#", "everything after it"),
        ("https://example.com:22/", "port 443 or 8443"),
        ("https://example.com:0/", "port 443 or 8443"),
        ("https://example.com:99999/", "not a valid address"),
        ("https://[::1/", "not a valid address"),
        ("https://[::1]/", "not on the public internet"),
        ("https://[::ffff:127.0.0.1]/", "not on the public internet"),
        ("https://[fe80::1%25lo]/", "contain a host"),
        ("https://127.0.0.1/", "not on the public internet"),
        ("https://169.254.169.254/latest/", "not on the public internet"),
        ("https://2130706433/", "not on the public internet"),
        ("https://LOCALHOST/", "not on the public internet"),
        ("https://me.localhost./", "not on the public internet"),
        ("https://ex ample.com/", "ASCII"),
        ("https://example.com/\n", "ASCII"),
        ("https://example.com/\0", "ASCII"),
        ("https://exämple.com/", "ASCII"),
        ("https://example.com\\@127.0.0.1/", "ASCII"),
        ("https://example.com/\ud800", "ASCII"),
        ("https://example.com/" + "x" * 500, "ASCII"),
    ],
)
def test_an_address_that_cannot_be_an_endpoint_is_refused_with_what_would_be_right(url, told):
    with pytest.raises(Refused, match=told):
        check_url(url)
    assert told in posted(url, backend=CheckedBackend(inner=Wire(1))).error


@pytest.mark.parametrize(
    "url", ["https://example.com", "https://example.com:8443/a?b=c", "https://93.184.215.14/", "https://xn--a.example/"]
)
def test_an_ordinary_address_is_taken(url):
    check_url(url)


def test_the_setting_for_trials_takes_plain_http_and_private_addresses(anywhere):
    check_url("http://127.0.0.1:9999/")
    with receiving(None) as receiver:
        assert posted(receiver.url()).is_success
    with pytest.raises(Refused):
        check_url("ftp://127.0.0.1/")
