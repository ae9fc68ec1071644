"""The lists of the desk, grouped as those who work there think: what they write first, then what became of it.

In: the lists that whoever asks may see. Out: groups of them, for the home and for the column beside every page.
"""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import slugify

GROUPS = {
    "Content": ("Condition", "Concept", "SymptomType", "Example"),
    "Sources and imports": ("Source", "Import"),
    "Publishing": ("Schedule", "Release", "Document"),
    "History": ("Revision", "SignOff", "Event", "SourceRevision"),
    "Integrations": ("ApiClient", "ApiKey", "WebhookEndpoint", "WebhookDelivery"),
    "People": ("User", "AuditEntry"),
}  # every list stands in one


def get_app_list(request: HttpRequest, app_label: str | None = None) -> list[dict]:
    """The groups, each in the shape that Django gives an application; of one application, its plain list."""
    found = plain_app_list(request, app_label)
    if app_label:
        return found
    models = {model["object_name"]: model for app in found for model in app["models"]}
    grouped = {name: [models[key] for key in keys if key in models] for name, keys in GROUPS.items()}
    return [
        {"name": name, "app_label": slugify(name), "models": group, "has_module_perms": True}
        for name, group in grouped.items()
        if group
    ]


plain_app_list = admin.site.get_app_list
admin.site.get_app_list = get_app_list
