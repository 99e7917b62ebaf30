import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("libraries", "0002_standards"),
        ("patrons", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PictureCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=128)),
                ("set_at", models.DateTimeField()),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("wrong_at", models.DateTimeField(blank=True, null=True)),
                (
                    "patron",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="picture_code",
                        to="patrons.patron",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReaderPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shows_history", models.BooleanField(default=False)),
                (
                    "library",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reader_page",
                        to="libraries.library",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeviceTries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device", models.CharField(max_length=64)),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("wrong_at", models.DateTimeField()),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="libraries.library"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "device tries",
                "constraints": [
                    models.UniqueConstraint(fields=("library", "device"), name="device_tries_once")
                ],
            },
        ),
    ]
