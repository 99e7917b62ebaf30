from django.db import migrations


def lose(apps, schema_editor):
    apps.get_model("files", "StoredFile").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunPython(lose)]
