"""The function that chains audit events always finds the last event by its index.

PostgreSQL plans it once in each connection. If the table was empty then, the plan read the whole
table for each new event, so loading many took time with the square of their number.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("forces", "0034_second_reviewers")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION forces_audit_chain() SET enable_seqscan = off",
            "ALTER FUNCTION forces_audit_chain() RESET enable_seqscan",
        ),
    ]
