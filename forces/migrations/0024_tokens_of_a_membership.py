"""An API token acts for one membership, and the end of a membership revokes what belongs to it.

A changed password, address or access revokes all tokens and calendar addresses of the person, as
before. A changed role or organisation ends the main membership, and so revokes what belongs to it.
"""

import django.db.models.deletion
from django.db import migrations, models

REVOKE = """
CREATE FUNCTION forces_revoke_of_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE forces_apitoken SET revoked_at = now()
    WHERE person_id = NEW.person_id AND revoked_at IS NULL
      AND (membership_id = NEW.id OR (membership_id IS NULL AND NEW.is_main));
    UPDATE forces_calendarfeed f SET revoked_at = now()
    WHERE f.person_id = NEW.person_id AND f.revoked_at IS NULL
      AND (f.body_id = NEW.body_id OR NEW.body_id IS NULL)
      AND NOT EXISTS (
          SELECT FROM forces_membership m
          WHERE m.person_id = NEW.person_id AND m.ended_at IS NULL
            AND (m.body_id = f.body_id OR m.role IN ('analyst', 'administrator'))
      );
    RETURN NULL;
END $$;
CREATE TRIGGER revoke_of_membership AFTER UPDATE OF ended_at ON forces_membership
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION forces_revoke_of_membership();
DROP TRIGGER revoke_tokens ON forces_user;
CREATE TRIGGER revoke_tokens AFTER UPDATE OF password, is_active, email ON forces_user
    FOR EACH ROW
    WHEN (
        (OLD.password, OLD.is_active, lower(OLD.email))
        IS DISTINCT FROM (NEW.password, NEW.is_active, lower(NEW.email))
    )
    EXECUTE FUNCTION forces_revoke_tokens();
"""
BEFORE = """
DROP TRIGGER revoke_tokens ON forces_user;
CREATE TRIGGER revoke_tokens AFTER UPDATE OF password, role, body_id, is_active, email
ON forces_user FOR EACH ROW
WHEN (
    (OLD.password, OLD.role, OLD.body_id, OLD.is_active, lower(OLD.email))
    IS DISTINCT FROM (NEW.password, NEW.role, NEW.body_id, NEW.is_active, lower(NEW.email))
)
EXECUTE FUNCTION forces_revoke_tokens();
DROP TRIGGER revoke_of_membership ON forces_membership;
DROP FUNCTION forces_revoke_of_membership();
"""


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The table has a few rows for each person at most.",
        "require-concurrent-index-creation": "The same.",
    }

    dependencies = [("forces", "0023_fill_main_memberships")]

    operations = [
        migrations.AddField(
            "apitoken",
            "membership",
            models.ForeignKey(
                editable=False,
                help_text="What it acts for; empty: the person's main membership.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_tokens",
                to="forces.membership",
            ),
        ),
        migrations.RunSQL(REVOKE, BEFORE),
    ]
