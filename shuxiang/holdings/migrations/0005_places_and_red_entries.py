"""Where places end and how much they hold, volumes carried about together, withdrawals that are taken back."""

import django.db.models.deletion
import shuxiang.common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("holdings", "0004_orders_not_covering"),
        ("libraries", "0002_standards"),
    ]

    operations = [
        migrations.AddField(
            model_name="shelvinglocation",
            name="bays",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="shelvinglocation",
            name="position",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="shelvinglocation",
            name="shelves_per_bay",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="shelvinglocation",
            name="until_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="shelvinglocation",
            name="volumes_per_shelf",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="approved_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="disposition",
            field=models.CharField(
                blank=True,
                choices=[
                    ("scrap", "Scrap"),
                    ("allocate", "Allocate"),
                    ("exchange", "Exchange"),
                    ("sale", "Sale"),
                    ("store", "Store"),
                ],
                db_default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="restores",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="restored_by",
                to="holdings.withdrawal",
            ),
        ),
        migrations.AlterField(
            model_name="item",
            name="account",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("shelf", "Shelf"),
                    ("loan", "Loan"),
                    ("corner", "Corner"),
                    ("mending", "Mending"),
                    ("binding", "Binding"),
                    ("display", "Display"),
                    ("missing", "Missing"),
                    ("review", "Review"),
                    ("withdrawn", "Withdrawn"),
                    ("void", "Void"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="movement",
            name="source",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("shelf", "Shelf"),
                    ("loan", "Loan"),
                    ("corner", "Corner"),
                    ("mending", "Mending"),
                    ("binding", "Binding"),
                    ("display", "Display"),
                    ("missing", "Missing"),
                    ("review", "Review"),
                    ("withdrawn", "Withdrawn"),
                    ("void", "Void"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="movement",
            name="target",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("shelf", "Shelf"),
                    ("loan", "Loan"),
                    ("corner", "Corner"),
                    ("mending", "Mending"),
                    ("binding", "Binding"),
                    ("display", "Display"),
                    ("missing", "Missing"),
                    ("review", "Review"),
                    ("withdrawn", "Withdrawn"),
                    ("void", "Void"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="withdrawal",
            name="amount_fen",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="withdrawal",
            name="titles",
            field=models.IntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="withdrawal",
            name="unknown_prices",
            field=models.IntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="withdrawal",
            name="volumes",
            field=models.IntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Carriage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("to_name", models.CharField(blank=True, max_length=60)),
                ("is_home", models.BooleanField(default=True)),
                ("chosen", models.JSONField(default=dict)),
                ("unknown", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("foreseen", "Foreseen"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                        ],
                        default="foreseen",
                        max_length=8,
                    ),
                ),
                ("volumes", models.PositiveIntegerField(default=0)),
                ("moved", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("back", models.PositiveIntegerField(default=0)),
                ("job_id", models.UUIDField(blank=True, null=True)),
                ("created_by", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("on", models.DateField(blank=True, null=True)),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="carriages",
                        to="libraries.library",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="holdings.shelvinglocation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CarriageLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("moved", "Moved"),
                            ("skipped", "Skipped"),
                            ("back", "Back"),
                            ("kept", "Kept"),
                        ],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=40)),
                ("was_elsewhere", models.BooleanField(default=False)),
                (
                    "carriage",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="holdings.carriage",
                    ),
                ),
                (
                    "current_before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="holdings.shelvinglocation",
                    ),
                ),
                (
                    "home_before",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="holdings.shelvinglocation",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="holdings.item"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Shelf",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bay", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("first", models.CharField(blank=True, max_length=100)),
                ("last", models.CharField(blank=True, max_length=100)),
                ("first_sort", models.CharField(blank=True, max_length=300)),
                ("last_sort", models.CharField(blank=True, max_length=300)),
                ("volumes", models.PositiveIntegerField(default=0)),
                ("laid_out_on", models.DateField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="libraries.library"
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shelves",
                        to="holdings.shelvinglocation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "shelves",
            },
        ),
        migrations.CreateModel(
            name="StrikeReversal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("withdrawn_on", models.DateField()),
                ("restored_on", models.DateField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="libraries.library"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strikings_reversed",
                        to="holdings.propertyline",
                    ),
                ),
                (
                    "reversal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines_restored",
                        to="holdings.withdrawal",
                    ),
                ),
                (
                    "withdrawal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines_reversed",
                        to="holdings.withdrawal",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="carriage",
            index=models.Index(fields=["library", "-created_at"], name="carriage_latest"),
        ),
        migrations.AddIndex(
            model_name="carriageline",
            index=models.Index(fields=["carriage", "state"], name="carriage_line_state"),
        ),
        migrations.AddConstraint(
            model_name="carriageline",
            constraint=models.UniqueConstraint(fields=("carriage", "item"), name="carriage_item_once"),
        ),
        migrations.AddConstraint(
            model_name="shelf",
            constraint=models.UniqueConstraint(fields=("location", "bay", "number"), name="shelf_in_place"),
        ),
        migrations.AddIndex(
            model_name="strikereversal",
            index=models.Index(fields=["library", "withdrawn_on"], name="strike_reversed_on"),
        ),
        migrations.AddConstraint(
            model_name="strikereversal",
            constraint=models.UniqueConstraint(fields=("line", "withdrawal"), name="strike_reversed_once"),
        ),
    ]
