"""A trigger keeps the main membership equal to the role and the organisation of the person.

So both releases, the administration pages and a shell can go on writing those two fields. Closing
an account ends all memberships, and opening it again gives back the main one alone. Another trigger
notes who has more than one membership, so that a request of everybody else needs no query for them.
"""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION forces_keep_main_membership() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    today date := (now() AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF NOT NEW.is_active THEN
        UPDATE forces_membership SET ended_at = now()
        WHERE person_id = NEW.id AND ended_at IS NULL;
        RETURN NULL;
    END IF;
    UPDATE forces_membership SET ended_at = now()
    WHERE person_id = NEW.id AND ended_at IS NULL AND is_main
      AND (role <> NEW.role OR body_id IS DISTINCT FROM NEW.body_id);
    IF EXISTS (
        SELECT FROM forces_membership WHERE person_id = NEW.id AND ended_at IS NULL AND is_main
    ) THEN
        RETURN NULL;
    END IF;
    UPDATE forces_membership SET is_main = true
    WHERE id = (
        SELECT id FROM forces_membership
        WHERE person_id = NEW.id AND ended_at IS NULL AND role = NEW.role
          AND body_id IS NOT DISTINCT FROM NEW.body_id
          AND (until_on IS NULL OR until_on >= today)
        ORDER BY from_on LIMIT 1
    );
    IF NOT FOUND THEN
        UPDATE forces_membership SET ended_at = now()
        WHERE person_id = NEW.id AND ended_at IS NULL AND body_id IS NOT DISTINCT FROM NEW.body_id;
        INSERT INTO forces_membership (person_id, body_id, role, from_on, is_main, source)
        VALUES (
            NEW.id, NEW.body_id, NEW.role,
            CASE TG_OP WHEN 'INSERT'
                THEN (NEW.joined_at AT TIME ZONE 'Europe/London')::date ELSE today END,
            true, 'hand'
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_main_membership AFTER INSERT ON forces_user
    FOR EACH ROW EXECUTE FUNCTION forces_keep_main_membership();
CREATE TRIGGER keep_main_membership_changed AFTER UPDATE OF role, body_id, is_active ON forces_user
    FOR EACH ROW
    WHEN (
        (OLD.role, OLD.body_id, OLD.is_active)
        IS DISTINCT FROM (NEW.role, NEW.body_id, NEW.is_active)
    )
    EXECUTE FUNCTION forces_keep_main_membership();

CREATE FUNCTION forces_note_memberships() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE forces_user u SET has_other_memberships = other.are_there
    FROM (
        SELECT coalesce(bool_or(NOT is_main OR until_on IS NOT NULL), false) AS are_there
        FROM forces_membership WHERE person_id = NEW.person_id AND ended_at IS NULL
    ) other
    WHERE u.id = NEW.person_id AND u.has_other_memberships <> other.are_there;
    RETURN NULL;
END $$;
CREATE TRIGGER note_memberships AFTER INSERT OR UPDATE ON forces_membership
    FOR EACH ROW EXECUTE FUNCTION forces_note_memberships();
"""
FORGET = """
DROP TRIGGER note_memberships ON forces_membership;
DROP FUNCTION forces_note_memberships();
DROP TRIGGER keep_main_membership_changed ON forces_user;
DROP TRIGGER keep_main_membership ON forces_user;
DROP FUNCTION forces_keep_main_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("forces", "0021_memberships")]

    operations = [
        migrations.AddField(
            "user",
            "has_other_memberships",
            models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="More than one membership, or one that ends: kept by a trigger on them.",
            ),
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
