"""The orders of manifests and of lists over all kinds get an index each. Tables stay as they are, and so do guards."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content_app", "0011_exchange")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["kind", "item_uuid"], name="document_by_identifier"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["sort_name", "item_uuid"], name="document_by_name_alone"),
        ),
    ]
