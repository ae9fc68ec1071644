"""Every page of the desk. Importing this registers them, which `amps_api.apps` does once the site is there."""

from content_app.admin.clients import pages as clients
from content_app.admin.clients import webhooks
from content_app.admin.exchange import imports
from content_app.admin.history import audit, editorial
from content_app.admin.items import all_items
from content_app.admin.items import pages as items
from content_app.admin.people import pages as people
from content_app.admin.publishing import published, schedules
from content_app.admin.sources import pages as sources

__all__ = [
    "all_items",
    "audit",
    "clients",
    "imports",
    "items",
    "people",
    "published",
    "schedules",
    "sources",
    "editorial",
    "webhooks",
]
