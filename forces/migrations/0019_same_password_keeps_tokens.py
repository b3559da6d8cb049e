"""A password whose hash is made again with other parameters has not changed, and revokes nothing.

`User.check_password` sets `forces.same_password` around that change. The previous release does not
set it, and works as before.
"""

from django.db import migrations

REVOKE = """
CREATE OR REPLACE FUNCTION forces_revoke_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{condition}
    UPDATE forces_apitoken SET revoked_at = now()
    WHERE person_id = NEW.id AND revoked_at IS NULL;
    UPDATE forces_calendarfeed SET revoked_at = now()
    WHERE person_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
"""
UNLESS_SAME = """
    IF current_setting('forces.same_password', true) = 'yes'
        AND (OLD.role, OLD.body_id, OLD.is_active, lower(OLD.email))
        IS NOT DISTINCT FROM (NEW.role, NEW.body_id, NEW.is_active, lower(NEW.email))
    THEN RETURN NULL;
    END IF;"""


class Migration(migrations.Migration):
    dependencies = [("forces", "0018_hold_emails_of_a_restored_register")]
    operations = [
        migrations.RunSQL(REVOKE.format(condition=UNLESS_SAME), REVOKE.format(condition=""))
    ]
