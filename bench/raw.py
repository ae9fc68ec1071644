"""The yardstick: a WSGI application that hands out answers it was given, status, headers and bytes, and nothing else.

In: a file of answers by path, query and `If-None-Match`, named in `RAW_ANSWERS`. Out: those answers.
"""

import os
import pickle
from pathlib import Path

with Path(os.environ["RAW_ANSWERS"]).open("rb") as file:
    ANSWERS = pickle.load(file)  # noqa: S301 - the benchmark has just written it


def application(environ, start_response):
    status, headers, body = ANSWERS[environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_IF_NONE_MATCH")]
    start_response(status, headers)
    return [body]
