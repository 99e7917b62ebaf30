import django.db.models.deletion
import shuxiang.common.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("circulation", "0003_in_room_uses"),
        ("holdings", "0008_entered_under"),
        ("libraries", "0002_standards"),
        ("patrons", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CornerCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=60)),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=80)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("missing_operation", models.UUIDField(blank=True, null=True)),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corner_checks",
                        to="libraries.library",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corner_checks",
                        to="holdings.shelvinglocation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CornerMove",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("fill", "Fill"), ("exchange", "Exchange"), ("home", "Home")], max_length=8
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="holdings.carriage",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corner_moves",
                        to="libraries.library",
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="holdings.shelvinglocation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="holdings.shelvinglocation",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="holdings.carriage",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeliveryRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivery_rounds",
                        to="libraries.library",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Box",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("going", "Going"),
                            ("out", "Out"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=9,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("out_on", models.DateField(blank=True, null=True)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("is_delivered", models.BooleanField(default=False)),
                ("is_collected", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                (
                    "came_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="went_to",
                        to="corners.box",
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="class_boxes",
                        to="libraries.library",
                    ),
                ),
                (
                    "patron",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="class_boxes",
                        to="patrons.patron",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="boxes",
                        to="corners.deliveryround",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "boxes",
            },
        ),
        migrations.CreateModel(
            name="DriftBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("author", models.CharField(blank=True, max_length=100)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("giver", models.CharField(blank=True, max_length=60)),
                ("class_label", models.CharField(blank=True, max_length=30)),
                ("released_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[("home", "Home"), ("stays", "Stays"), ("lost", "Lost")],
                        max_length=5,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drift_books",
                        to="libraries.library",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DriftComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("signed", models.CharField(blank=True, max_length=60)),
                ("class_label", models.CharField(blank=True, max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("shown", "Shown"), ("hidden", "Hidden")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="corners.driftbook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DriftHop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("who", models.CharField(blank=True, max_length=60)),
                ("class_label", models.CharField(blank=True, max_length=30)),
                ("place", models.CharField(blank=True, max_length=60)),
                ("created_at", models.DateTimeField()),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hops",
                        to="corners.driftbook",
                    ),
                ),
                (
                    "patron",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="patrons.patron",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OwnBook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("author", models.CharField(blank=True, max_length=100)),
                ("received_on", models.DateField()),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "ended",
                    models.CharField(blank=True, choices=[("home", "Home"), ("lost", "Lost")], max_length=4),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_books",
                        to="libraries.library",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_books",
                        to="holdings.shelvinglocation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="own_books",
                        to="patrons.patron",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CornerScan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="holdings.item",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scans",
                        to="corners.cornercheck",
                    ),
                ),
                (
                    "own",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="corners.ownbook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CornerLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heap", models.CharField(max_length=8)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("title", models.CharField(max_length=500)),
                ("price_fen", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="holdings.item",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="corners.cornercheck",
                    ),
                ),
                (
                    "who",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="patrons.patron",
                    ),
                ),
                (
                    "own",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="corners.ownbook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OwnLoan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("out_on", models.DateField()),
                ("in_on", models.DateField(blank=True, null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loans",
                        to="corners.ownbook",
                    ),
                ),
                (
                    "patron",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="patrons.patron",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=shuxiang.common.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("entered", "Entered"), ("undone", "Undone")],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(max_length=80)),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_sheets",
                        to="libraries.library",
                    ),
                ),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="libraries.schoolclass",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PaperRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("on_text", models.CharField(blank=True, max_length=20)),
                ("reader_text", models.CharField(blank=True, max_length=60)),
                ("book_text", models.CharField(blank=True, max_length=200)),
                ("back_text", models.CharField(blank=True, max_length=20)),
                ("on", models.DateField(blank=True, null=True)),
                ("back_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("undone", "Undone"),
                        ],
                        default="draft",
                        max_length=7,
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="holdings.item",
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="circulation.loan",
                    ),
                ),
                (
                    "own_loan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="corners.ownloan",
                    ),
                ),
                (
                    "patron",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patrons.patron",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="corners.papersheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BoxLine",
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
                        choices=[("planned", "Planned"), ("lent", "Lent"), ("skipped", "Skipped")],
                        default="planned",
                        max_length=7,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=40)),
                (
                    "box",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="corners.box"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="holdings.item"
                    ),
                ),
                (
                    "loan",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="box_line",
                        to="circulation.loan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("box", "item"), name="box_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("loan__isnull", False), ("state", "lent")),
                            models.Q(models.Q(("state", "lent"), _negated=True), ("loan__isnull", True)),
                            _connector="OR",
                        ),
                        name="box_line_lent_has_loan",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="cornercheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("location",),
                name="corner_check_one_open",
            ),
        ),
        migrations.AddIndex(
            model_name="cornermove",
            index=models.Index(fields=["library", "-created_at"], name="corner_move_latest"),
        ),
        migrations.AddIndex(
            model_name="deliveryround",
            index=models.Index(fields=["library", "on"], name="delivery_round_on"),
        ),
        migrations.AddIndex(
            model_name="box",
            index=models.Index(fields=["library", "state", "out_on"], name="box_state"),
        ),
        migrations.AddConstraint(
            model_name="box",
            constraint=models.UniqueConstraint(fields=("library", "number"), name="box_number"),
        ),
        migrations.AddConstraint(
            model_name="driftbook",
            constraint=models.UniqueConstraint(fields=("library", "number"), name="drift_number"),
        ),
        migrations.AddConstraint(
            model_name="driftbook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_on__isnull", True)),
                    models.Q(("ended_on__isnull", False), models.Q(("ended", ""), _negated=True)),
                    _connector="OR",
                ),
                name="drift_ended_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="driftcomment",
            index=models.Index(fields=["book", "state"], name="drift_comment_state"),
        ),
        migrations.AddIndex(
            model_name="drifthop",
            index=models.Index(fields=["book", "on"], name="drift_hop_on"),
        ),
        migrations.AddConstraint(
            model_name="ownbook",
            constraint=models.UniqueConstraint(fields=("library", "number"), name="own_book_number"),
        ),
        migrations.AddConstraint(
            model_name="ownbook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended", ""), ("ended_on__isnull", True)),
                    models.Q(("ended_on__isnull", False), models.Q(("ended", ""), _negated=True)),
                    _connector="OR",
                ),
                name="own_book_ended_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="cornerscan",
            constraint=models.UniqueConstraint(fields=("of", "code"), name="corner_scan_once"),
        ),
        migrations.AddIndex(
            model_name="cornerline",
            index=models.Index(fields=["of", "heap"], name="corner_line_heap"),
        ),
        migrations.AddConstraint(
            model_name="ownloan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("in_on__isnull", True)), fields=("book",), name="own_loan_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="ownloan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_on__isnull", True), ("in_on__gte", models.F("out_on")), _connector="OR"
                ),
                name="own_loan_order",
            ),
        ),
        migrations.AddIndex(
            model_name="papersheet",
            index=models.Index(fields=["library", "-created_at"], name="paper_sheet_latest"),
        ),
        migrations.AddConstraint(
            model_name="paperrow",
            constraint=models.UniqueConstraint(fields=("sheet", "position"), name="paper_row_position"),
        ),
        migrations.AddConstraint(
            model_name="paperrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("back_on__isnull", True), ("back_on__gte", models.F("on")), _connector="OR"
                ),
                name="paper_row_order",
            ),
        ),
    ]
