"""A receiver of webhooks on this machine: HTTPS under a certificate of a throw-away authority, for as long as a test.

In: what it is to answer. Out: what arrived, byte for byte. And fixtures for pytest, which `conftest` hands on.
"""

import contextlib
import datetime
import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from content_app.webhooks import sending

NAME = "receiver.example"  # the certificate is for this name and for 127.0.0.1


@dataclass(frozen=True)
class Arrived:
    """One request, as it came."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Where it listens, what has arrived, and what it answers: (status, headers, body), given what arrived."""

    port: int = 0
    scheme: str = "https"
    arrived: list[Arrived] = field(default_factory=list)
    connections: int = 0
    answer: Callable[[Arrived], tuple[int, dict[str, str], bytes]] = lambda arrived: (204, {}, b"")

    def url(self, host: str = "127.0.0.1", path: str = "/hooks") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def wait_for(self, number: int, patience: float = 120) -> list[Arrived]:
        """What has arrived, as soon as it is so much."""
        end = time.monotonic() + patience
        while len(self.arrived) < number and time.monotonic() < end:
            time.sleep(0.02)
        assert len(self.arrived) >= number, f"{len(self.arrived)} of {number} arrived"
        return self.arrived

    def will_answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.answer = lambda arrived: (status, headers or {}, body)


@contextlib.contextmanager
def receiving(certificate: Path | None) -> Iterator[Receiver]:
    """A receiver that listens; without a certificate, over plain HTTP."""
    receiver = Receiver(scheme="https" if certificate else "http")

    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            arrived = Arrived({name.lower(): value for name, value in self.headers.items()}, body, self.path)
            receiver.arrived.append(arrived)
            status, headers, answer = receiver.answer(arrived)
            with contextlib.suppress(OSError):  # the sender may have gone
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(answer))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def get_request(self):
            receiver.connections += 1
            return super().get_request()

        def finish_request(self, request, client_address):
            """In the request's own thread, so that a client that never shakes hands holds up nobody else."""
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                try:
                    request = context.wrap_socket(request, server_side=True)
                except OSError:
                    return
            super().finish_request(request, client_address)
            with contextlib.suppress(OSError):
                request.close()

    server = Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def make_authority(folder: Path) -> tuple[Path, Path]:
    """A throw-away authority and a certificate of it for `NAME` and 127.0.0.1: (the authority's, key and own)."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("A test authority", NAME)
    )
    authority = _certificate(issuer, authority_key, issuer, authority_key, is_authority=True)
    certificate = _certificate(subject, key, issuer, authority_key, is_authority=False)
    trusted, own = folder / "authority.pem", folder / "receiver.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *plain) + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return trusted, own


def _certificate(subject, key, issuer, issuer_key, *, is_authority: bool) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_authority:
        names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def held_up(receiver, status: int = 204) -> tuple[threading.Event, threading.Event]:
    """Make the receiver wait: (set when something has arrived, to be set when it may answer)."""
    arrived, may_answer = threading.Event(), threading.Event()

    def answer(_):
        arrived.set()
        may_answer.wait(30)
        return status, {}, b""

    receiver.answer = answer
    return arrived, may_answer


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """(What to trust, key and certificate of the receiver)."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def receiver(authority):
    with receiving(authority[1]) as found:
        yield found


@pytest.fixture
def trusting(authority, monkeypatch):
    """The throw-away authority is trusted, as SSL_CERT_FILE says."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[0]))
    sending.trusted.cache_clear()
    yield
    sending.trusted.cache_clear()


@pytest.fixture
def anywhere(settings):
    settings.WEBHOOKS_ALLOW_INSECURE = True
