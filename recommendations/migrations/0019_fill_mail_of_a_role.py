"""What waits is for the role and the body that its reader has now."""

from django.db import migrations

FILL = """
UPDATE recommendations_outboxmail m
SET for_role = u.role, for_body_id = u.body_id
FROM forces_user u WHERE u.id = m.reader_id;
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0018_mail_of_a_role")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
