"""A caution stands beside the safety notice. Texts stay in the field in which editors wrote them.

On SQLite the table of items is built anew. Its triggers, and those of other tables that look into it, would be in the
way of that or be lost: they step aside and come back.
"""

import importlib

from django.db import migrations, models

guards = importlib.import_module("content_app.migrations.0002_guards")

SAFETY_NOTICE = (
    "News that matters for safety, shown first. While it stands, apps have to ask for the item again before each use, "
    "and are alerted when it comes, changes or goes. What always holds is a caution instead."
)
CAUTION = (
    "What readers must always be told with the item, such as that its signs also occur in other illnesses. It is shown "
    "as prominently, but is no news: it alerts nobody."
)


def step_aside(apps, schema_editor):
    guards.drop_guards(schema_editor.connection)


def come_back(apps, schema_editor):
    guards.create_guards(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("content_app", "0012_orders_of_lists")]

    operations = [
        migrations.RunPython(step_aside, come_back),
        migrations.AddField(
            "item", "caution", models.TextField(blank=True, default="", help_text=CAUTION), preserve_default=False
        ),
        migrations.AlterField("item", "safety_notice", models.TextField(blank=True, help_text=SAFETY_NOTICE)),
        migrations.RunPython(come_back, step_aside),
    ]
