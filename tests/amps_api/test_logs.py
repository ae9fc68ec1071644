"""What the log says, in both forms, and what it never says."""

import json
import logging
import logging.config

import pytest
import structlog
from django.test import Client

from amps_api import logs
from content_app.operation import request_ids


@pytest.fixture
def lines(capsys, settings):
    """A function that logs in a form and returns the lines; the log of the tests is put back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def log(form: str, write) -> list[str]:
        logging.config.dictConfig(logs.configuration(form))
        write()
        return capsys.readouterr().err.splitlines()

    yield log
    root.handlers[:] = before
    root.setLevel(level)
    for name in settings.LOGGING["loggers"]:
        logging.getLogger(name).filters.clear()
    logging.config.dictConfig(settings.LOGGING | {"root": {}})


def fault() -> None:
    with structlog.contextvars.bound_contextvars(request_id="abcdefgh"):
        try:
            _ = 1 // 0
        except ZeroDivisionError:
            logging.getLogger("content_app.x").exception("A fault at %s", "/api/")


def test_json_has_one_object_a_line_with_the_request_and_the_traceback(lines):
    (line,) = lines(logs.JSON, fault)

    told = json.loads(line)
    assert told["event"] == "A fault at /api/"
    assert told["level"] == "error"
    assert told["logger"] == "content_app.x"
    assert told["request_id"] == "abcdefgh"
    assert told["timestamp"].endswith("Z")
    assert "ZeroDivisionError" in told["exception"]


def test_text_has_the_request_too(lines):
    first, *traceback = lines(logs.TEXT, fault)

    assert first.endswith("ERROR content_app.x A fault at /api/ [abcdefgh]")
    assert "ZeroDivisionError: integer division or modulo by zero" in traceback


@pytest.mark.parametrize("form", [logs.TEXT, logs.JSON])
def test_a_wrong_host_is_one_line(lines, db, form):
    (line,) = lines(form, lambda: Client().get("/api/v1/?q=secret", headers={"host": "elsewhere.example"}))

    assert "Invalid HTTP_HOST header: 'elsewhere.example'" in line
    assert "secret" not in line


@pytest.mark.parametrize("form", [logs.TEXT, logs.JSON])
def test_what_clients_do_wrong_is_no_line(lines, db, form):
    assert lines(form, lambda: Client().get("/nowhere/?q=secret")) == []


def access(**told) -> logging.LogRecord:
    told = {
        "addr": "192.0.2.1", "method": "GET", "path": '/api/v1/search/"\n', "query_string": "q=secret", "status": 200,
        "dt_ms": 1.234, "_h0": "abcdefgh",
    } | told  # fmt: skip
    return logging.LogRecord("granian.access", logging.INFO, "", 0, logs.ACCESS, (told,), None)


def test_the_access_log_has_no_query_and_one_line_whatever_is_in_the_path():
    line = logs.AccessLine().format(access())

    assert json.loads(line) | {"timestamp": ""} == {
        "event": "access", "timestamp": "", "addr": "192.0.2.1", "method": "GET", "path": '/api/v1/search/"\n',
        "status": 200, "ms": 1.2, "request_id": "abcdefgh",
    }  # fmt: skip
    assert "\n" not in line
    assert "secret" not in line
    assert "query" not in logs.ACCESS


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [(1, "abcdefgh-1", True), (0, "abcdefgh-1", False), (1, "short", False), (1, 'a"b c d e f g', False)],
)
def test_the_name_of_a_request_is_taken_from_a_trusted_proxy_only(settings, rf, proxies, given, is_taken):
    settings.TRUSTED_PROXIES = proxies
    seen = []

    def answer(request):
        seen.append(structlog.contextvars.get_contextvars()["request_id"])
        return request_ids.HttpResponse(status=500)

    response = request_ids.RequestIdMiddleware(answer)(rf.get("/", headers={"x-request-id": given}))
    assert (seen == [given]) is is_taken
    assert response["X-Request-ID"] == seen[0]
    assert structlog.contextvars.get_contextvars() == {}


def test_an_answer_that_caches_keep_has_no_name_of_a_request(first_content, db):
    assert "X-Request-ID" not in Client().get("/api/v1/")
