"""The audit: one table, written once, in the database too."""

import importlib

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

guards = importlib.import_module("content_app.migrations.0002_guards")

GUARDS = guards.written_once("auditentry")


class Migration(migrations.Migration):

    dependencies = [
        ('content_app', '0008_api_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_at', models.DateTimeField(db_index=True)),
                ('act', models.CharField(max_length=40)),
                ('actor_name', models.CharField(blank=True, max_length=150)),
                ('what_kind', models.CharField(blank=True, max_length=40)),
                ('what_id', models.CharField(blank=True, help_text="A uuid where there is one, else the row's key.", max_length=64)),
                ('what_label', models.CharField(blank=True, max_length=200)),
                ('channel', models.CharField(choices=[('web', 'in the browser'), ('command', 'by a command'), ('worker', 'by the worker')], max_length=10)),
                ('address', models.GenericIPAddressField(null=True)),
                ('agent', models.CharField(blank=True, max_length=120, verbose_name='browser')),
                ('note', models.TextField(blank=True)),
                ('data', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['actor', '-id'], name='audit_by_actor'), models.Index(fields=['act', '-id'], name='audit_by_act'), models.Index(fields=['what_kind', 'what_id', '-id'], name='audit_by_what')],
            },
        ),
        guards.guarded(GUARDS),
    ]

