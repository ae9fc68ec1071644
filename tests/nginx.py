"""A throw-away nginx with the configuration of `deploy/`: other addresses and folders, and a certificate of its own.

In: a folder, and the ports of the servers behind it. Out: the addresses at which it listens.
"""

import datetime
import getpass
import ipaddress
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.live import ROOT, free_port

PROGRAM = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
NOT_INSTALLED = "There is no nginx on this machine (Debian, Ubuntu: apt install nginx)."
AROUND = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens, and the certificate by which clients know it."""

    secure: str
    plain: str
    certificate: Path


def configured(folder: Path, ports: list[int]) -> tuple[Path, Proxy]:
    """The configuration of `deploy/` in a file that nginx can be started with here."""
    make_certificate(folder)
    secure, plain = free_port(), free_port()
    snippet = folder / "amps-proxy.conf"
    shutil.copy(ROOT / "deploy" / "nginx-proxy.conf", snippet)
    servers = "\n".join(f"    server 127.0.0.1:{port} max_fails=0;" for port in ports)
    changed = {
        "    server 10.0.0.11:8000 max_fails=0;\n    server 10.0.0.12:8000 max_fails=0;": servers,
        "/var/cache/nginx/amps": f"{folder}/cache",
        "/etc/ssl/amps": str(folder),
        "/etc/nginx/snippets/amps-proxy.conf": str(snippet),
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{secure} ssl http2;",
        "server_name amps.example;": "server_name _;",
    }
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    for there, here in changed.items():
        assert there in site, there
        site = site.replace(there, here)
    file = folder / "nginx.conf"
    file.write_text(AROUND.format(folder=folder, site=site, user=getpass.getuser()))
    where = "https://127.0.0.1:{}", "http://127.0.0.1:{}"
    return file, Proxy(where[0].format(secure), where[1].format(plain), folder / "fullchain.pem")


def check(file: Path) -> subprocess.CompletedProcess:
    """What nginx says of a configuration."""
    return subprocess.run([PROGRAM, "-t", "-c", file, "-p", file.parent], capture_output=True, text=True, check=False)


@contextmanager
def before(folder: Path, ports: list[int]) -> Iterator[Proxy]:
    """nginx, until the end of the block."""
    file, proxy = configured(folder, ports)
    with subprocess.Popen([PROGRAM, "-c", file, "-p", folder], stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(int(proxy.secure.rpartition(":")[2]))
            yield proxy
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("nginx did not listen.")


def make_certificate(folder: Path) -> None:
    """A certificate for this machine, which clients of a test are told to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    plain = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(plain)
