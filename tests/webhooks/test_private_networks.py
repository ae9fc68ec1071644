"""Webhooks in a network where private addresses really answer: none of them ever gets a connection.

The network is a namespace of its own, in which this machine has an address of every kind and a resolver of its own.
"""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

PUBLIC = "93.184.215.14"
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1",
    "::1", "fd12:3456::1", "fe80::1", "fec0::1", "2002:7f00:1::", "64:ff9b::a9fe:a9fe",
]  # fmt: skip
# In: addresses as JSON. Out: by name, how many connections came to its address, and what the delivery says of it.
PROGRAM = """
import json, socket, subprocess, sys, threading, time
import django; django.setup()
from django.utils import timezone
from content_app.webhooks.sending import send

addresses = json.loads(sys.argv[1])
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
for address in addresses:
    subprocess.run(["ip", "addr", "add", address, "dev", "lo"], capture_output=True)
names = {f"name-{place}.example": address for place, address in enumerate(addresses)}
with open("hosts", "w") as hosts:
    hosts.writelines(f"{address} {name}\\n" for name, address in names.items())
subprocess.run(["mount", "--bind", "hosts", "/etc/hosts"], check=True)

came = []
def listen(family):
    listener = socket.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("", 443))
    listener.listen()
    def accept():
        while True:
            client, _ = listener.accept()
            came.append(client.getsockname()[0])
            client.close()
    threading.Thread(target=accept, daemon=True).start()
for family in (socket.AF_INET, socket.AF_INET6):
    listen(family)

def literal(address):
    return f"[{address}]" if ":" in address else address

said = {}
for name, address in names.items():
    for host in (name, literal(address)):
        outcome = send(f"https://{host}/", b"{}", {}, now=timezone.now())
        said[f"{host} ({address})"] = outcome.error
print(json.dumps({"came": came, "said": said}))
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("network")
    done = subprocess.run(
        ["unshare", "--net", "--mount", sys.executable, "-c", PROGRAM, json.dumps([*PRIVATE, PUBLIC])],
        cwd=folder, capture_output=True, text=True, check=False, timeout=240,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "amps_api.settings", "PYTHONPATH": str(settings.BASE_DIR),
            "VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/amps.sqlite3"},
    )  # fmt: skip
    if "unshare" in done.stderr and "failed" in done.stderr:
        pytest.skip("a network of its own needs root")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_private_address_never_gets_a_connection(network):
    assert {address for address in network["came"] if address != PUBLIC} == set()
    refused = {host: error for host, error in network["said"].items() if PUBLIC not in host}
    assert len(refused) == 2 * len(PRIVATE)
    assert [host for host, error in refused.items() if not error] == []


def test_a_public_address_gets_one_so_the_network_would_have_shown_the_others(network):
    assert network["came"].count(PUBLIC) == 2
