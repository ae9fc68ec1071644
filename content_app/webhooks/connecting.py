"""Connections that reach the public internet only, decided at the moment of connecting.

In: the address of an endpoint. Out: a connection to an address that was checked, or `Refused`. The name is resolved
once, in the time that there is to connect, and the connection goes to what was resolved: a name that answers
differently the next time (DNS rebinding) gains nothing. TLS is checked against the name. WEBHOOKS_ALLOW_INSECURE takes
all of this away, for tests and trials.
"""

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from urllib.parse import urlsplit

import httpcore2
from django.conf import settings

PORTS = (443, 8443)
LONGEST_URL = 500
# Ranges that `ipaddress` calls global, or called so in some version, and that lead to somewhere else in the end.
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT (RFC 6598)
        "169.254.0.0/16",  # this link, and the metadata of cloud machines
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "240.0.0.0/4",
        "::/96",  # IPv4 in IPv6, in every form
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo and other assignments of protocols
        "2002::/16",  # 6to4
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
    )
]
HOST = re.compile(r"[0-9a-z_-]+(\.[0-9a-z_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")  # a name, or an IP address
Resolver = Callable[[str, int], list[str]]


class Refused(Exception):
    """The address may not be used. The message says why, and what would be right."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # with a zone, such as fe80::1%eth0, or no address
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in network for network in NOT_PUBLIC if network.version == ip.version)


def check_url(url: str) -> None:
    """Refuse what no endpoint's address may look like. What its name leads to is checked on connecting."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Refused("This is not a valid address. Write it as https://host.example/path.")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url or len(url) > LONGEST_URL:
        raise Refused(
            f"Use at most {LONGEST_URL} ASCII characters. Write other letters as xn--… in the host and as %… in the "
            "path."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_ALLOW_INSECURE):
        raise Refused("The address must begin with https://.")
    if not host or not HOST.fullmatch(host):
        raise Refused("The address must contain a host, as in https://host.example/path.")
    if parts.username is not None or parts.password is not None:
        raise Refused("Leave out the user name and password. Deliveries are signed, so the receiver can verify them.")
    if parts.fragment or url.endswith("#"):
        raise Refused("Leave out “#” and everything after it: it is never sent.")
    _check_place(host, port)


def _check_place(host: str, port: int | None) -> None:
    if settings.WEBHOOKS_ALLOW_INSECURE:
        return
    if port not in (None, *PORTS):
        raise Refused("Use port 443 or 8443.")
    literal = host.replace(".", "").isdecimal() or ":" in host
    if host.rstrip(".").lower().endswith("localhost") or (literal and not is_public(host)):
        raise Refused(f"{host} is not on the public internet.")


def resolve(host: str, port: int) -> list[str]:
    """Every IP address of a host, as the system's resolver gives them. Raises OSError."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def _within(timeout: float | None, resolve: Resolver, host: str, port: int) -> list[str]:
    """What it resolves to, or what it raises; ConnectTimeout if that takes too long.

    The system's resolver cannot be interrupted. So it works in a thread that is left to itself when the time is over,
    and that no process waits for when it ends.
    """
    found: Future[list[str]] = Future()

    def look_up() -> None:
        try:
            found.set_result(resolve(host, port))
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=look_up, name="webhooks-name", daemon=True).start()
    try:
        return found.result(timeout)
    except TimeoutError:
        raise httpcore2.ConnectTimeout(f"The host name {host} was not found in time.")


class CheckedBackend(httpcore2.NetworkBackend):
    """Opens connections for httpcore: resolves once, checks, and connects to nothing but what was checked."""

    def __init__(self, resolve: Resolver = resolve, inner: httpcore2.NetworkBackend | None = None):
        self.resolve = resolve
        self.inner = inner or httpcore2.SyncBackend()

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        """A connection to the first permitted address that answers. Raises Refused if none is permitted."""
        end = time.monotonic() + (timeout or 0)
        permitted = self._permitted(host, port, timeout)
        failure: Exception = Refused(f"{host} has no address.")
        for left, address in zip(range(len(permitted), 0, -1), permitted, strict=True):
            patience = max((end - time.monotonic()) / left, 0.01)  # a fair share of what is left for each
            try:
                return self.inner.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    def _permitted(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            found = _within(timeout, self.resolve, host, port)
        except (OSError, UnicodeError):
            raise httpcore2.ConnectError(f"The host name {host} was not found.")
        permitted = [address for address in found if settings.WEBHOOKS_ALLOW_INSECURE or is_public(address)]
        if found and not permitted:
            raise Refused(f"{host} resolves to {found[0]}, which is not on the public internet.")
        return permitted[:3]  # within one attempt, no more than these are waited for

    def connect_unix_socket(self, path, timeout=None, socket_options=None):
        raise Refused("Webhooks cannot be sent to sockets of this machine.")
