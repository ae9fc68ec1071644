"""Lists are ordered by code point on every database: PostgreSQL is told so, SQLite does it anyway."""

from django.db import migrations


def order_by_code_point(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE content_app_document ALTER COLUMN sort_name TYPE varchar(500) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("content_app", "0003_groups_and_library")]
    operations = [migrations.RunPython(order_by_code_point, migrations.RunPython.noop)]
