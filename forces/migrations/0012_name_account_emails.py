"""Rename AccountMail to AccountEmail in the code; the table keeps its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("forces", "0011_organisation_in_error_message")]

    operations = [
        migrations.AlterModelTable(name="accountmail", table="forces_accountmail"),
        migrations.RenameModel(old_name="AccountMail", new_name="AccountEmail"),
    ]
