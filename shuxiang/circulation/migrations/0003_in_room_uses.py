from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_initial"),
        ("circulation", "0002_lost_loans"),
        ("holdings", "0008_entered_under"),
        ("libraries", "0002_standards"),
    ]

    operations = [
        migrations.CreateModel(
            name="InRoomUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT, related_name="in_room_uses", to="holdings.item"
                    ),
                ),
                (
                    "library",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT, related_name="+", to="libraries.library"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT, related_name="+", to="audit.operation"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["library", "on"], name="in_room_use_on")]},
        ),
    ]
