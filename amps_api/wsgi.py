"""The WSGI application that granian serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from amps_api.databases import impatient


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
