"""The audit trail can only grow, and every row vouches for the one before it.

Plain SQL and not a library of triggers: such libraries offer a session setting that switches
their triggers off, and a promise that the application can lift is none (docs/decisions/0003).
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'Write a new row that names what it corrects.';
END $$;
"""

CHAIN = """
CREATE FUNCTION forces_audit_hash(event forces_auditevent) RETURNS bytea
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        event.position, event.at, event.actor_id, event.act, event.body_id,
        event.subject_type, event.subject_id, event.details,
        encode(event.previous_hash, 'hex')
    )::text, 'UTF8'))
$$;

CREATE FUNCTION forces_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last record;
BEGIN
    -- One writer at a time, until its transaction ends: no gap, no fork.
    PERFORM pg_advisory_xact_lock(hashtext('forces_auditevent'));
    SELECT position, hash INTO last FROM forces_auditevent ORDER BY position DESC LIMIT 1;
    NEW.position := coalesce(last.position, 0) + 1;
    NEW.previous_hash := coalesce(last.hash, ''::bytea);
    NEW.hash := forces_audit_hash(NEW);
    RETURN NEW;
END $$;

CREATE TRIGGER audit_chain BEFORE INSERT ON forces_auditevent
    FOR EACH ROW EXECUTE FUNCTION forces_audit_chain();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON forces_auditevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON forces_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO_CHAIN = """
DROP TRIGGER append_only_truncate ON forces_auditevent;
DROP TRIGGER append_only ON forces_auditevent;
DROP TRIGGER audit_chain ON forces_auditevent;
DROP FUNCTION forces_audit_chain();
DROP FUNCTION forces_audit_hash(forces_auditevent);
"""


class Migration(migrations.Migration):
    dependencies = [("forces", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_change();"),
        migrations.RunSQL(CHAIN, UNDO_CHAIN),
    ]
