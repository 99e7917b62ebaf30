"""What a library means to reach with a figure in a period."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("libraries", "0002_standards")]

    operations = [
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("figure", models.CharField(max_length=80)),
                ("period", models.CharField(max_length=30)),
                ("value", models.DecimalField(decimal_places=4, max_digits=14)),
                ("set_at", models.DateTimeField()),
                (
                    "library",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="libraries.library"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("library", "period", "figure"), name="figures_target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 0)), name="figures_target_not_negative"
                    ),
                ],
            },
        ),
    ]
