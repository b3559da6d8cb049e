"""Approvals never change, a draft that waits is locked, and an update has the approval it needs.

Only a force that has switched approval on needs it, which the previous release cannot do. A
confirmation that nothing has changed needs none (docs/decisions/0024).
"""

from django.db import migrations

APPEND_ONLY = ["approvalrequest", "approvaldecision"]

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

LOCKED = """
CREATE FUNCTION draft_waits_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.approval_request_id IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND NEW.approval_request_id = OLD.approval_request_id THEN
            IF NEW IS DISTINCT FROM OLD THEN
                RAISE EXCEPTION 'Draft % is waiting for approval, so it cannot be changed.', OLD.id
                    USING ERRCODE = 'restrict_violation';
            END IF;
        ELSIF NOT EXISTS (
            SELECT FROM recommendations_approvaldecision d
            WHERE d.request_id = OLD.approval_request_id
        ) THEN
            RAISE EXCEPTION 'The approval of draft % has not been decided.', OLD.id
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER waits_unchanged BEFORE UPDATE OR DELETE ON recommendations_draft
    FOR EACH ROW EXECUTE FUNCTION draft_waits_unchanged();
"""

UNLOCKED = """
DROP TRIGGER waits_unchanged ON recommendations_draft;
DROP FUNCTION draft_waits_unchanged();
"""

IN_ORDER = """
CREATE FUNCTION approval_request_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_approvalrequest before
        JOIN recommendations_approvaldecision answer ON answer.request_id = before.id
        WHERE before.assignment_id = NEW.assignment_id AND before.number = NEW.number - 1
          AND answer.decided_at <= NEW.requested_at
    ) THEN
        RAISE EXCEPTION 'Approval request % of assignment % was made while another one was open.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_approvalrequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION approval_request_follows();

CREATE FUNCTION approval_decision_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_approvalrequest r
        WHERE r.id = NEW.request_id AND r.requested_at <= NEW.decided_at
          AND (NEW.outcome <> 'approved' OR EXISTS (
              SELECT FROM recommendations_update u
              WHERE u.token = r.token AND u.assignment_id = r.assignment_id
                AND u.approved_by_id = NEW.decided_by_id
          ))
    ) THEN
        RAISE EXCEPTION 'The decision on approval request % does not fit it.', NEW.request_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_approvaldecision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION approval_decision_follows();

-- At once, because approval can be switched on after the update in the same transaction.
CREATE FUNCTION update_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by_id IS NULL AND NEW.confirms_id IS NULL AND EXISTS (
        SELECT FROM recommendations_assignment a JOIN forces_body b ON b.id = a.body_id
        WHERE a.id = NEW.assignment_id AND b.requires_approval
    ) THEN
        RAISE EXCEPTION 'Update % of assignment % has not been approved by a chief officer.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER needs_approval AFTER INSERT ON recommendations_update
    FOR EACH ROW EXECUTE FUNCTION update_needs_approval();

CREATE FUNCTION update_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.approved_by_id IS NOT NULL AND (NEW.signed_off_by <> '' OR NOT EXISTS (
        SELECT FROM recommendations_approvalrequest r
        JOIN recommendations_approvaldecision d ON d.request_id = r.id
        WHERE r.token = NEW.token AND r.assignment_id = NEW.assignment_id
          AND r.requested_by_id = NEW.submitted_by_id AND d.outcome = 'approved'
          AND d.decided_by_id = NEW.approved_by_id AND d.decided_at = NEW.submitted_at
          AND d.decided_by_id <> r.requested_by_id
    )) THEN
        RAISE EXCEPTION 'Update % of assignment % is not the one that was approved.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_approved AFTER INSERT ON recommendations_update
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION update_is_approved();
"""

UNDO_IN_ORDER = """
DROP TRIGGER is_approved ON recommendations_update;
DROP FUNCTION update_is_approved();
DROP TRIGGER needs_approval ON recommendations_update;
DROP FUNCTION update_needs_approval();
DROP TRIGGER follows_history ON recommendations_approvaldecision;
DROP FUNCTION approval_decision_follows();
DROP TRIGGER follows_history ON recommendations_approvalrequest;
DROP FUNCTION approval_request_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0039_approved_updates")]

    operations = [
        *(
            migrations.RunSQL(FORBID.format(table=table), ALLOW.format(table=table))
            for table in APPEND_ONLY
        ),
        migrations.RunSQL(LOCKED, UNLOCKED),
        migrations.RunSQL(IN_ORDER, UNDO_IN_ORDER),
    ]
