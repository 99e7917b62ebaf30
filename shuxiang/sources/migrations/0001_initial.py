"""Packs of records, targets that are asked, what they answered."""

import django.db.models.deletion
import shuxiang.common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("libraries", "0002_standards"),
    ]

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
                ("name", models.CharField(max_length=60)),
                ("address", models.CharField(max_length=300)),
                (
                    "version",
                    models.CharField(choices=[("1.1", "V11"), ("1.2", "V12")], default="1.1", max_length=3),
                ),
                ("record_schema", models.CharField(blank=True, max_length=100)),
                ("profile", models.CharField(blank=True, max_length=8)),
                ("isbn_index", models.CharField(blank=True, default="bath.isbn", max_length=40)),
                ("title_index", models.CharField(blank=True, default="dc.title", max_length=40)),
                ("timeout_seconds", models.PositiveSmallIntegerField(default=8)),
                ("allows_private", models.BooleanField(default=False)),
                ("is_used", models.BooleanField(default=True)),
                ("place", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("found", models.PositiveIntegerField(default=0)),
                ("milliseconds", models.PositiveIntegerField(default=0)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                ("modified_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["place", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("loading", "Loading"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("removing", "Removing"),
                            ("removed", "Removed"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("rows_read", models.PositiveIntegerField(default=0)),
                ("rows_made", models.PositiveIntegerField(default=0)),
                ("rows_skipped", models.PositiveIntegerField(default=0)),
                ("rows_refused", models.PositiveIntegerField(default=0)),
                ("first_refusals", models.JSONField(default=list)),
                ("brought_by", models.CharField(max_length=80)),
                ("brought_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("job_id", models.UUIDField(blank=True, null=True)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="libraries.library",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PackRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("title_key", models.CharField(max_length=120)),
                ("profile", models.CharField(max_length=8)),
                ("encoding", models.CharField(max_length=20)),
                ("content", models.BinaryField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="records", to="sources.pack"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PackNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(db_index=True, max_length=40)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="numbers",
                        to="sources.packrecord",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("profile", models.CharField(max_length=8)),
                ("encoding", models.CharField(max_length=20)),
                ("content", models.BinaryField()),
                ("received_at", models.DateTimeField(db_index=True)),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="sources.target",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="pack",
            index=models.Index(fields=["-brought_at"], name="pack_brought"),
        ),
        migrations.AddIndex(
            model_name="packrecord",
            index=models.Index(
                fields=["title_key"], name="pack_record_title", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="packrecord",
            constraint=models.UniqueConstraint(fields=("pack", "position"), name="pack_record_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("target", "sha256"), name="answer_once"),
        ),
    ]
