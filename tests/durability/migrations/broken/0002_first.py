from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [
        migrations.AddField(
            "StoredFile", "colour", models.CharField(max_length=20, default="", db_default="")
        ),
    ]
