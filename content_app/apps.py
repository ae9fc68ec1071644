"""The application: content goes in, an immutable release comes out, an API serves it."""

from django.apps import AppConfig


class ContentAppConfig(AppConfig):
    name = "content_app"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from content_app.webhooks import checks  # noqa: F401 - registers itself, once settings are there
