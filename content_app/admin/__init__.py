"""The admin pages, in which editors work: one module an idea. Importing this registers all of them."""

from django.contrib import admin

from content_app.admin import grouping, home
from content_app.admin.clients import pages as clients
from content_app.admin.clients import webhooks
from content_app.admin.exchange import imports
from content_app.admin.history import audit, editorial
from content_app.admin.items import all_items
from content_app.admin.items import pages as items
from content_app.admin.people import pages as people
from content_app.admin.people import signing_in
from content_app.admin.publishing import published, schedules
from content_app.admin.sources import pages as sources

__all__ = [
    "all_items",
    "audit",
    "clients",
    "grouping",
    "home",
    "imports",
    "items",
    "people",
    "published",
    "schedules",
    "signing_in",
    "sources",
    "editorial",
    "webhooks",
]

admin.site.site_header = "AMPS API: the editorial desk"
admin.site.site_title = "Editorial desk"
admin.site.index_title = "Editorial desk"
admin.site.empty_value_display = "–"
