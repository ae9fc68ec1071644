"""Uploads on their way into the library, and the trail of sources, which is written once."""

import importlib

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


guards = importlib.import_module("content_app.migrations.0002_guards")
GUARDS = guards.written_once(
    "sourcerevision", "id = new.id OR (source_uuid = new.source_uuid AND number = new.number)"
)


class Migration(migrations.Migration):

    dependencies = [
        ('content_app', '0010_flow'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('upload', models.BinaryField(null=True)),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('state', models.CharField(choices=[('checking', 'Being checked'), ('refused', 'Refused'), ('ready', 'Ready to import'), ('applying', 'Being imported'), ('applied', 'Imported'), ('failed', 'Failed'), ('discarded', 'Discarded')], default='checking', max_length=20)),
                ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('held_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('problems', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
                ('counts', models.JSONField(default=dict)),
                ('seen', models.CharField(blank=True, max_length=64)),
                ('agreed', models.CharField(blank=True, max_length=64)),
                ('was_overtaken', models.BooleanField(default=False)),
                ('applied_at', models.DateTimeField(null=True)),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ImportChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('reference', models.CharField(max_length=150)),
                ('name', models.CharField(max_length=500)),
                ('action', models.CharField(max_length=10)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='content_app.import')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SourceRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_uuid', models.UUIDField()),
                ('slug', models.SlugField(db_index=False, max_length=120)),
                ('number', models.PositiveIntegerField()),
                ('verb', models.CharField(max_length=30)),
                ('document', models.JSONField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('created_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'refused', 'ready', 'applying', 'applied', 'failed', 'discarded'])), name='import_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['applying', 'applied']), _negated=True), ('applied_by__isnull', False), _connector='OR'), name='import_is_applied_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='importchange',
            constraint=models.UniqueConstraint(fields=('run', 'position'), name='import_change_has_its_place'),
        ),
        migrations.AddConstraint(
            model_name='sourcerevision',
            constraint=models.UniqueConstraint(fields=('source_uuid', 'number'), name='source_revision_number_is_unique_per_source'),
        ),
        guards.guarded(GUARDS),
    ]
