"""Every table as the models declare it, by `makemigrations`, and the full-text tables, which no model can declare.

Guards, roles and the row of the library are no part of it: they follow every `migrate` (see `content_app.apps`).
"""

import content_app.models.fields
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import uuid
from django.conf import settings
from django.db import migrations, models


# What `publication.index.engines` writes and reads. SQLite: two contentless FTS5 tables, whose rowid is the place of an entry.
# PostgreSQL: one table with two tsvectors, kept beside the row uncompressed, as they are read more often than written.
FULL_TEXT = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE content_app_search_{tier} USING fts5(words, content='', detail=none, columnsize=0, "
        "tokenize=\"ascii tokenchars '=_'\")"
        for tier in ("names", "prose")
    ],
    "postgresql": [
        "CREATE TABLE content_app_search_words (place integer PRIMARY KEY, first_release integer NOT NULL, "
        "superseded_in integer, names tsvector NOT NULL, prose tsvector NOT NULL) WITH (toast_tuple_target = 128)",
        "ALTER TABLE content_app_search_words ALTER names SET STORAGE EXTERNAL, ALTER prose SET STORAGE EXTERNAL",
        "CREATE INDEX search_words_names ON content_app_search_words USING gin(names) WITH (fastupdate = off)",
        "CREATE INDEX search_words_prose ON content_app_search_words USING gin(prose) WITH (fastupdate = off)",
    ],
}
DROPPED = {
    "sqlite": ["DROP TABLE content_app_search_names", "DROP TABLE content_app_search_prose"],
    "postgresql": ["DROP TABLE content_app_search_words"],
}


def run(statements):
    def on_this_database(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            for statement in statements[schema_editor.connection.vendor]:
                cursor.execute(statement)

    return on_this_database


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        # Roles are granted after every `migrate`, also after `migrate content_app` on an empty database.
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(help_text='The name of the application, such as “Pain diary for teens”.', max_length=120, unique=True)),
                ('contact_email', models.EmailField(help_text='We email this address when a webhook endpoint is switched off.', max_length=254, verbose_name='contact')),
                ('is_active', models.BooleanField(default=True, help_text='Clear this to switch the client off. Its keys and webhooks stop working immediately.', verbose_name='active')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'API client',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('condition', 'Condition'), ('concept', 'Concept'), ('symptom_type', 'Symptom type'), ('example', 'Example')], editable=False, max_length=20)),
                ('slug', models.SlugField(help_text="The last part of the item's web address. If you change it later, the old address still works.", max_length=120)),
                ('name', models.CharField(help_text='The preferred name in English.', max_length=200)),
                ('summary_clinical', models.TextField(blank=True, verbose_name='summary for clinicians')),
                ('summary_plain', models.TextField(blank=True, help_text='Aim for a reading age of 11 to 14.', verbose_name='summary in plain words')),
                ('safety_notice', models.TextField(blank=True, help_text='New information that affects safety. Readers see it first. Applications are notified when you add, change or remove it, and must check for updates each time they show the item. For a warning that always applies, use the standing caution instead.', verbose_name='safety alert')),
                ('caution', models.TextField(blank=True, help_text='A warning that always applies and must be shown with the item: for example, that its signs also occur in other illnesses. It is as prominent as a safety alert, but applications are not notified.', verbose_name='standing caution')),
                ('review_cycle_months', models.PositiveSmallIntegerField(default=12, verbose_name='months between reviews')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=20)),
                ('lock_version', models.PositiveIntegerField(default=0, editable=False)),
                ('change_note', models.TextField(blank=True, editable=False)),
                ('significance', models.CharField(blank=True, choices=[('safety', 'Safety'), ('substantive', 'Substantive'), ('editorial', 'Editorial')], editable=False, max_length=20)),
                ('reviewed_on', models.DateField(editable=False, null=True, verbose_name='last reviewed')),
                ('review_due_on', models.DateField(editable=False, null=True, verbose_name='next review due')),
                ('withdrawal_reason', models.CharField(blank=True, choices=[('withdrawn', 'Withdrawn'), ('replaced', 'Replaced'), ('gone', 'Gone')], editable=False, max_length=20)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('replaced_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='content_app.item')),
            ],
            options={
                'ordering': ['kind', 'slug'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_uuid', models.UUIDField()),
                ('kind', models.CharField(choices=[('condition', 'Condition'), ('concept', 'Concept'), ('symptom_type', 'Symptom type'), ('example', 'Example'), ('source', 'Source')], max_length=20)),
                ('slug', models.CharField(max_length=120)),
                ('name', models.CharField(max_length=500)),
                ('sort_name', content_app.models.fields.CodePointField(max_length=500)),
                ('version', models.PositiveIntegerField()),
                ('body', models.BinaryField()),
                ('body_gzip', models.BinaryField()),
                ('list_form', models.BinaryField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('tombstone_reason', models.CharField(blank=True, choices=[('withdrawn', 'Withdrawn'), ('replaced', 'Replaced'), ('gone', 'Gone')], max_length=20)),
                ('significance', models.CharField(choices=[('safety', 'Safety'), ('substantive', 'Substantive'), ('editorial', 'Editorial')], max_length=20)),
                ('change_note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['kind', 'sort_name', 'id'],
            },
        ),
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
            name='SearchStem',
            fields=[
                ('stem', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('since', models.IntegerField()),
                ('entries', models.IntegerField()),
                ('common_since', models.IntegerField(null=True)),
                ('listed', models.IntegerField(default=0)),
                ('least_score', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', content_app.models.fields.CodePointField(max_length=40, primary_key=True, serialize=False)),
                ('since', models.IntegerField()),
                ('names_since', models.IntegerField(null=True)),
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
            name='Checked',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='checked', serialize=False, to='content_app.item')),
                ('lock_version', models.IntegerField()),
                ('day', models.DateField()),
                ('warnings', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name_plural': 'checked',
            },
        ),
        migrations.CreateModel(
            name='Concept',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='content_app.item')),
                ('topic', models.CharField(choices=[('mechanism', 'Mechanism'), ('normal_physiology', 'Normal physiology'), ('presentation_pattern', 'Presentation pattern'), ('feature', 'Feature'), ('impact', 'Impact'), ('lived_experience', 'Lived experience'), ('knowledge_gap', 'Knowledge gap'), ('population', 'Population'), ('body_site', 'Body site'), ('trigger', 'Trigger')], max_length=30)),
                ('subtopic', models.CharField(blank=True, choices=[('distribution', 'Distribution'), ('constancy', 'Constancy'), ('onset', 'Onset'), ('course', 'Course'), ('phenotype', 'Phenotype'), ('age_group', 'Age group'), ('body_region', 'Body region'), ('tissue', 'Tissue'), ('minor_mechanical', 'Minor mechanical'), ('innocuous_mechanical', 'Innocuous mechanical'), ('tissue_injury', 'Tissue injury')], max_length=30)),
            ],
            bases=('content_app.item',),
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='content_app.item')),
                ('abbreviation', models.CharField(blank=True, max_length=30)),
                ('cause_status', models.CharField(choices=[('unknown', 'Unknown'), ('partly_known', 'Partly known'), ('known', 'Known'), ('not_stated', 'Not stated')], default='not_stated', max_length=20, verbose_name='cause')),
            ],
            bases=('content_app.item',),
        ),
        migrations.CreateModel(
            name='Example',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='content_app.item')),
                ('form', models.CharField(choices=[('vignette', 'Vignette'), ('analogy', 'Analogy'), ('contrast', 'Contrast')], max_length=20)),
                ('trigger', models.TextField(blank=True, help_text='What sets the response off.')),
                ('context', models.TextField(blank=True, help_text='The situation in which it happens.')),
                ('expected_response', models.TextField(blank=True, help_text='What would normally happen.')),
                ('expected_response_implied', models.BooleanField(blank=True, help_text='Choose Yes if the source does not state the normal response directly.', null=True)),
                ('amplified_response', models.TextField(blank=True, help_text='What happens in amplified pain instead.')),
                ('analogy_source', models.TextField(blank=True, help_text='The everyday image that the analogy uses.', verbose_name='image')),
                ('analogy_target', models.TextField(blank=True, help_text='What the image represents.', verbose_name='meaning')),
                ('limits', models.TextField(blank=True, help_text='Where the analogy stops being true.')),
            ],
            bases=('content_app.item',),
        ),
        migrations.CreateModel(
            name='SymptomType',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='content_app.item')),
                ('category', models.CharField(choices=[('pain', 'Pain'), ('pain_response', 'Pain response'), ('pain_quality', 'Pain quality'), ('pain_distribution', 'Pain distribution'), ('pain_tissue', 'Pain tissue'), ('pain_severity', 'Pain severity'), ('pain_duration', 'Pain duration'), ('autonomic_function', 'Autonomic function'), ('autonomic_sign', 'Autonomic sign'), ('sign_group', 'Sign group')], max_length=30)),
                ('observation', models.CharField(choices=[('reported', 'Reported'), ('observed', 'Observed'), ('reported_or_observed', 'Reported or observed'), ('function', 'Function')], max_length=30, verbose_name='reported or observed')),
            ],
            bases=('content_app.item',),
        ),
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
            name='IndexTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=30)),
                ('value', models.CharField(max_length=300)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='content_app.document')),
            ],
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('text', models.CharField(max_length=300)),
                ('type', models.CharField(choices=[('preferred', 'Preferred name'), ('synonym', 'Synonym'), ('abbreviation', 'Abbreviation'), ('everyday_wording', 'Everyday wording'), ('clinical_term', 'Clinical term'), ('historical', 'Historical name')], default='synonym', max_length=20)),
                ('language', models.CharField(default='en', help_text='A language code, such as en or es.', max_length=10)),
                ('note', models.TextField(blank=True, help_text='How the meaning of this name differs from the item, if it does.')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='content_app.item')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('visit', models.CharField(max_length=12)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='presences', to='content_app.item')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('predicate', models.CharField(choices=[('related_to', 'related to'), ('contrasts_with', 'contrasts with'), ('not_the_same_as', 'is not the same as'), ('umbrella_for', 'is an umbrella term for'), ('is_kind_of', 'is a kind of'), ('has_mechanism', 'has proposed mechanism'), ('has_knowledge_gap', 'has knowledge gap'), ('has_feature', 'has feature'), ('has_symptom', 'has symptom or sign'), ('has_quality', 'has pain quality'), ('has_pattern', 'has presentation pattern'), ('resembles', 'resembles'), ('affects_population', 'affects'), ('affects_function', 'affects function'), ('leads_to', 'leads to'), ('manifests_as', 'manifests as'), ('disturbs', 'disturbs'), ('worsens', 'worsens'), ('is_normal_counterpart_of', 'is the normal counterpart of'), ('part_of', 'is part of'), ('occurs_at', 'occurs for example at'), ('can_trigger', 'can trigger'), ('illustrates', 'illustrates'), ('analogy_for', 'is an analogy for'), ('involves_site', 'involves'), ('starts_from', 'starts from')], max_length=30)),
                ('subject_kind', models.CharField(editable=False, max_length=20)),
                ('object_kind', models.CharField(editable=False, max_length=20)),
                ('modality', models.CharField(choices=[('asserted', 'Asserted'), ('possible', 'Possible'), ('illustrative', 'Illustrative'), ('experiential', 'Experiential'), ('analogy', 'Analogy')], default='asserted', max_length=20)),
                ('likelihood', models.CharField(blank=True, choices=[('likely', 'Likely'), ('proposed', 'Proposed'), ('hypothesis', 'Hypothesis')], help_text='For mechanisms and causes only.', max_length=20)),
                ('frequency', models.CharField(blank=True, choices=[('often', 'Often'), ('sometimes', 'Sometimes'), ('some_people', 'In some people'), ('other_people', 'In other people'), ('other_times', 'At other times'), ('can', 'Can happen')], max_length=20)),
                ('ambiguous', models.BooleanField(default=False, help_text='The source may not mean this. Explain why in the note.')),
                ('attributed', models.BooleanField(default=False, help_text='This is the view of the cited source, and other sources disagree. Explain in the note.')),
                ('note', models.TextField(blank=True)),
                ('display_with', models.ForeignKey(blank=True, help_text='An item that must always be shown with this relationship.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.item')),
                ('object', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incoming_relations', to='content_app.item')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='content_app.item')),
            ],
            options={
                'verbose_name': 'relationship',
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('published_at', models.DateTimeField()),
                ('note', models.TextField(blank=True)),
                ('significance', models.CharField(choices=[('safety', 'Safety'), ('substantive', 'Substantive'), ('editorial', 'Editorial')], max_length=20)),
                ('counts', models.JSONField()),
                ('manifest_sha256', models.CharField(max_length=64, verbose_name='manifest SHA-256')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Library',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('current_release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.release')),
            ],
            options={
                'verbose_name_plural': 'library',
            },
        ),
        migrations.AddField(
            model_name='document',
            name='first_release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='content_app.release'),
        ),
        migrations.AddField(
            model_name='document',
            name='superseded_in',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_documents', to='content_app.release'),
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='content_app.item')),
            ],
            options={
                'ordering': ['item', '-number'],
            },
        ),
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_sha256', models.CharField(max_length=64, unique=True, verbose_name='token SHA-256')),
                ('body', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('uses', models.PositiveIntegerField(default=0)),
                ('last_used_at', models.DateTimeField(null=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='preview_links', to='content_app.item')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.revision')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='published_revision',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.revision'),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30, verbose_name='action')),
                ('from_status', models.CharField(blank=True, choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('to_status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], max_length=20)),
                ('happened_at', models.DateTimeField()),
                ('as_superuser', models.BooleanField(default=False, help_text='Whether this needed superuser permissions.')),
                ('note', models.TextField(blank=True)),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='content_app.item')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.revision')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('publish', 'Publish'), ('withdraw', 'Withdraw')], max_length=10, verbose_name='action')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('time_zone', models.CharField(default='UTC', max_length=60)),
                ('set_at', models.DateTimeField(verbose_name='scheduled at')),
                ('note', models.TextField(blank=True)),
                ('reason', models.CharField(blank=True, choices=[('withdrawn', 'Withdrawn'), ('replaced', 'Replaced'), ('gone', 'Gone')], max_length=20)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('put_away', 'Failed, dismissed')], default='waiting', max_length=10)),
                ('ended_at', models.DateTimeField(null=True)),
                ('failure', models.TextField(blank=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.release')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.item')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='scheduled by')),
            ],
            options={
                'ordering': ['-due_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ScheduledItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_sha256', models.CharField(blank=True, max_length=64, verbose_name='content SHA-256')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scheduled', to='content_app.item')),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='content_app.schedule')),
            ],
        ),
        migrations.AddField(
            model_name='schedule',
            name='items',
            field=models.ManyToManyField(related_name='schedules', through='content_app.ScheduledItem', to='content_app.item'),
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('place', models.IntegerField(primary_key=True, serialize=False)),
                ('first_release', models.IntegerField()),
                ('superseded_in', models.IntegerField(null=True)),
                ('item_uuid', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('sort_name', models.CharField(max_length=500)),
                ('facets', models.TextField()),
                ('names', models.TextField()),
                ('weights', models.TextField()),
                ('document', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='content_app.document')),
            ],
            options={
                'verbose_name_plural': 'search entries',
            },
        ),
        migrations.CreateModel(
            name='SearchName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.SmallIntegerField()),
                ('text', models.CharField(max_length=500)),
                ('is_start', models.BooleanField()),
                ('starts', content_app.models.fields.CodePointField(max_length=200)),
                ('whole', content_app.models.fields.CodePointField(blank=True, max_length=200)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='content_app.searchentry')),
            ],
        ),
        migrations.CreateModel(
            name='SearchTop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stem', models.CharField(max_length=40)),
                ('score', models.IntegerField()),
                ('listed_in', models.IntegerField()),
                ('dropped_in', models.IntegerField(null=True)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='content_app.searchentry')),
            ],
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_sha256', models.CharField(max_length=64, verbose_name='content SHA-256')),
                ('signed_at', models.DateTimeField()),
                ('reviewer_role', models.CharField(help_text='The role in which they reviewed it. Readers see it.', max_length=120)),
                ('is_clinical', models.BooleanField(default=False, help_text='Whether a clinician stands by the clinical content.', verbose_name='clinical review')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='content_app.item')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='content_app.revision')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sign-off',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='SourceRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_uuid', models.UUIDField()),
                ('slug', models.SlugField(db_index=False, max_length=120)),
                ('number', models.PositiveIntegerField()),
                ('verb', models.CharField(max_length=30, verbose_name='action')),
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
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('slug', models.SlugField(max_length=120, unique=True)),
                ('type', models.CharField(choices=[('lay_text', 'Lay text'), ('article', 'Journal article'), ('guideline', 'Guideline'), ('terminology', 'Terminology'), ('web_page', 'Web page'), ('book', 'Book')], max_length=20)),
                ('evidence_level', models.CharField(choices=[('guideline', 'Guideline'), ('systematic_review', 'Systematic review'), ('randomised_trial', 'Randomised trial'), ('cohort', 'Cohort'), ('diagnostic_accuracy', 'Diagnostic accuracy study'), ('case_control', 'Case-control study'), ('case_series', 'Case series'), ('consensus', 'Consensus'), ('classification', 'Classification'), ('regulator', 'Regulator'), ('expert_opinion', 'Expert opinion'), ('unreferenced_lay_text', 'Unreferenced lay text')], max_length=30)),
                ('title', models.CharField(max_length=500)),
                ('authors', models.JSONField(blank=True, default=list, help_text='One author per line.')),
                ('organisation', models.CharField(blank=True, max_length=300)),
                ('container', models.CharField(blank=True, help_text='The journal, book or website.', max_length=300, verbose_name='published in')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('url', models.CharField(blank=True, max_length=500, validators=[django.core.validators.URLValidator(['http', 'https'])], verbose_name='web address')),
                ('doi', models.CharField(blank=True, max_length=200, verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, max_length=10, verbose_name='PubMed ID')),
                ('isbn', models.CharField(blank=True, max_length=17, verbose_name='ISBN')),
                ('volume', models.CharField(blank=True, max_length=40)),
                ('issue', models.CharField(blank=True, max_length=40)),
                ('pages', models.CharField(blank=True, help_text='The pages, or the article number.', max_length=40)),
                ('accessed_on', models.DateField(blank=True, help_text='For web pages.', null=True, verbose_name='date read')),
                ('licence', models.CharField(blank=True, max_length=300)),
                ('retracted', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True, help_text='What readers need to know about this source, such as who was studied.')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('published', 'Published')], default='draft', editable=False, max_length=20)),
                ('change_note', models.TextField(blank=True, editable=False)),
                ('significance', models.CharField(blank=True, choices=[('safety', 'Safety'), ('substantive', 'Substantive'), ('editorial', 'Editorial')], editable=False, max_length=20)),
                ('signed_revision', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.sourcerevision')),
                ('published_revision', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.sourcerevision')),
            ],
            options={
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'approved', 'published'])), name='source_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['approved', 'published']), _negated=True), ('signed_revision__isnull', False), _connector='OR'), name='source_is_approved_with_a_sign_off'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_revision__isnull', False), _connector='OR'), name='source_is_published_with_a_revision'), models.CheckConstraint(condition=models.Q(('type__in', ['lay_text', 'article', 'guideline', 'terminology', 'web_page', 'book'])), name='source_type_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('aspect', models.CharField(choices=[('overview', 'Overview'), ('mechanism', 'Mechanism'), ('cause', 'Cause'), ('normal_function', 'Normal function'), ('symptoms', 'Symptoms and signs'), ('onset_and_course', 'Onset and course'), ('who_is_affected', 'Who is affected'), ('presentation', 'Presentation'), ('related_conditions', 'Related conditions'), ('impact', 'Impact'), ('lived_experience', 'Lived experience'), ('terminology', 'Terminology'), ('classification', 'Classification'), ('epidemiology', 'Epidemiology'), ('duration_threshold', 'Duration threshold'), ('risk_factors', 'Risk factors'), ('psychosocial_factors', 'Psychosocial factors'), ('other_symptoms', 'Other symptoms'), ('function', 'Daily function'), ('diagnosis', 'Diagnosis'), ('differential', 'Differential diagnosis'), ('red_flags', 'Red flags'), ('treatment', 'Treatment'), ('self_management', 'Self-management'), ('prognosis', 'Prognosis'), ('complications', 'Complications'), ('prevention', 'Prevention'), ('neurobiology', 'Neurobiology'), ('coding', 'Coding'), ('clinical_terms', 'Clinical terms'), ('evidence', 'Evidence')], max_length=30)),
                ('clinical', models.TextField(verbose_name='for clinicians')),
                ('plain', models.TextField(verbose_name='in plain words')),
                ('assertion', models.CharField(choices=[('stated', 'Stated'), ('hedged', 'Stated with a hedge'), ('example', 'Given as an example'), ('unknown', 'Said to be unknown')], default='stated', max_length=20)),
                ('likelihood', models.CharField(blank=True, choices=[('likely', 'Likely'), ('proposed', 'Proposed'), ('hypothesis', 'Hypothesis')], help_text='For mechanisms and causes only.', max_length=20)),
                ('layer', models.CharField(choices=[('source_text', 'Lay source'), ('literature', 'Literature')], default='source_text', max_length=20)),
                ('population', models.CharField(blank=True, choices=[('amps', 'AMPS'), ('crps', 'CRPS'), ('juvenile_fibromyalgia', 'Juvenile fibromyalgia'), ('fibromyalgia', 'Fibromyalgia'), ('chronic_pain_in_children', 'Chronic pain in children'), ('children_with_musculoskeletal_pain', 'Children with musculoskeletal pain'), ('adults_with_crps', 'Adults with CRPS'), ('adults', 'Adults'), ('terminology', 'No population')], help_text='Needed in the literature layer.', max_length=40)),
                ('frequency', models.CharField(blank=True, choices=[('often', 'Often'), ('sometimes', 'Sometimes'), ('some_people', 'In some people'), ('other_people', 'In other people'), ('other_times', 'At other times'), ('can', 'Can happen')], max_length=20)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='content_app.item')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('locator', models.CharField(blank=True, help_text='The place in the source, such as a paragraph, page or table.', max_length=300)),
                ('position', models.PositiveIntegerField(default=0)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='content_app.item')),
                ('name', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='content_app.name')),
                ('relation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='content_app.relation')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='content_app.source')),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='citations', to='content_app.statement')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Thread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('anchor', models.CharField(blank=True, max_length=60)),
                ('is_open', models.BooleanField(default=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='threads', to='content_app.item')),
                ('last_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('say', 'Commented'), ('resolve', 'Resolved'), ('reopen', 'Reopened')], default='say', max_length=10)),
                ('text', models.TextField(blank=True)),
                ('written_at', models.DateTimeField()),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='content_app.revision')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='content_app.thread')),
            ],
            options={
                'ordering': ['id'],
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
                ('url', models.CharField(help_text='The HTTPS address that receives events, on port 443 or 8443.', max_length=500, verbose_name='address')),
                ('description', models.CharField(blank=True, help_text='What this endpoint is for.', max_length=200)),
                ('events', models.JSONField(default=list, help_text='Only the selected events are sent.')),
                ('is_active', models.BooleanField(default=True, editable=False, verbose_name='active')),
                ('disabled_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='reason it is off')),
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
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('prefix', models.CharField(editable=False, max_length=8, unique=True)),
                ('hashed_key', models.CharField(editable=False, max_length=150)),
                ('created', models.DateTimeField(auto_now_add=True, db_index=True)),
                ('revoked', models.BooleanField(blank=True, default=False, help_text='If the API key is revoked, clients cannot use it anymore. (This cannot be undone.)')),
                ('expiry_date', models.DateTimeField(blank=True, help_text='Once API key expires, clients cannot use it anymore.', null=True, verbose_name='Expires')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='What the key is for and when it was created, such as “server, 2026-11”.', max_length=50)),
                ('last_used_on', models.DateField(editable=False, null=True, verbose_name='last used')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='content_app.apiclient')),
            ],
            options={
                'verbose_name': 'API key',
                'ordering': ['client__name', '-created'],
                'constraints': [models.UniqueConstraint(fields=('client', 'name'), name='api_key_name_is_unique_per_client', violation_error_message='This client already has, or used to have, a key with this name. Choose a different name.')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_at', models.DateTimeField(db_index=True)),
                ('act', models.CharField(max_length=40, verbose_name='action')),
                ('actor_name', models.CharField(blank=True, max_length=150)),
                ('what_kind', models.CharField(blank=True, max_length=40, verbose_name='subject type')),
                ('what_id', models.CharField(blank=True, help_text='The UUID if it has one, otherwise the database key.', max_length=64, verbose_name='subject identifier')),
                ('what_label', models.CharField(blank=True, max_length=200, verbose_name='subject')),
                ('channel', models.CharField(choices=[('web', 'web browser'), ('command', 'command line'), ('worker', 'background worker')], max_length=10)),
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
        migrations.CreateModel(
            name='Coding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(default=0)),
                ('system', models.CharField(choices=[('icd-10-cm', 'ICD-10-CM'), ('icd-10', 'ICD-10 (WHO)'), ('icd-11-mms', 'ICD-11 MMS'), ('icd-11-foundation', 'ICD-11 Foundation'), ('mesh', 'MeSH'), ('hpo', 'Human Phenotype Ontology'), ('mondo', 'Mondo Disease Ontology'), ('orphanet', 'Orphanet (ORPHAcode)'), ('snomed-ct', 'SNOMED CT'), ('umls', 'UMLS CUI')], max_length=30, verbose_name='code system')),
                ('code', models.CharField(blank=True, max_length=60)),
                ('display', models.CharField(blank=True, help_text='The title of the code in its system.', max_length=300, verbose_name='title')),
                ('match', models.CharField(choices=[('exact', 'Exact match'), ('close', 'Close match'), ('broad', 'Broad match'), ('narrow', 'Narrow match'), ('related', 'Related match'), ('none', 'No code exists'), ('not_checked', 'Not checked')], max_length=20)),
                ('version', models.CharField(help_text='The release of the code system.', max_length=300)),
                ('uri', models.CharField(blank=True, max_length=300, verbose_name='permanent address')),
                ('billable', models.BooleanField(blank=True, help_text='For ICD-10-CM only.', null=True)),
                ('verification', models.CharField(choices=[('verified', 'Verified'), ('corroborated', 'Corroborated'), ('single_source', 'Single source'), ('verified_via_xref', 'Verified by cross-reference'), ('not_checked', 'Not checked')], max_length=20)),
                ('verified_by', models.JSONField(blank=True, default=list, help_text='One per line.', verbose_name='checked against')),
                ('checked_on', models.DateField(verbose_name='date checked')),
                ('note', models.TextField(blank=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codings', to='content_app.item')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('item', 'system', 'code'), name='coding_is_unique_per_system_and_code', violation_error_message='This code has already been added.'), models.CheckConstraint(condition=models.Q(models.Q(('match__in', ('none', 'not_checked')), ('code', '')), models.Q(models.Q(('match__in', ('none', 'not_checked')), _negated=True), models.Q(('code', ''), _negated=True)), _connector='OR'), name='coding_has_a_code_unless_none_exists', violation_error_message='Enter a code, or leave it empty and choose “No code exists” or “Not checked”.')],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('condition', 'Condition'), ('concept', 'Concept'), ('symptom_type', 'Symptom type'), ('example', 'Example')], max_length=20)),
                ('slug', models.SlugField(max_length=120)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_slugs', to='content_app.item')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'slug'), name='former_slug_is_unique_per_kind')],
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
        migrations.AddIndex(
            model_name='indexterm',
            index=models.Index(fields=['name', 'value', 'document'], name='index_term_lookup'),
        ),
        migrations.AddConstraint(
            model_name='indexterm',
            constraint=models.UniqueConstraint(fields=('document', 'name', 'value'), name='index_term_is_stored_once'),
        ),
        migrations.AddConstraint(
            model_name='name',
            constraint=models.UniqueConstraint(condition=models.Q(('type', 'preferred')), fields=('item', 'language'), name='name_is_preferred_once_per_language', violation_error_message='This language already has a preferred name.'),
        ),
        migrations.AddConstraint(
            model_name='name',
            constraint=models.CheckConstraint(condition=models.Q(('language', 'en'), ('type', 'preferred'), _negated=True), name='name_preferred_in_english_is_the_items', violation_error_message="Do not add the preferred English name here: it is the item's name at the top of the page."),
        ),
        migrations.AddConstraint(
            model_name='name',
            constraint=models.UniqueConstraint(fields=('item', 'language', 'type', 'text'), name='name_is_given_once', violation_error_message='This name has already been added.'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('item', 'person'), name='presence_is_one_per_person'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('subject', 'predicate', 'object'), name='relation_is_stated_once', violation_error_message='This relationship has already been added.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('subject', models.F('object')), _negated=True), name='relation_joins_two_items', violation_error_message='An item cannot have a relationship with itself.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('object_kind__in', ['condition']), ('predicate', 'related_to'), ('subject_kind__in', ['condition'])), models.Q(('object_kind__in', ['condition']), ('predicate', 'contrasts_with'), ('subject_kind__in', ['condition'])), models.Q(('object_kind__in', ['concept', 'condition', 'symptom_type']), ('predicate', 'not_the_same_as'), ('subject_kind__in', ['concept', 'condition', 'symptom_type'])), models.Q(('object_kind__in', ['condition']), ('predicate', 'umbrella_for'), ('subject_kind__in', ['condition'])), models.Q(('object_kind__in', ['concept', 'condition', 'symptom_type']), ('predicate', 'is_kind_of'), ('subject_kind__in', ['concept', 'condition', 'symptom_type'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'has_mechanism'), ('subject_kind__in', ['condition'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'has_knowledge_gap'), ('subject_kind__in', ['condition'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'has_feature'), ('subject_kind__in', ['concept', 'condition'])), models.Q(('object_kind__in', ['symptom_type']), ('predicate', 'has_symptom'), ('subject_kind__in', ['concept', 'condition'])), models.Q(('object_kind__in', ['symptom_type']), ('predicate', 'has_quality'), ('subject_kind__in', ['concept', 'condition'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'has_pattern'), ('subject_kind__in', ['concept', 'condition'])), models.Q(('object_kind__in', ['condition']), ('predicate', 'resembles'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'affects_population'), ('subject_kind__in', ['condition'])), models.Q(('object_kind__in', ['symptom_type']), ('predicate', 'affects_function'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept', 'symptom_type']), ('predicate', 'leads_to'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['symptom_type']), ('predicate', 'manifests_as'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'disturbs'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'worsens'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'is_normal_counterpart_of'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'part_of'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'occurs_at'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'can_trigger'), ('subject_kind__in', ['concept'])), models.Q(('object_kind__in', ['concept', 'symptom_type']), ('predicate', 'illustrates'), ('subject_kind__in', ['example'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'analogy_for'), ('subject_kind__in', ['example'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'involves_site'), ('subject_kind__in', ['example'])), models.Q(('object_kind__in', ['concept']), ('predicate', 'starts_from'), ('subject_kind__in', ['example'])), _connector='OR'), name='relation_fits_its_predicate', violation_error_message='This relationship cannot link these kinds of items.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('predicate', 'is_kind_of'), _negated=True), ('subject_kind', models.F('object_kind')), _connector='OR'), name='relation_is_kind_of_stays_in_its_kind', violation_error_message='“Is a kind of” can only link two items of the same kind.'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(models.F('predicate'), django.db.models.functions.comparison.Least('subject', 'object'), django.db.models.functions.comparison.Greatest('subject', 'object'), condition=models.Q(('predicate__in', ['related_to', 'contrasts_with', 'not_the_same_as'])), name='relation_both_ways_is_stored_once', violation_error_message='The other item already has this relationship, which applies in both directions.'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='release_number_starts_at_one'),
        ),
        migrations.AddConstraint(
            model_name='library',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='library_is_one'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['kind', 'sort_name', 'item_uuid'], name='document_by_name'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['kind', 'first_release', 'item_uuid'], name='document_by_release'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['kind', 'slug'], name='document_by_slug'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['kind', 'item_uuid'], name='document_by_identifier'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['sort_name', 'item_uuid'], name='document_by_name_alone'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('item_uuid', 'version'), name='document_version_is_unique_per_item'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_in__isnull', True)), fields=('item_uuid',), name='document_is_current_once_per_item'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_in__isnull', True)), fields=('kind', 'slug'), name='document_address_is_current_once'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('superseded_in__isnull', True), ('superseded_in__gt', models.F('first_release')), _connector='OR'), name='document_is_superseded_later'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='revision_number_is_unique_per_item'),
        ),
        migrations.AddConstraint(
            model_name='previewlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='preview_link_expires_later'),
        ),
        migrations.AddConstraint(
            model_name='previewlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='preview_link_is_revoked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('kind', 'slug'), name='item_slug_is_unique_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['condition', 'concept', 'symptom_type', 'example'])), name='item_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_review', 'approved', 'published', 'withdrawn'])), name='item_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'withdrawn'), ('withdrawal_reason', ''), _connector='XOR'), name='item_is_withdrawn_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaced_by__isnull', False), ('withdrawal_reason', 'replaced')), models.Q(models.Q(('withdrawal_reason', 'replaced'), _negated=True), ('replaced_by__isnull', True)), _connector='OR'), name='item_is_replaced_by_an_item'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'published'), _negated=True), ('published_revision__isnull', False), _connector='OR'), name='item_is_published_with_a_revision'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('review_due_on__isnull', True), ('reviewed_on__isnull', True)), models.Q(('review_due_on__gt', models.F('reviewed_on')), ('reviewed_on__isnull', False)), _connector='OR'), name='item_review_is_due_after_it_was_done'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('review_cycle_months__gte', 1), ('review_cycle_months__lte', 60)), name='item_is_reviewed_every_1_to_60_months', violation_error_message='Enter a number from 1 to 60.'),
        ),
        migrations.AddConstraint(
            model_name='scheduleditem',
            constraint=models.UniqueConstraint(fields=('schedule', 'item'), name='scheduled_item_is_named_once'),
        ),
        migrations.AddIndex(
            model_name='schedule',
            index=models.Index(fields=['state', 'due_at'], name='schedule_by_state'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('act', 'withdraw'), ('reason', ''), _connector='XOR'), name='schedule_withdraws_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'waiting'), ('ended_at__isnull', False), _connector='XOR'), name='schedule_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['failed', 'put_away']), ('failure', ''), _connector='XOR'), name='schedule_fails_with_a_sentence'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'done'), ('release__isnull', True), _connector='XOR'), name='schedule_is_done_with_a_release'),
        ),
        migrations.AddIndex(
            model_name='searchname',
            index=models.Index(fields=['whole', 'entry'], name='search_name_whole'),
        ),
        migrations.AddIndex(
            model_name='searchname',
            index=models.Index(fields=['is_start', 'starts', 'entry'], name='search_name_starts'),
        ),
        migrations.AddIndex(
            model_name='searchtop',
            index=models.Index(fields=['stem', '-score', '-entry'], name='search_top_by_score'),
        ),
        migrations.AddConstraint(
            model_name='sourcerevision',
            constraint=models.UniqueConstraint(fields=('source_uuid', 'number'), name='source_revision_number_is_unique_per_source'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('relation__isnull', True), ('statement__isnull', True)), models.Q(('name__isnull', True), ('statement__isnull', True)), models.Q(('name__isnull', True), ('relation__isnull', True)), _connector='OR'), name='citation_has_one_place'),
        ),
        migrations.AddIndex(
            model_name='thread',
            index=models.Index(fields=['item', 'is_open'], name='thread_by_item'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('act', 'say'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='comment_says_something'),
        ),
        migrations.AddConstraint(
            model_name='webhookendpoint',
            constraint=models.UniqueConstraint(fields=('client', 'url'), name='webhook_endpoint_is_there_once_per_client', violation_error_message='This client already has an endpoint at this address.'),
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
        migrations.CreateModel(
            name='WithdrawalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('withdrawn', 'Withdrawn'), ('replaced', 'Replaced'), ('gone', 'Gone')], max_length=20)),
                ('note', models.TextField(verbose_name='explanation')),
                ('requested_at', models.DateTimeField(verbose_name='requested at')),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='withdrawal_request', to='content_app.item')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content_app.item')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='requested by')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', 'replaced'), ('replaced_by__isnull', False)), models.Q(models.Q(('reason', 'replaced'), _negated=True), ('replaced_by__isnull', True)), _connector='OR'), name='withdrawal_request_names_a_replacement')],
            },
        ),
        migrations.RunPython(run(FULL_TEXT), run(DROPPED)),
    ]
