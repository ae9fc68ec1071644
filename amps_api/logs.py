"""What the log looks like: lines for people, or one JSON object a line for a collector (LOG_FORMAT=json).

In: the form. Out: Django's LOGGING, and granian's for its access log. No query string is ever logged: searches say what
people suffer from, and links to previews carry their secret. Each line of a request has its id (`request_ids`).
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

import structlog

TEXT, JSON = "text", "json"
# What structlog does to records of Python's own logging, which is all that this project and Django write.
STEPS = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class Lines(logging.Formatter):
    """A line for people: time, level, logger, what happened, and the request it happened in."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s%(request)s")

    def format(self, record: logging.LogRecord) -> str:
        request = structlog.contextvars.get_contextvars().get("request_id", "")
        record.request = f" [{request}]" if request else ""
        return super().format(record)


def json_lines() -> logging.Formatter:
    """One JSON object a line, with a traceback as a text in it."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*STEPS, structlog.processors.format_exc_info],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def is_news(record: logging.LogRecord) -> bool:
    """Whether a line of `django.request` tells something new: what clients do wrong is in the access log."""
    status = getattr(record, "status_code", 500)
    return status >= 500 and status != 503  # whatever makes the server unable to answer has its own line


def without_traceback(record: logging.LogRecord) -> bool:
    """A wrong Host is one line: where in Django it was noticed tells nobody anything."""
    record.exc_info = record.exc_text = None
    return True


def configuration(form: str) -> dict[str, Any]:
    """Django's LOGGING."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": json_lines if form == JSON else Lines}},
        "filters": {
            "news": {"()": "django.utils.log.CallbackFilter", "callback": is_news},
            "without_traceback": {"()": "django.utils.log.CallbackFilter", "callback": without_traceback},
        },
        "loggers": {
            "django.request": {"filters": ["news"]},
            "django.security.DisallowedHost": {"filters": ["without_traceback"]},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }


# %(header{…})s makes granian read that header, as the argument `_h0`.
ACCESS = '%(addr)s "%(method)s %(path)s" %(status)d %(dt_ms).1f ms %(header{x-request-id})s'


class AccessLine(logging.Formatter):
    """A request that was answered, as JSON. The path stands without its query."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = dict(record.args or {}) if isinstance(record.args, dict) else {}
        line = {
            "event": "access",
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            **{name: told.get(name) for name in ("addr", "method", "path", "status")},
            "ms": round(told.get("dt_ms", 0), 1),
            "request_id": told.get("_h0", "-"),
        }
        return json.dumps(line, ensure_ascii=False)


def of_the_server(form: str) -> dict[str, Any]:
    """Granian's own log and its access log, in the same form and on the same stream."""
    plain = {"format": "%(asctime)s %(levelname)s granian %(message)s"}
    return {
        "formatters": {
            "generic": {"()": json_lines} if form == JSON else plain,
            "access": {"()": AccessLine} if form == JSON else {"format": "%(asctime)s %(message)s"},
        },
        "handlers": {
            "console": {"formatter": "generic", "class": "logging.StreamHandler"},
            "access": {"formatter": "access", "class": "logging.StreamHandler"},
        },
    }
