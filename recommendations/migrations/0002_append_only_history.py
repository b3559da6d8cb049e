"""What was submitted, decided or flagged is never altered, and a history always makes sense.

The checks of coherence are deferred to the end of the transaction, so that a whole history can
be loaded at once (docs/decisions/0003).
"""

from django.db import migrations

APPEND_ONLY = ["update", "review", "duedatechange", "withdrawal"]

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

EPISODES = """
CREATE FUNCTION flag_episode_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.cleared_on IS NULL AND NEW.cleared_on IS NOT NULL
       AND (NEW.id, NEW.assignment_id, NEW.flag, NEW.raised_on, NEW.raised_because)
         = (OLD.id, OLD.assignment_id, OLD.flag, OLD.raised_on, OLD.raised_because) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A flag episode can be ended once, and not changed otherwise.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only_ending BEFORE UPDATE ON recommendations_flagepisode
    FOR EACH ROW EXECUTE FUNCTION flag_episode_only_ends();
CREATE TRIGGER append_only BEFORE DELETE ON recommendations_flagepisode
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_flagepisode
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO_EPISODES = """
DROP TRIGGER append_only_truncate ON recommendations_flagepisode;
DROP TRIGGER append_only ON recommendations_flagepisode;
DROP TRIGGER append_only_ending ON recommendations_flagepisode;
DROP FUNCTION flag_episode_only_ends();
"""

COHERENT = """
CREATE FUNCTION update_follows_its_history() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_update
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION update_follows_its_history();

CREATE FUNCTION review_answers_a_claim() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE CONSTRAINT TRIGGER answers_a_claim AFTER INSERT ON recommendations_review
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION review_answers_a_claim();

CREATE FUNCTION due_date_change_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_assignment a
        LEFT JOIN recommendations_duedatechange before
            ON before.assignment_id = a.id AND before.number = NEW.number - 1
        WHERE a.id = NEW.assignment_id
          AND (NEW.number = 1 OR before.decided_at <= NEW.decided_at)
          AND coalesce(before.to_due_on, a.original_due_on) = NEW.from_due_on
          AND (NEW.number = 1) = (before.id IS NULL)
    ) THEN
        RAISE EXCEPTION 'Due date change % of assignment % does not follow the one before it.',
            NEW.number, NEW.assignment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_duedatechange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION due_date_change_follows();
"""

UNDO_COHERENT = """
DROP TRIGGER follows_history ON recommendations_duedatechange;
DROP FUNCTION due_date_change_follows();
DROP TRIGGER answers_a_claim ON recommendations_review;
DROP FUNCTION review_answers_a_claim();
DROP TRIGGER follows_history ON recommendations_update;
DROP FUNCTION update_follows_its_history();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0001_initial"),
        ("forces", "0002_append_only_audit"),
    ]

    operations = [
        *(
            migrations.RunSQL(FORBID.format(table=table), ALLOW.format(table=table))
            for table in APPEND_ONLY
        ),
        migrations.RunSQL(EPISODES, UNDO_EPISODES),
        migrations.RunSQL(COHERENT, UNDO_COHERENT),
    ]
