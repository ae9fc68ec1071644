"""The admin pages, in which editors work: one module an idea. Importing this registers all of them."""

from django.contrib import admin

from content_app.admin import (
    all_items,
    audit_page,
    clients,
    grouping,
    home,
    imports,
    items,
    people,
    published,
    schedules,
    signing_in,
    sources,
    trail,
    webhooks,
)

__all__ = [
    "all_items",
    "audit_page",
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
    "trail",
    "webhooks",
]

admin.site.site_header = "AMPS API editorial desk"
admin.site.site_title = "Editorial desk"
admin.site.index_title = "Editorial desk"
admin.site.empty_value_display = "–"
