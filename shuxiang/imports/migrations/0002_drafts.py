"""Drafts of imports: a file that was brought, and the verdicts of its dry run; a run names its job."""

import django.db.models.deletion
import shuxiang.common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("files", "0001_initial"),
        ("imports", "0001_initial"),
        ("libraries", "0002_standards"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="job",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="audit.job",
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("columns", "Columns"),
                            ("unreadable", "Unreadable"),
                            ("checked", "Checked"),
                            ("started", "Started"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("head", models.JSONField(default=dict)),
                ("mapping", models.JSONField(default=dict)),
                ("options", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                ("failure", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("totals", models.JSONField(default=dict)),
                ("round", models.PositiveIntegerField(default=0)),
                ("requested_by", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="audit.job",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="import_drafts",
                        to="libraries.library",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft",
                        to="imports.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("sheet", models.CharField(blank=True, max_length=60)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("made", "Made"),
                            ("changed", "Changed"),
                            ("skipped", "Skipped"),
                            ("refused", "Refused"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_remarked", models.BooleanField(default=False)),
                ("reasons", models.JSONField(default=list)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("volumes", models.PositiveIntegerField(blank=True, null=True)),
                ("cells", models.JSONField(default=dict)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="imports.draft"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["library", "-created_at"], name="draft_library_created"),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["touched_at"], name="draft_touched"),
        ),
        migrations.AddIndex(
            model_name="draftrow",
            index=models.Index(fields=["draft", "verdict", "sheet", "number"], name="draft_row_verdict"),
        ),
        migrations.AddIndex(
            model_name="draftrow",
            index=models.Index(fields=["draft", "is_remarked", "sheet", "number"], name="draft_row_remarked"),
        ),
        migrations.AddConstraint(
            model_name="draftrow",
            constraint=models.UniqueConstraint(fields=("draft", "sheet", "number"), name="draft_row"),
        ),
    ]
