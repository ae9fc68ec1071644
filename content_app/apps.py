"""The application: content goes in, an immutable release comes out, an API serves it."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ContentAppConfig(AppConfig):
    name = "content_app"
    verbose_name = "Content"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from content_app import required_messages
        from content_app.audit import signals  # they need the models of every application
        from content_app.editorial import roles
        from content_app.models import guards, publication, sqlite_file

        required_messages.say_what_to_do()  # before the admin makes its forms
        signals.connect()
        sqlite_file.connect()
        pre_migrate.connect(guards.before_migrations, sender=self, dispatch_uid="guards")
        post_migrate.connect(guards.after_migrations, sender=self, dispatch_uid="guards")
        post_migrate.connect(publication.create_library, sender=self, dispatch_uid="library")
        post_migrate.connect(roles.grant, sender=self, dispatch_uid="roles")
