"""Canonical addresses of the operator's own, by a setting; the UUIDs are understood all the same."""

import json
import os
import subprocess
import sys

import pytest

from tests.fhir_client import SYSTEM
from tests.live import serving

BASE = "https://amps.example/fhir"
ASK = f"""
import json
from content_app.delivery.fhir.terminology.canonical_urls import canonical
from content_app.vocabulary.code_systems import system_named
named = [system_named(name).key for name in ("{SYSTEM}", "{BASE}/CodeSystem/amps", "amps")]
print(json.dumps([canonical("CodeSystem", "amps"), canonical("ValueSet", "conditions"), named]))
"""


def test_resources_have_the_addresses_of_the_setting():
    ran = subprocess.run(
        [sys.executable, "-c", ASK], env={**os.environ, "CANONICAL_BASE": f"{BASE}/"},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(ran.stdout) == [f"{BASE}/CodeSystem/amps", f"{BASE}/ValueSet/conditions", ["amps"] * 3]


@pytest.mark.thorough
def test_a_server_with_the_setting_understands_both_addresses():
    from fhirpy import SyncFHIRClient

    with serving({"CANONICAL_BASE": BASE}) as address:
        client = SyncFHIRClient(f"{address}/fhir")
        for system in (SYSTEM, f"{BASE}/CodeSystem/amps"):
            told = client.execute("CodeSystem/$lookup", method="GET", params={"system": system, "code": "finger"})
            assert told["parameter"][0] == {"name": "name", "valueString": "AMPSLibrary"}
        expanded = client.execute("ValueSet/$expand", method="GET", params={"url": f"{BASE}/ValueSet/conditions"})
        assert {entry["system"] for entry in expanded["expansion"]["contains"]} == {f"{BASE}/CodeSystem/amps"}
