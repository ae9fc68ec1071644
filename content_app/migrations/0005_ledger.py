"""The ledger, and receipts for what was written before there was one: as it is now, since nobody can say more."""

from django.db import migrations, models

from content_app.models import receipts

WRITTEN_ONCE = (
    "Release", "Document", "IndexTerm", "Revision", "SignOff", "Event", "SourceRevision", "AuditEntry", "FormerSlug",
    "Comment",
)


def give_receipts(apps, schema_editor):
    for name in WRITTEN_ONCE:
        model, receipt = apps.get_model("content_app", name), apps.get_model("content_app", "Receipt")
        receipts.keep_all(model, receipt, schema_editor.connection.alias)


class Migration(migrations.Migration):

    dependencies = [
        ('content_app', '0004_review_terms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('closed_at', models.DateTimeField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.CharField(max_length=40)),
                ('key', models.BigIntegerField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('closing', models.PositiveIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['closing', 'id'], name='receipt_by_closing'), models.Index(condition=models.Q(('closing', None)), fields=['id'], name='receipt_open')],
                'constraints': [models.UniqueConstraint(fields=('of', 'key'), name='receipt_is_kept_once')],
            },
        ),
        migrations.RunPython(give_receipts, migrations.RunPython.noop),
    ]
