"""Snapshots hold content only: whole pages, and the seed of the markers in them, are gone.

The column is removed from the model's state but stays in the table, with its database default:
while an upgrade runs, processes of the release before still read it.
"""

from django.db import migrations

DELETE_WHOLE_PAGES = "DELETE FROM recommendations_snapshot WHERE name LIKE 'page:%'"


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0019_fill_mail_of_a_role")]

    operations = [
        migrations.RunSQL(DELETE_WHOLE_PAGES, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="snapshot", name="seed")]
        ),
    ]
