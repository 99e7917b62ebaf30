from django.db import migrations

from shuxiang.accounts.shipped import install


def write_roles(apps, schema_editor):
    install(apps.get_model("accounts", "Role"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_kiosks")]
    operations = [migrations.RunPython(write_roles, migrations.RunPython.noop)]
