"""A call number has an auxiliary part (辅助区分号), and volumes written in Chinese sort by their number.

The column is added by hand, because Django would copy the table for it on SQLite; keys are made anew only where a call
number holds other than ASCII signs behind its class.
"""

from django.db import migrations, models

from shuxiang.catalogue.clc import class_sort_key

ODD = {
    "sqlite": "call_number LIKE '%%/%%' AND call_number GLOB '*[^ -~]*'",
    "postgresql": "call_number LIKE '%%/%%' AND call_number ~ '[^ -~]'",
}


def sort_anew(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, call_number FROM holdings_holding WHERE {ODD[connection.vendor]}", [])
        rows = [(class_sort_key(call_number)[:300], key) for key, call_number in cursor.fetchall()]
        cursor.executemany("UPDATE holdings_holding SET call_number_sort = %s WHERE id = %s", rows)


class Migration(migrations.Migration):
    dependencies = [("holdings", "0006_closed_years")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE holdings_holding ADD COLUMN auxiliary varchar(40) NOT NULL DEFAULT ''",
                    "ALTER TABLE holdings_holding DROP COLUMN auxiliary",
                )
            ],
            state_operations=[
                migrations.AddField(
                    "holding",
                    "auxiliary",
                    models.CharField(blank=True, db_default="", default="", max_length=40),
                )
            ],
        ),
        migrations.AddConstraint(
            "holding",
            models.UniqueConstraint(
                condition=models.Q(("book_number__isnull", False)),
                fields=("library", "group", "clc", "book_number", "auxiliary"),
                name="holding_numbered_once",
            ),
        ),
        migrations.RemoveConstraint("holding", "holding_book_number"),
        migrations.RunPython(sort_anew, migrations.RunPython.noop),
    ]
