"""A changed password or access revokes API tokens and calendar addresses, whoever changes it.

Coming back to the former role or organisation does not revive them. The columns are those that end
all sessions: `ACCESS_FIELDS` in `forces/admin.py`, and the password.
"""

from django.db import migrations

REVOKE = """
CREATE FUNCTION forces_revoke_tokens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE forces_apitoken SET revoked_at = now()
    WHERE person_id = NEW.id AND revoked_at IS NULL;
    UPDATE forces_calendarfeed SET revoked_at = now()
    WHERE person_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER revoke_tokens AFTER UPDATE OF password, role, body_id, is_active, email
ON forces_user FOR EACH ROW
WHEN (
    (OLD.password, OLD.role, OLD.body_id, OLD.is_active, lower(OLD.email))
    IS DISTINCT FROM (NEW.password, NEW.role, NEW.body_id, NEW.is_active, lower(NEW.email))
)
EXECUTE FUNCTION forces_revoke_tokens();
"""
KEEP = """
DROP TRIGGER revoke_tokens ON forces_user;
DROP FUNCTION forces_revoke_tokens();
"""


class Migration(migrations.Migration):
    dependencies = [("forces", "0015_email_in_normal_form")]
    operations = [migrations.RunSQL(REVOKE, KEEP)]
