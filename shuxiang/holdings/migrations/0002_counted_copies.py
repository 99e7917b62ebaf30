"""A holding counts its copies and carries what it is filtered by: columns, one statement that fills them, indexes.

Columns are added by hand: Django would copy the table once for each on SQLite.
"""

from django.db import migrations, models

COLUMNS = {
    "on_books": "integer NOT NULL DEFAULT 0",
    "on_shelf": "integer NOT NULL DEFAULT 0",
    "facets": "varchar(1000) NOT NULL DEFAULT ''",
    "times_lent": "integer NOT NULL DEFAULT 0",
}
ON_BOOKS = "'binding', 'corner', 'display', 'loan', 'mending', 'missing', 'shelf'"
ON_SHELF = "'corner', 'display', 'shelf'"
ITEMS = "FROM holdings_item i WHERE i.holding_id = holdings_holding.id AND i.account IN"
YEAR = {
    "sqlite": "printf('%04d', COALESCE(r.pub_year, 0))",
    "postgresql": "lpad(COALESCE(r.pub_year, 0)::text, 4, '0')",
}
JOINED = {
    "sqlite": "group_concat(home_id, ',')",
    "postgresql": "string_agg(home_id::text, ',' ORDER BY home_id)",
}


def count(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    schema_editor.execute(
        f"UPDATE holdings_holding SET on_books = (SELECT COUNT(*) {ITEMS} ({ON_BOOKS})),"
        f" on_shelf = (SELECT COUNT(*) {ITEMS} ({ON_SHELF})),"
        f" facets = COALESCE((SELECT {YEAR[vendor]} || '|' || REPLACE(SUBSTR(CASE WHEN holdings_holding.clc = '' THEN r.clc"
        " ELSE holdings_holding.clc END, 1, 20), '|', '') || '|' || REPLACE(r.audience, '|', '') || '|'"
        " FROM catalogue_bibliographicrecord r WHERE r.id = holdings_holding.record_id"
        " AND r.deleted_at IS NULL)"
        f" || COALESCE((SELECT ',' || {JOINED[vendor]} || ',' FROM"
        f" (SELECT DISTINCT i.home_id {ITEMS} ({ON_BOOKS}) ORDER BY 1 LIMIT 100) homes), ''), '')",
        params=None,
    )


class Migration(migrations.Migration):
    dependencies = [("holdings", "0001_initial"), ("catalogue", "0002_search")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        f"ALTER TABLE holdings_holding ADD COLUMN {name} {kind}"
                        for name, kind in COLUMNS.items()
                    ],
                    [f"ALTER TABLE holdings_holding DROP COLUMN {name}" for name in COLUMNS],
                )
            ],
            state_operations=[
                migrations.AddField("holding", "on_books", models.IntegerField(db_default=0, default=0)),
                migrations.AddField("holding", "on_shelf", models.IntegerField(db_default=0, default=0)),
                migrations.AddField(
                    "holding", "facets", models.CharField(blank=True, db_default="", default="", max_length=1000)
                ),
                migrations.AddField("holding", "times_lent", models.IntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.AddIndex(
            "item", models.Index(fields=["holding", "account", "home"], name="item_holding_account_home")
        ),
        migrations.RemoveIndex("item", "item_holding_account"),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.AddIndex(
            "holding", models.Index(fields=["library", "record", "facets", "on_shelf"], name="holding_find")
        ),
        migrations.AddIndex(
            "holding", models.Index(fields=["library", "times_lent", "record"], name="holding_times_lent")
        ),
        migrations.RemoveIndex("holding", "holding_record_library"),
    ]
