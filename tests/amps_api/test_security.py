"""Small things that keep strangers out: plain HTTP, ports in links, cookies and passwords."""

import base64
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from content_app.delivery.gate.https_only import FOR_PROGRAMS

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture
def over_http(settings):
    """A client that speaks plain HTTP to a server with HTTPS on."""
    settings.HTTPS = settings.SECURE_SSL_REDIRECT = True
    return Client()


@pytest.mark.parametrize("prefix", FOR_PROGRAMS)
def test_a_program_over_plain_http_is_refused_and_not_redirected(first_content, over_http, prefix):
    response = over_http.get(f"{prefix}")

    assert response.status_code == 403
    assert "Location" not in response
    assert "HTTPS only" in response.content.decode()


def test_the_refusal_is_a_problem_with_a_stable_type(first_content, over_http):
    told = over_http.get("/api/v1/conditions/").json()

    assert told["type"].endswith("/problems/https-required/")
    assert told["status"] == 403


def test_a_page_over_plain_http_is_redirected(first_content, over_http):
    response = over_http.get("/library/")

    assert response.status_code == 301
    assert response["Location"] == "https://testserver/library/"


def test_over_https_everything_answers(first_content, over_http):
    assert over_http.get("/api/v1/", secure=True).status_code == 200


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("testserver:6666", "http://testserver"),
        ("testserver:8000", "http://testserver:8000"),
        ("[::1]:6666", "http://[::1]"),
        ("[::1]", "http://[::1]"),
        ("testserver", "http://testserver"),
    ],
)
def test_a_port_that_is_not_this_servers_is_not_copied_into_links(first_content, host, base):
    response = Client().get("/api/v1/", headers={"host": host}, SERVER_PORT="8000")

    assert response.json()["self"] == f"{base}/api/v1/"


def test_a_deployment_as_documented_passes_every_check_of_deployments(tmp_path):
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    lines = re.search(r"SECRET_KEY=….*?```", page, re.DOTALL)[0].replace("```", "").splitlines()
    given = dict(line.split("#")[0].strip().split("=", 1) for line in lines if line.strip())
    keys = {"SECRET_KEY": secrets.token_urlsafe(48), "SIGNING_KEY": base64.b64encode(secrets.token_bytes(32)).decode()}
    here = {"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/amps.sqlite3"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | given | keys | here,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_a_check_of_deployments_is_silenced_for_a_reason_only():
    code = (ROOT / "amps_api" / "settings.py").read_text()
    lines = re.search(r"SILENCED_SYSTEM_CHECKS = \[(.*?)\n\]", code, re.DOTALL)[1].splitlines()[1:]
    assert len(lines) == len(settings.SILENCED_SYSTEM_CHECKS)
    assert [line for line in lines if not re.search('",  # .{20}', line)] == []


def test_cookies_cannot_be_set_by_a_neighbour_where_https_is_on(tmp_path):
    told = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"HTTPS": "1", "PORT": "8000", "PUBLIC_URL": "", "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "amps_api.settings"},
    )  # fmt: skip
    assert done.stdout.split() == ["__Host-amps-session-8000", "__Host-amps-csrf-8000", "True", "True", "/", "None"]


@pytest.mark.parametrize(
    "password",
    [
        "reviewerreviewer",
        "ReviewerReviewer1",
        "reviewer-reviewer!",
        "abcabcabcabcabc",
        "121212121212",
        "xY9!xY9!xY9!xY9!",
    ],
)
def test_a_password_that_only_repeats_something_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="reviewer"))


@pytest.mark.parametrize("password", ["correct horse battery", "the-reviewer-likes-green-tea", "zq8Kp2vLw9Xe"])
def test_a_good_password_is_taken(password):
    validate_password(password, User(username="reviewer"))


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"PORT": "8700"}, "amps-session-8700"),
        ({"PORT": "8701"}, "amps-session-8701"),
        ({"PORT": "8700", "PUBLIC_URL": "https://amps.example"}, "amps-session"),
        ({"PORT": "8701", "PUBLIC_URL": "https://amps.example"}, "amps-session"),
        ({"PORT": "8701", "PUBLIC_URL": "https://amps.example:8443"}, "amps-session-8443"),
    ],
)
def test_servers_at_two_ports_of_a_host_do_not_share_a_session_and_those_behind_one_address_do(
    tmp_path, environment, name
):
    told = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME)"
    given = {"PUBLIC_URL": "", "HTTPS": "0", **environment}
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | given | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "amps_api.settings"},
    )  # fmt: skip
    assert done.stdout.strip() == name
