"""The WSGI application that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.db.backends.signals import connection_created

LOCK_SECONDS, STATEMENT_SECONDS = 3, 30


def impatient() -> None:
    """A request waits shorter for the database than a command does: then it is answered with 503."""
    default = connections.settings["default"]
    if connections["default"].vendor == "sqlite":
        default["OPTIONS"]["timeout"] = LOCK_SECONDS
        return

    def limit(connection, **_) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'; SET statement_timeout = '{STATEMENT_SECONDS}s'")

    connection_created.connect(limit, weak=False)


def start():
    """Django, set up, and the read plane before it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
    django = get_wsgi_application()
    impatient()
    from content_app.delivery.read_plane.application import before  # it needs Django to be set up

    application = before(django)
    import_module(settings.ROOT_URLCONF)
    # What is loaded by now stays. Else Python looks through all of it for garbage again and again.
    gc.collect()
    gc.freeze()
    return application


application = start()
