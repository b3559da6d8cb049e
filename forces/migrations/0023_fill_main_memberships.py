"""Everybody who can sign in gets the main membership that they have: since they joined."""

from django.db import migrations

FILL = """
INSERT INTO forces_membership (person_id, body_id, role, from_on, is_main, source)
SELECT u.id, u.body_id, u.role, (u.joined_at AT TIME ZONE 'Europe/London')::date, true,
       CASE WHEN EXISTS (SELECT FROM socialaccount_socialaccount s WHERE s.user_id = u.id)
            THEN 'provider' ELSE 'hand' END
FROM forces_user u
WHERE u.is_active AND NOT EXISTS (
    SELECT FROM forces_membership m WHERE m.person_id = u.id AND m.is_main AND m.ended_at IS NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0022_main_memberships"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
