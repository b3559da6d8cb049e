"""A correction follows what it corrects, and a request the one before it (docs/decisions/0003)."""

from django.db import migrations

STANDING_DECISION = """
CREATE FUNCTION standing_decision(of_review bigint, at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT c.decision FROM recommendations_reviewcorrection c
         WHERE c.review_id = r.id AND c.corrected_at <= at ORDER BY c.number DESC LIMIT 1),
        r.decision)
    FROM recommendations_review r WHERE r.id = of_review AND r.reviewed_at <= at
$$;
"""

UPDATE_FOLLOWS = """
CREATE OR REPLACE FUNCTION update_follows_its_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_update before
        LEFT JOIN recommendations_review answer ON answer.update_id = before.id
        WHERE before.assignment_id = NEW.assignment_id AND before.number = NEW.number - 1
          AND before.submitted_at <= NEW.submitted_at
          AND (before.status <> 'implemented'
               OR (NEW.corrects_id = before.id AND answer.id IS NULL)
               OR standing_decision(answer.id, NEW.submitted_at) = 'returned')
    ) THEN
        RAISE EXCEPTION 'Update % of assignment % does not follow the one before it: it is older, '
            'or a claim is waiting or was accepted.', NEW.number, NEW.assignment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM recommendations_update before
        WHERE before.id = NEW.corrects_id AND before.assignment_id = NEW.assignment_id
          AND before.number = NEW.number - 1
    ) THEN
        RAISE EXCEPTION 'Update % of assignment % corrects another than the one before it.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM recommendations_withdrawal w
        WHERE w.assignment_id = NEW.assignment_id AND w.withdrawn_at <= NEW.submitted_at
    ) THEN
        RAISE EXCEPTION 'Assignment % was withdrawn before this update.', NEW.assignment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

UPDATE_FOLLOWED = """
CREATE OR REPLACE FUNCTION update_follows_its_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_update before
        LEFT JOIN recommendations_review answer ON answer.update_id = before.id
        WHERE before.assignment_id = NEW.assignment_id AND before.number = NEW.number - 1
          AND before.submitted_at <= NEW.submitted_at
          AND (before.status <> 'implemented'
               OR (answer.decision = 'returned' AND answer.reviewed_at <= NEW.submitted_at))
    ) THEN
        RAISE EXCEPTION 'Update % of assignment % does not follow the one before it: it is older, '
            'or a claim is waiting or was accepted.', NEW.number, NEW.assignment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM recommendations_withdrawal w
        WHERE w.assignment_id = NEW.assignment_id AND w.withdrawn_at <= NEW.submitted_at
    ) THEN
        RAISE EXCEPTION 'Assignment % was withdrawn before this update.', NEW.assignment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

REVIEW_ANSWERS = """
CREATE OR REPLACE FUNCTION review_answers_a_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_update claim
        WHERE claim.id = NEW.update_id AND claim.status = 'implemented'
          AND claim.submitted_at <= NEW.reviewed_at
          AND NOT EXISTS (
              SELECT FROM recommendations_update correction
              WHERE correction.corrects_id = claim.id
                AND correction.submitted_at < NEW.reviewed_at
          )
    ) THEN
        RAISE EXCEPTION 'Only a claim is reviewed, and not before it is sent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

REVIEW_ANSWERED = """
CREATE OR REPLACE FUNCTION review_answers_a_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_update claim
        WHERE claim.id = NEW.update_id AND claim.status = 'implemented'
          AND claim.submitted_at <= NEW.reviewed_at
    ) THEN
        RAISE EXCEPTION 'Only a claim is reviewed, and not before it is sent.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

IN_ORDER = """
CREATE FUNCTION review_correction_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_review r
        JOIN recommendations_update claim ON claim.id = r.update_id
        LEFT JOIN recommendations_reviewcorrection before
            ON before.review_id = r.id AND before.number = NEW.number - 1
        WHERE r.id = NEW.review_id
          AND (NEW.number = 1) = (before.id IS NULL)
          AND coalesce(before.corrected_at, r.reviewed_at) <= NEW.corrected_at
          AND coalesce(before.decision, r.decision) <> NEW.decision
          AND NOT EXISTS (
              SELECT FROM recommendations_update later
              WHERE later.assignment_id = claim.assignment_id AND later.number > claim.number
                AND later.submitted_at <= NEW.corrected_at
          )
    ) THEN
        RAISE EXCEPTION 'Correction % of review % does not follow what was decided before it.',
            NEW.number, NEW.review_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_reviewcorrection
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION review_correction_follows();

CREATE FUNCTION due_date_request_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_duedaterequest before
        JOIN recommendations_duedatedecision answer ON answer.request_id = before.id
        WHERE before.assignment_id = NEW.assignment_id AND before.number = NEW.number - 1
          AND answer.decided_at <= NEW.asked_at
    ) THEN
        RAISE EXCEPTION 'Request % of assignment % was made while another one was open.',
            NEW.number, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_duedaterequest
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION due_date_request_follows();

CREATE FUNCTION due_date_decision_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_duedaterequest asked
        LEFT JOIN recommendations_duedatechange change ON change.id = NEW.due_date_change_id
        WHERE asked.id = NEW.request_id AND asked.asked_at <= NEW.decided_at
          AND (change.id IS NULL OR change.assignment_id = asked.assignment_id)
          AND (NEW.outcome <> 'granted' OR change.to_due_on = asked.asked_due_on)
    ) THEN
        RAISE EXCEPTION 'Decision on request % does not fit what was asked.', NEW.request_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_duedatedecision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION due_date_decision_follows();
"""

UNDO_IN_ORDER = """
DROP TRIGGER follows_history ON recommendations_duedatedecision;
DROP FUNCTION due_date_decision_follows();
DROP TRIGGER follows_history ON recommendations_duedaterequest;
DROP FUNCTION due_date_request_follows();
DROP TRIGGER follows_history ON recommendations_reviewcorrection;
DROP FUNCTION review_correction_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_append_only_requests")]

    operations = [
        migrations.RunSQL(
            STANDING_DECISION, "DROP FUNCTION standing_decision(bigint, timestamptz);"
        ),
        migrations.RunSQL(UPDATE_FOLLOWS, UPDATE_FOLLOWED),
        migrations.RunSQL(REVIEW_ANSWERS, REVIEW_ANSWERED),
        migrations.RunSQL(IN_ORDER, UNDO_IN_ORDER),
    ]
