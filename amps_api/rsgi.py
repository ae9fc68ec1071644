"""The RSGI application that granian serves: the front, with the WSGI application behind it."""

from amps_api.wsgi import application as behind
from content_app.operation.front.application import Front

application = Front(behind)
