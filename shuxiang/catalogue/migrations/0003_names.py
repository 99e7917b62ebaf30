"""Names of people and subjects to suggest while something is typed; a job fills the table."""

from django.db import migrations, models

PATTERNS = ["varchar_pattern_ops", "int4_ops"]


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_search")]

    operations = [
        migrations.CreateModel(
            name="Name",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("author", "Author"), ("subject", "Subject")], max_length=7)),
                ("text", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=40)),
                ("pinyin", models.CharField(blank=True, max_length=240)),
                ("initials", models.CharField(blank=True, max_length=40)),
                ("uses", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="name_once")],
                "indexes": [
                    models.Index(fields=["key", "uses"], name="name_key", opclasses=PATTERNS),
                    models.Index(fields=["pinyin", "uses"], name="name_pinyin", opclasses=PATTERNS),
                    models.Index(fields=["initials", "uses"], name="name_initials", opclasses=PATTERNS),
                ],
            },
        ),
    ]
