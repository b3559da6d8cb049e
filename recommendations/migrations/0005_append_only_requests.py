"""Requests, questions, corrections and evidence are append-only too (docs/decisions/0003).

Evidence may come and go while it is a draft's; submitting counts it into the update, and from
then on nothing can be added, altered or taken away.
"""

from django.db import migrations

APPEND_ONLY = ["reviewcorrection", "duedaterequest", "duedatedecision", "question", "reply"]

FORBID = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

ALLOW = """
DROP TRIGGER append_only_truncate ON recommendations_{table};
DROP TRIGGER append_only ON recommendations_{table};
"""

EVIDENCE = """
CREATE FUNCTION evidence_belongs_to_its_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.update_id IS NOT NULL THEN
        RAISE EXCEPTION 'Evidence of a submitted update is never changed or deleted.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF (NEW.key, NEW.name, NEW.kind, NEW.size, NEW.sha256, NEW.uploaded_at, NEW.uploaded_by_id)
       <> (OLD.key, OLD.name, OLD.kind, OLD.size, OLD.sha256, OLD.uploaded_at, OLD.uploaded_by_id)
    THEN
        RAISE EXCEPTION 'Evidence is attached to an update, and not changed otherwise.'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER append_only_attached BEFORE UPDATE OR DELETE ON recommendations_evidence
    FOR EACH ROW EXECUTE FUNCTION evidence_belongs_to_its_update();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION evidence_is_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_update bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF of_update IS NOT NULL AND NOT EXISTS (
        SELECT FROM recommendations_update u
        WHERE u.id = of_update AND u.evidence_count = (
            SELECT count(*) FROM recommendations_evidence e WHERE e.update_id = u.id
        )
    ) THEN
        RAISE EXCEPTION 'Evidence of update % is not what was submitted with it.', of_update
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_counted AFTER INSERT OR UPDATE ON recommendations_evidence
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_is_counted('update_id');
CREATE CONSTRAINT TRIGGER counts_evidence AFTER INSERT ON recommendations_update
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION evidence_is_counted('id');
"""

UNDO_EVIDENCE = """
DROP TRIGGER counts_evidence ON recommendations_update;
DROP TRIGGER is_counted ON recommendations_evidence;
DROP FUNCTION evidence_is_counted();
DROP TRIGGER append_only_truncate ON recommendations_evidence;
DROP TRIGGER append_only_attached ON recommendations_evidence;
DROP FUNCTION evidence_belongs_to_its_update();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0004_evidence_requests_questions")]

    operations = [
        *(
            migrations.RunSQL(FORBID.format(table=table), ALLOW.format(table=table))
            for table in APPEND_ONLY
        ),
        migrations.RunSQL(EVIDENCE, UNDO_EVIDENCE),
    ]
