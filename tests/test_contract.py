"""Schemathesis drives every address from the committed description, with all its checks."""

from pathlib import Path

import pytest
import schemathesis
import yaml
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from schemathesis import GenerationMode

from amps_api.wsgi import application

PATHS = list(yaml.safe_load((Path(__file__).parent / "golden" / "openapi.yaml").read_text(encoding="utf-8"))["paths"])
# Without parameters an address forbids nothing but unknown ones, which other tests send.
FORBIDS_NOTHING = ("/api/v1/vocabulary/", "/api/v1/signing-keys/", "/api/v1/contexts/1.jsonld")


@pytest.fixture(scope="module")
def contract(first_content, tmp_path_factory, django_db_blocker):
    settings.VAR_DIR = tmp_path_factory.mktemp("var")  # exports are kept there
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/openapi.json", application)


def without_what_openapi_cannot_say(case):
    """Cursors and tokens come from `next`; a read names a release or a time; a choice of fields changes the shape."""
    for name in ("cursor", "since", "fields", "include", "audience", "text"):
        case.query.pop(name, None)
    if "release" in case.query:
        case.query.pop("as_of", None)


def drive(operation, mode, most):
    """Call an operation with what its description allows (positive) or forbids (negative), and check the answers."""

    @limits(max_examples=most, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def every_answer_is_as_described(case):
        if mode is GenerationMode.NEGATIVE and "ids" in case.query:
            # Too long an address is answered 414, which schemathesis does not expect.
            case.query["ids"] = str(case.query["ids"])[:500]
        if mode is GenerationMode.POSITIVE:
            without_what_openapi_cannot_say(case)
        case.call_and_validate()

    every_answer_is_as_described()


@pytest.mark.parametrize("path", PATHS)
def test_whatever_the_description_allows_is_answered_as_described(contract, db, path):
    drive(contract[path]["POST" if path == "/api/v1/check/" else "GET"], GenerationMode.POSITIVE, 30)


@pytest.mark.parametrize("path", [path for path in PATHS if path not in FORBIDS_NOTHING])
def test_whatever_the_description_forbids_is_refused_as_described(contract, db, path):
    drive(contract[path]["POST" if path == "/api/v1/check/" else "GET"], GenerationMode.NEGATIVE, 15)
