"""Nobody decides about more time for an organisation that they act for that day."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_decision_by_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    day date := (NEW.decided_at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF EXISTS (
        SELECT FROM recommendations_duedaterequest r
        JOIN recommendations_assignment a ON a.id = r.assignment_id
        JOIN forces_membership m ON m.body_id = a.body_id AND m.person_id = NEW.decided_by_id
        WHERE r.id = NEW.request_id AND (m.ended_at IS NULL OR m.ended_at > NEW.decided_at)
          AND (m.is_main OR m.from_on <= day) AND (m.until_on IS NULL OR m.until_on >= day)
    ) THEN
        RAISE EXCEPTION 'User % acts for the organisation of the request, so they cannot decide.',
            NEW.decided_by_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_by_member AFTER INSERT ON recommendations_duedatedecision
    FOR EACH ROW WHEN (NEW.outcome <> 'taken_back') EXECUTE FUNCTION refuse_decision_by_member();
"""
UNDO = """
DROP TRIGGER not_by_member ON recommendations_duedatedecision;
DROP FUNCTION refuse_decision_by_member();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0053_steps"),
        ("forces", "0024_tokens_of_a_membership"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
