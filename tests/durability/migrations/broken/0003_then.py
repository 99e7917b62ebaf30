from django.db import migrations


def fail(apps, schema_editor):
    raise RuntimeError("the programmer did not think of this")


class Migration(migrations.Migration):
    dependencies = [("files", "0002_first")]
    operations = [migrations.RunPython(fail)]
