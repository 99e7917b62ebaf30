"""The indexes of two orders lose the record: covering it, SQLite took them for look-ups of a record and read them whole."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("holdings", "0003_shelf_order")]

    operations = [
        migrations.RemoveIndex("holding", "holding_times_lent"),
        migrations.RemoveIndex("holding", "holding_shelf_order"),
        migrations.AddIndex(
            "holding", models.Index(fields=["library", "times_lent"], name="holding_most_lent")
        ),
        migrations.AddIndex(
            "holding",
            models.Index(
                fields=["library", "call_number_sort"],
                name="holding_on_shelves",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ),
    ]
