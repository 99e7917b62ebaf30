"""Weeding and the review of titles."""

import django.db.models.deletion
import shuxiang.common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("holdings", "0007_parts_of_a_call_number"),
        ("libraries", "0002_standards"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReviewList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("document", models.CharField(blank=True, max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[("matching", "Matching"), ("ready", "Ready")],
                        default="matching",
                        max_length=8,
                    ),
                ),
                ("entries_read", models.PositiveIntegerField(default=0)),
                ("skipped", models.PositiveIntegerField(default=0)),
                ("job_id", models.UUIDField(blank=True, null=True)),
                ("created_by", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_lists",
                        to="libraries.library",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReviewEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("isbn", models.CharField(blank=True, max_length=40)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("authors", models.CharField(blank=True, max_length=300)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("is_matched", models.BooleanField(default=False)),
                (
                    "review_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="weeding.reviewlist",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "review entries",
            },
        ),
        migrations.CreateModel(
            name="ReviewMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[("sure", "Sure"), ("likely", "Likely"), ("possible", "Possible")],
                        max_length=8,
                    ),
                ),
                ("by", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("aside", "Aside"),
                            ("passed", "Passed"),
                            ("other", "Other"),
                            ("listed", "Listed"),
                        ],
                        default="open",
                        max_length=6,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("illegal", "Illegal"),
                            ("unsuitable", "Unsuitable"),
                            ("worthless", "Worthless"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="weeding.reviewentry",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_matches",
                        to="holdings.holding",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "review matches",
            },
        ),
        migrations.CreateModel(
            name="WeedingList",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("worn", "Worn"),
                            ("outdated", "Outdated"),
                            ("lost", "Lost"),
                            ("lost-paid", "Lost Paid"),
                            ("transferred", "Transferred"),
                            ("review", "Review"),
                            ("stocktake", "Stocktake"),
                            ("reversal", "Reversal"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposing", "Proposing"),
                            ("draft", "Draft"),
                            ("approved", "Approved"),
                            ("striking", "Striking"),
                            ("struck", "Struck"),
                            ("undoing", "Undoing"),
                            ("undone", "Undone"),
                        ],
                        default="proposing",
                        max_length=10,
                    ),
                ),
                ("criteria", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("next_holding", models.BigIntegerField(default=0)),
                ("approved_by", models.CharField(blank=True, max_length=60)),
                ("approved_on", models.DateField(blank=True, null=True)),
                ("document", models.CharField(blank=True, max_length=100)),
                (
                    "disposition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("scrap", "Scrap"),
                            ("allocate", "Allocate"),
                            ("exchange", "Exchange"),
                            ("sale", "Sale"),
                            ("store", "Store"),
                        ],
                        max_length=8,
                    ),
                ),
                ("struck_on", models.DateField(blank=True, null=True)),
                ("undo_id", models.UUIDField(blank=True, null=True)),
                ("job_id", models.UUIDField(blank=True, null=True)),
                ("created_by", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weeding_lists",
                        to="libraries.library",
                    ),
                ),
                (
                    "reversal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="holdings.withdrawal",
                    ),
                ),
                (
                    "withdrawal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weeding_lists",
                        to="holdings.withdrawal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WeedingLine",
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
                            ("in", "In"),
                            ("out", "Out"),
                            ("kept", "Kept"),
                            ("struck", "Struck"),
                            ("left", "Left"),
                            ("back", "Back"),
                        ],
                        default="in",
                        max_length=6,
                    ),
                ),
                ("why", models.JSONField(default=list)),
                ("left", models.JSONField(default=list)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weeding_lines",
                        to="holdings.item",
                    ),
                ),
                (
                    "weeding_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="weeding.weedinglist",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WeedingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("never_lent_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("age_years", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("copies_over", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("only_worn", models.BooleanField(default=False)),
                ("clc", models.CharField(blank=True, max_length=20)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("worn", "Worn"),
                            ("outdated", "Outdated"),
                            ("lost", "Lost"),
                            ("lost-paid", "Lost Paid"),
                            ("transferred", "Transferred"),
                            ("review", "Review"),
                            ("stocktake", "Stocktake"),
                            ("reversal", "Reversal"),
                        ],
                        default="outdated",
                        max_length=12,
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weeding_rules",
                        to="libraries.library",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="holdings.shelvinglocation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("worn", "Worn"),
                            ("damaged", "Damaged"),
                            ("stained", "Stained"),
                            ("incomplete", "Incomplete"),
                            ("outdated", "Outdated"),
                        ],
                        max_length=10,
                    ),
                ),
                ("noted_on", models.DateField()),
                ("noted_by", models.CharField(max_length=80)),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="condition",
                        to="holdings.item",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="libraries.library"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["library", "noted_on"], name="condition_noted")],
            },
        ),
        migrations.CreateModel(
            name="Keep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(max_length=100)),
                ("kept_by", models.CharField(max_length=80)),
                ("kept_at", models.DateTimeField()),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="kept", to="holdings.item"
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="libraries.library"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["library", "until_on"], name="keep_until")],
            },
        ),
        migrations.AddIndex(
            model_name="reviewlist",
            index=models.Index(fields=["library", "-created_at"], name="review_list_latest"),
        ),
        migrations.AddConstraint(
            model_name="reviewentry",
            constraint=models.UniqueConstraint(fields=("review_list", "row"), name="review_entry_row"),
        ),
        migrations.AddConstraint(
            model_name="reviewmatch",
            constraint=models.UniqueConstraint(fields=("entry", "holding"), name="review_match_once"),
        ),
        migrations.AddConstraint(
            model_name="weedinglist",
            constraint=models.UniqueConstraint(fields=("library", "number"), name="weeding_list_number"),
        ),
        migrations.AddIndex(
            model_name="weedingline",
            index=models.Index(fields=["weeding_list", "state"], name="weeding_line_state"),
        ),
        migrations.AddConstraint(
            model_name="weedingline",
            constraint=models.UniqueConstraint(fields=("weeding_list", "item"), name="weeding_item_once"),
        ),
        migrations.AddConstraint(
            model_name="weedingrule",
            constraint=models.UniqueConstraint(fields=("library", "name"), name="weeding_rule_name"),
        ),
    ]
