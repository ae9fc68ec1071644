"""Applications of others, as this project sets them up."""

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin with our site as the default, which `admin.register` means."""

    default_site = "content_app.admin.site.Desk"

    def ready(self):
        super().ready()
        # Not found by Django's own search, which imports `content_app.admin`: so does whoever asks for the site, and a
        # package that registered its pages with a site that is only being made would lose them.
        import_module("content_app.admin.pages")
        import_module("amps_api.checks")  # registers itself, once settings are there
