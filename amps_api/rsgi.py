"""The RSGI application that granian serves: the front, with the WSGI application behind it."""

import os

from amps_api.wsgi import application as behind
from content_app.operation.front.application import Front

# The front reads documents from SQLite in the thread of the event loop: it waits for nobody there. Nothing here uses
# Django's own asynchronous parts, which this switch would put at risk.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
application = Front(behind)
