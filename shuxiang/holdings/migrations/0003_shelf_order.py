"""All titles in the order of the shelves, without sorting them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("holdings", "0002_counted_copies")]

    operations = [
        migrations.AddIndex(
            "holding",
            models.Index(
                fields=["library", "call_number_sort", "record"],
                name="holding_shelf_order",
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
            ),
        ),
    ]
