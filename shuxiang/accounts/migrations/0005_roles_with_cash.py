from django.db import migrations

from shuxiang.accounts.shipped import install


def write_roles(apps, schema_editor):
    install(apps.get_model("accounts", "Role"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_roles_with_codes")]
    operations = [migrations.RunPython(write_roles, migrations.RunPython.noop)]
