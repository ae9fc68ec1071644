"""The search index: its tables, the full-text tables of each database, and names in the order of code points."""

import django.db.models.deletion
from django.db import migrations, models

from content_app.publication.index.engines import ENGINES

BY_CODE_POINT = (("searchname", "starts", 200), ("searchname", "whole", 200), ("searchword", "word", 40))


def create(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        ENGINES[connection.vendor].create(cursor)
    if connection.vendor == "postgresql":
        for table, column, length in BY_CODE_POINT:
            schema_editor.execute(
                f'ALTER TABLE content_app_{table} ALTER COLUMN {column} TYPE varchar({length}) COLLATE "C"'
            )


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        ENGINES[schema_editor.connection.vendor].drop(cursor)


class Migration(migrations.Migration):
    dependencies = [("content_app", "0004_sort_order")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("place", models.IntegerField(primary_key=True, serialize=False)),
                ("first_release", models.IntegerField()),
                ("superseded_in", models.IntegerField(null=True)),
                (
                    "document",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content_app.document",
                    ),
                ),
                ("item_uuid", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("sort_name", models.CharField(max_length=500)),
                ("facets", models.TextField()),
                ("names", models.TextField()),
                ("weights", models.TextField()),
            ],
            options={"verbose_name_plural": "search entries"},
        ),
        migrations.CreateModel(
            name="SearchName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="content_app.searchentry"
                    ),
                ),
                ("rank", models.SmallIntegerField()),
                ("text", models.CharField(max_length=500)),
                ("is_start", models.BooleanField()),
                ("starts", models.CharField(max_length=200)),
                ("whole", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["whole", "entry"], name="search_name_whole"),
                    models.Index(fields=["is_start", "starts", "entry"], name="search_name_starts"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("since", models.IntegerField()),
                ("names_since", models.IntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchStem",
            fields=[
                ("stem", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("since", models.IntegerField()),
                ("entries", models.IntegerField()),
                ("common_since", models.IntegerField(null=True)),
                ("listed", models.IntegerField(default=0)),
                ("least_score", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="SearchTop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stem", models.CharField(max_length=40)),
                ("score", models.IntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content_app.searchentry",
                    ),
                ),
                ("listed_in", models.IntegerField()),
                ("dropped_in", models.IntegerField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["stem", "-score", "-entry"], name="search_top_by_score")]},
        ),
        migrations.RunPython(create, drop),
    ]
