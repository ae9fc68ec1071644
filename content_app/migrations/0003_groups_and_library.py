"""The three editorial roles as groups, and the one row that points at the current release."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITED = (
    "condition", "concept", "symptomtype", "example", "source", "name", "statement", "relation", "coding",
    "citation", "notcovered",
)  # fmt: skip
SEEN = ("item", "revision", "signoff", "event", "release", "document")
ROLES = {
    "Author": ("add", "change", "delete", "view"),
    "Reviewer": ("view",),
    "Publisher": ("view",),
}


def create_roles(apps, schema_editor):
    create_permissions(installed_apps.get_app_config("content_app"), verbosity=0)
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for role, actions in ROLES.items():
        codenames = [f"{action}_{model}" for action in actions for model in EDITED]
        codenames += [f"view_{model}" for model in SEEN]
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(
            Permission.objects.filter(content_type__app_label="content_app", codename__in=codenames)
        )
    apps.get_model("content_app", "Library").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [
        ("content_app", "0002_guards"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_roles, migrations.RunPython.noop)]
