"""Schemathesis drives every address from the committed description, with all its checks."""

import json
import re

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as limits

from amps_api.wsgi import application
from content_app.delivery.openapi import schema
from content_app.models import ApiClient, ApiKey
from content_app.vocabulary.terms import COLLECTIONS
from tests.golden_files import GOLDEN
from tests.width import examples

pytestmark = pytest.mark.both_databases
DESCRIPTION = json.loads((GOLDEN / "openapi.json").read_text(encoding="utf-8"))["paths"]
PATHS = list(DESCRIPTION)
# Without parameters an address forbids nothing but unknown ones, which other tests send.
FORBIDS_NOTHING = [path for path in PATHS if not next(iter(DESCRIPTION[path].values())).get("parameters")]
# Always a problem, which schemathesis takes for one of ours; so are the states in which an item is withdrawn.
BAD_DAYS = [path for path in PATHS if path.startswith("/sandbox/")]
ALLOWED, FORBIDDEN = "positive", "negative"


@pytest.fixture(scope="module")
def contract(first_content, tmp_path_factory, django_db_blocker):
    import schemathesis

    settings.VAR_DIR = tmp_path_factory.mktemp("var")  # exports are kept there
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/openapi.json", application)


def without_what_openapi_cannot_say(case):
    """Cursors and tokens come from `next`; a read names a release or a time; there is release 1, and these items.

    An address for every kind lists the fields of all, and each kind has some of them.
    """
    for name in ("cursor", "since"):
        case.query.pop(name, None)
    if "release" in case.query:
        case.query.pop("as_of", None)
        case.query["release"] = 1
    if "collection" in case.path_parameters:
        case.path_parameters["collection"] = COLLECTIONS["condition"]
    case.path_parameters |= {name: there(case.path, name) for name in case.path_parameters if name not in ANY_OF}


# Parts of a path of which the description lists every value.
ANY_OF = ("collection", "state")


def there(path, name):
    """What a part of a path may be so that there is something: all else is answered 404, which is soon said."""
    if name == "slug":
        return recorded(next((kind for kind, plural in COLLECTIONS.items() if f"/{plural}/" in path), "condition"))[
            "slug"
        ]
    if name in ("item_id", "statement_id"):
        condition = recorded("condition")
        return condition["id"] if name == "item_id" else condition["statements"][0]["id"]
    return 1 if "/releases/" in path else recorded("condition")["slug"]


def recorded(kind):
    """The document of this kind that the documentation shows."""
    return schema.example(f"get_{kind}")


def drive(operation, mode, most, **headers):
    """Call an operation with what its description allows (positive) or forbids (negative), and check the answers."""
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    headers["Accept-Encoding"] = "identity"  # which a bare WSGI client needs, as it unpacks nothing
    excluded = [not_a_server_error, positive_data_acceptance] if operation.path in BAD_DAYS else []

    @limits(max_examples=most, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
    def every_answer_is_as_described(case):
        if mode == ALLOWED:
            without_what_openapi_cannot_say(case)
        response = case.call(headers=headers)
        if response.status_code != 414:  # which schemathesis does not expect of what is forbidden
            case.validate_response(response, excluded_checks=excluded)

    every_answer_is_as_described()


@pytest.fixture
def key(db) -> str:
    client = ApiClient.objects.create(name="Contract", contact_email="contract@example.org")
    return ApiKey.objects.create_key(client=client, name="schemathesis")[1]


@pytest.mark.widens
@pytest.mark.parametrize("path", PATHS)
def test_whatever_the_description_allows_is_answered_as_described(contract, db, path):
    drive(contract[path]["POST" if path == "/api/v1/check/" else "GET"], ALLOWED, examples(3, 30))


@pytest.mark.one_database
@pytest.mark.widens
@pytest.mark.parametrize("path", [path for path in PATHS if path not in FORBIDS_NOTHING])
def test_whatever_the_description_forbids_is_refused_as_described(contract, db, path):
    drive(contract[path]["POST" if path == "/api/v1/check/" else "GET"], FORBIDDEN, examples(3, 15))


@pytest.mark.one_database
@pytest.mark.widens
@pytest.mark.parametrize("path", PATHS)
def test_with_a_key_it_is_answered_as_described_too(contract, key, path):
    method = "POST" if path == "/api/v1/check/" else "GET"
    drive(contract[path][method], ALLOWED, examples(1, 5), **{"X-Api-Key": key})


@pytest.mark.one_database
@pytest.mark.parametrize("path", PATHS)
def test_with_a_key_that_does_not_work_it_is_refused_as_described(contract, db, path):
    case = contract[path]["POST" if path == "/api/v1/check/" else "GET"].Case(
        path_parameters=dict.fromkeys(re.findall(r"{(\w+)}", path), 1)
    )
    response = case.call(headers={"X-Api-Key": "nonsense"})
    case.validate_response(response)
    assert response.status_code == 401
