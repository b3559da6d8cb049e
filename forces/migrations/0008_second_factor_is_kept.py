"""`has_second_factor` follows the factors themselves, whoever adds or removes one."""

from django.db import migrations

KEEP = """
CREATE FUNCTION forces_keep_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint := coalesce(NEW.user_id, OLD.user_id);
BEGIN
    -- The lock first: who waited for it counts in a new statement, and so sees what is there now.
    PERFORM 1 FROM forces_user WHERE id = whose FOR NO KEY UPDATE;
    UPDATE forces_user SET has_second_factor = EXISTS (
        SELECT FROM mfa_authenticator WHERE user_id = whose AND type IN ('totp', 'webauthn')
    ) WHERE id = whose;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_second_factor AFTER INSERT OR DELETE ON mfa_authenticator
FOR EACH ROW EXECUTE FUNCTION forces_keep_second_factor();
"""
FORGET = """
DROP TRIGGER keep_second_factor ON mfa_authenticator;
DROP FUNCTION forces_keep_second_factor();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0007_invitations_attempts_and_second_factors"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunSQL(KEEP, FORGET)]
