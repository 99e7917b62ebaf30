from django.db import migrations


def lose(apps, schema_editor):
    apps.get_model("files", "StoredFile").objects.filter(name="照片.jpg").delete()


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunPython(lose)]
