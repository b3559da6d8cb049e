"""Adds the instant of the first claim to the stored position: days late are counted from it."""

from django.db import migrations, models

FILL = """
UPDATE recommendations_assignment a SET first_claimed_at = f.first_claimed_at
FROM (
    SELECT assignment_id, min(submitted_at) AS first_claimed_at FROM recommendations_update
    WHERE status = 'implemented' GROUP BY assignment_id
) f
WHERE f.assignment_id = a.id
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0023_no_change_and_returned")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="first_claimed_at",
            field=models.DateTimeField(
                editable=False, help_text="When the first claim was submitted.", null=True
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
