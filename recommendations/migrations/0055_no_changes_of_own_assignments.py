"""Nobody changes a due date, or withdraws an assignment, for an organisation that they act for."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_change_by_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint := to_jsonb(NEW) ->> TG_ARGV[0];
    moment timestamptz := to_jsonb(NEW) ->> TG_ARGV[1];
    day date := (moment AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF EXISTS (
        SELECT FROM recommendations_assignment a
        JOIN forces_membership m ON m.body_id = a.body_id AND m.person_id = who
        WHERE a.id = NEW.assignment_id AND (m.ended_at IS NULL OR m.ended_at > moment)
          AND (m.is_main OR m.from_on <= day) AND (m.until_on IS NULL OR m.until_on >= day)
    ) THEN
        RAISE EXCEPTION 'User % acts for the organisation, so they cannot change its assignment.',
            who USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_by_member AFTER INSERT ON recommendations_duedatechange
    FOR EACH ROW EXECUTE FUNCTION refuse_change_by_member('decided_by_id', 'decided_at');
CREATE TRIGGER not_by_member AFTER INSERT ON recommendations_withdrawal
    FOR EACH ROW EXECUTE FUNCTION refuse_change_by_member('withdrawn_by_id', 'withdrawn_at');
"""
UNDO = """
DROP TRIGGER not_by_member ON recommendations_withdrawal;
DROP TRIGGER not_by_member ON recommendations_duedatechange;
DROP FUNCTION refuse_change_by_member();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0054_no_decision_about_own_requests"),
        ("forces", "0024_tokens_of_a_membership"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
