"""From which address a request comes, as far as that can be known.

In: the WSGI environment of a request, and how many proxies stand in front (`TRUSTED_PROXIES`). Out: an address to
count by.
Each proxy appends the address that it was asked from to `X-Forwarded-For`. What stands left of the entries that our own
proxies wrote can be made up by anybody, and is not looked at.
"""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings


def address_of(request: Mapping[str, Any]) -> str:
    """The client's address: IPv4 as it is, IPv6 by its network of 64 bits, for that is what one client has."""
    peer = request.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        entries = request.get("HTTP_X_FORWARDED_FOR", "").split(",")
        named = entries[-min(settings.TRUSTED_PROXIES, len(entries))].strip()
        return _network(named) or _network(peer) or peer
    return _network(peer) or peer


@lru_cache(maxsize=4096)
def _network(text: str) -> str:
    """What to count an address by; empty for what is no address. A port may stand behind it."""
    bare = text.rpartition("]")[0].removeprefix("[") or (text.partition(":")[0] if text.count(":") == 1 else text)
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return ""
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
