"""The full-text index: FTS5 on SQLite, tsvector with GIN on PostgreSQL."""

from django.db import migrations, models

from shuxiang.common.text import FTS5_TOKENIZER

SQLITE = (
    "CREATE VIRTUAL TABLE catalogue_search USING fts5("
    f"title, authors, subjects, publisher, series, letters, tokenize = \"{FTS5_TOKENIZER}\")"
)
POSTGRESQL = (
    "CREATE TABLE catalogue_search (rowid bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    "CREATE INDEX catalogue_search_tokens ON catalogue_search USING gin (tokens)",
)


def create(apps, schema_editor):
    for statement in (SQLITE,) if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE catalogue_search")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(create, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchRow",
                    fields=[("record_id", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False))],
                    options={"db_table": "catalogue_search"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("built_at", models.DateTimeField()),
            ],
        ),
    ]
