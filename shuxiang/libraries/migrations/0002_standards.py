from django.db import migrations

from shuxiang.libraries.standards import install


def write_standards(apps, schema_editor):
    install(apps.get_model("libraries", "Standard"))


class Migration(migrations.Migration):
    dependencies = [("libraries", "0001_initial")]
    operations = [migrations.RunPython(write_standards, migrations.RunPython.noop)]
