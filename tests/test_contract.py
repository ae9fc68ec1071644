"""Schemathesis drives every address from the committed description, with all its checks."""

from pathlib import Path

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from amps_api.wsgi import application

PATHS = list(yaml.safe_load((Path(__file__).parent / "golden" / "openapi.yaml").read_text(encoding="utf-8"))["paths"])


@pytest.fixture(scope="module")
def contract(first_content):
    return schemathesis.openapi.from_wsgi("/openapi.json", application)


def drive(operation, mode, most):
    """Call an operation with what its description allows (positive) or forbids (negative), and check the answers."""

    @settings(max_examples=most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def every_answer_is_as_described(case):
        if mode is GenerationMode.POSITIVE:
            # What OpenAPI cannot say: cursors are taken from `next`; a read names a release or a time, not both.
            case.query.pop("cursor", None)
            if "release" in case.query:
                case.query.pop("as_of", None)
        case.call_and_validate()

    every_answer_is_as_described()


@pytest.mark.parametrize("path", PATHS)
def test_whatever_the_description_allows_is_answered_as_described(contract, db, path):
    drive(contract[path]["GET"], GenerationMode.POSITIVE, 30)


# An address without parameters forbids nothing but unknown ones, which other tests send.
@pytest.mark.parametrize("path", [path for path in PATHS if path != "/api/v1/vocabulary/"])
def test_whatever_the_description_forbids_is_refused_as_described(contract, db, path):
    drive(contract[path]["GET"], GenerationMode.NEGATIVE, 15)
