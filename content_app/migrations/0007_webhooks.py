"""Webhooks: endpoints, the outbox, deliveries and attempts. What an event says is written once: a trigger holds it.

SQLite drops the trigger of a table that a later migration rebuilds: such a migration creates GUARDS again.
"""

import importlib
import uuid

import django.db.models.deletion
from django.db import migrations, models

guards = importlib.import_module("content_app.migrations.0002_guards")
GUARDS = {
    "webhookevent_is_written_once_update": guards.Guard(
        "webhookevent",
        "update",
        "new.uuid <> old.uuid OR new.type <> old.type OR new.body <> old.body",
        "webhook event is written once",
    )
}


class Migration(migrations.Migration):

    dependencies = [
        ('content_app', '0006_clients'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewDate',
            fields=[
                ('item_uuid', models.UUIDField(primary_key=True, serialize=False)),
                ('document', models.BigIntegerField(db_index=True)),
                ('due_on', models.DateField(db_index=True)),
                ('told_due_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('delivered', 'Delivered'), ('failed', 'Failed')], default='pending', max_length=10)),
                ('attempts_made', models.PositiveSmallIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(null=True)),
                ('lease', models.UUIDField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name_plural': 'webhook deliveries',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempted_at', models.DateTimeField()),
                ('duration_ms', models.PositiveIntegerField()),
                ('status', models.PositiveSmallIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('excerpt', models.TextField(blank=True)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='content_app.webhookdelivery')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookEndpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('url', models.CharField(help_text='Where events are sent: https://, port 443 or 8443.', max_length=500, verbose_name='address')),
                ('description', models.CharField(blank=True, help_text='What it is for, for whoever looks after it.', max_length=200)),
                ('events', models.JSONField(default=list, help_text='It is told of these, and of nothing else.')),
                ('is_active', models.BooleanField(default=True, editable=False, verbose_name='active')),
                ('disabled_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why it is off')),
                ('secret', models.TextField(editable=False)),
                ('secret_number', models.PositiveIntegerField(default=1, editable=False)),
                ('previous_secret', models.TextField(blank=True, editable=False)),
                ('previous_secret_until', models.DateTimeField(editable=False, null=True)),
                ('paused_until', models.DateTimeField(editable=False, null=True)),
                ('last_success_at', models.DateTimeField(editable=False, null=True, verbose_name='last success')),
                ('last_failure_at', models.DateTimeField(editable=False, null=True, verbose_name='last failure')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhook_endpoints', to='content_app.apiclient')),
            ],
            options={
                'verbose_name': 'webhook endpoint',
                'ordering': ['client__name', 'url'],
            },
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='endpoint',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='content_app.webhookendpoint'),
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('type', models.CharField(max_length=40)),
                ('about', models.CharField(max_length=200)),
                ('body', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('is_fanned_out', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('is_fanned_out', False)), fields=['id'], name='webhook_event_outbox'), models.Index(fields=['created_at'], name='webhook_event_by_age')],
            },
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='content_app.webhookevent'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.UniqueConstraint(fields=('client', 'url'), name='webhook_endpoint_is_there_once_per_client', violation_error_message='This client has an endpoint at this address already.'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), ('disabled_reason', ''), _connector='OR'), name='webhook_endpoint_is_off_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('previous_secret', ''), ('previous_secret_until__isnull', True)), models.Q(models.Q(('previous_secret', ''), _negated=True), ('previous_secret_until__isnull', False)), _connector='OR'), name='webhook_endpoint_previous_secret_ends'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['endpoint', '-id'], name='webhook_delivery_log'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['next_attempt_at', 'id'], name='webhook_delivery_due'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['endpoint'], name='webhook_delivery_pending'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('lease__isnull', False)), fields=['endpoint'], name='webhook_delivery_on_its_way'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('event', 'endpoint'), name='webhook_delivery_is_there_once'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('next_attempt_at__isnull', False), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('finished_at__isnull', False), ('lease__isnull', True), ('next_attempt_at__isnull', True)), _connector='OR'), name='webhook_delivery_is_due_or_finished'),
        ),
        guards.guarded(GUARDS),
    ]
