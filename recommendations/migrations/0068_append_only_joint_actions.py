"""Rows of joint actions never change, follow each other, and come from the right organisation."""

from django.db import migrations

TABLES = ("jointaction", "jointparticipant", "jointstep", "jointevent")
APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO_APPEND_ONLY = """
DROP TRIGGER append_only_truncate ON recommendations_{table};
DROP TRIGGER append_only ON recommendations_{table};
"""
GUARDS = """
CREATE FUNCTION joint_participant_is_other() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM forces_body b
        JOIN recommendations_jointaction j ON j.id = NEW.action_id
        JOIN recommendations_assignment a ON a.id = j.assignment_id
        WHERE b.id = NEW.body_id AND b.kind IN ('force', 'national') AND b.id <> a.body_id
          AND j.created_at <= NEW.added_at
    ) THEN
        RAISE EXCEPTION 'Participant % is not another force or national organisation.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_jointparticipant
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION joint_participant_is_other();

CREATE FUNCTION joint_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    recommendation bigint;
    owner bigint;
    successor bigint;
    last_at timestamptz;
    last_kind text;
BEGIN
    SELECT a.recommendation_id, b.id, b.succeeded_by_id, j.created_at
    INTO recommendation, owner, successor, last_at
    FROM recommendations_jointaction j
    JOIN recommendations_assignment a ON a.id = j.assignment_id
    JOIN forces_body b ON b.id = a.body_id
    WHERE j.id = NEW.action_id;
    IF NEW.number > 1 THEN
        SELECT happened_at INTO last_at FROM recommendations_jointevent
        WHERE action_id = NEW.action_id AND number = NEW.number - 1;
    END IF;
    SELECT kind INTO last_kind FROM recommendations_jointevent
    WHERE action_id = NEW.action_id AND number < NEW.number
      AND kind NOT IN ('progress', 'step_done')
    ORDER BY number DESC LIMIT 1;
    IF last_at IS NULL OR last_at > NEW.happened_at
        OR coalesce(last_kind, '') IN ('accepted', 'cancelled')
        OR (coalesce(last_kind, '') = 'closed') <> (NEW.kind IN ('accepted', 'returned'))
    THEN
        RAISE EXCEPTION 'Event % of joint action % does not follow the one before it.',
            NEW.number, NEW.action_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.kind IN ('closed', 'cancelled') AND NEW.body_id <> owner)
        OR (NEW.body_id <> owner AND NOT EXISTS (
            SELECT FROM recommendations_jointparticipant p
            WHERE p.action_id = NEW.action_id AND p.body_id = NEW.body_id))
        OR (NEW.step_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM recommendations_jointstep s
            WHERE s.id = NEW.step_id AND s.action_id = NEW.action_id))
        OR (NEW.update_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM recommendations_update u
            JOIN recommendations_assignment a ON a.id = u.assignment_id
            WHERE u.id = NEW.update_id AND u.evidence_count > 0
              AND a.recommendation_id = recommendation AND a.body_id IN (owner, successor)))
    THEN
        RAISE EXCEPTION 'Event % of joint action % is not of its organisations, steps and updates.',
            NEW.number, NEW.action_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.kind IN ('accepted', 'returned') AND EXISTS (
        SELECT FROM forces_membership m
        WHERE m.body_id IN (owner, successor) AND m.person_id = NEW.by_id
          AND (m.ended_at IS NULL OR m.ended_at > NEW.happened_at)
          AND (m.is_main
               OR m.from_on <= (NEW.happened_at AT TIME ZONE 'Europe/London')::date)
          AND (m.until_on IS NULL
               OR m.until_on >= (NEW.happened_at AT TIME ZONE 'Europe/London')::date)
    ) THEN
        RAISE EXCEPTION 'User % acts for the owner of the joint action.', NEW.by_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_jointevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION joint_event_follows();
"""
UNDO_GUARDS = """
DROP TRIGGER follows_history ON recommendations_jointevent;
DROP FUNCTION joint_event_follows();
DROP TRIGGER follows_history ON recommendations_jointparticipant;
DROP FUNCTION joint_participant_is_other();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0067_joint_actions")]

    operations = [
        *(
            migrations.RunSQL(APPEND_ONLY.format(table=table), UNDO_APPEND_ONLY.format(table=table))
            for table in TABLES
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
