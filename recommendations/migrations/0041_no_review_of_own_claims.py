"""Nobody reviews a claim, or corrects its review, for an organisation that they act for that day."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_review_by_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint;
    moment timestamptz;
    claim bigint;
BEGIN
    IF TG_TABLE_NAME = 'recommendations_review' THEN
        SELECT reviewed_by_id, reviewed_at, update_id INTO who, moment, claim
        FROM recommendations_review WHERE id = NEW.id;
    ELSE
        SELECT c.corrected_by_id, c.corrected_at, r.update_id INTO who, moment, claim
        FROM recommendations_reviewcorrection c
        JOIN recommendations_review r ON r.id = c.review_id
        WHERE c.id = NEW.id;
    END IF;
    IF EXISTS (
        SELECT FROM recommendations_update u
        JOIN recommendations_assignment a ON a.id = u.assignment_id
        JOIN forces_membership m ON m.body_id = a.body_id AND m.person_id = who
        WHERE u.id = claim AND (m.ended_at IS NULL OR m.ended_at > moment)
          AND (m.is_main OR m.from_on <= (moment AT TIME ZONE 'Europe/London')::date)
          AND (m.until_on IS NULL
               OR m.until_on >= (moment AT TIME ZONE 'Europe/London')::date)
    ) THEN
        RAISE EXCEPTION 'User % acts for the organisation of the claim, so they cannot review it.',
            who USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER not_by_member AFTER INSERT ON recommendations_review
    FOR EACH ROW EXECUTE FUNCTION refuse_review_by_member();
CREATE TRIGGER not_by_member AFTER INSERT ON recommendations_reviewcorrection
    FOR EACH ROW EXECUTE FUNCTION refuse_review_by_member();
"""
UNDO = """
DROP TRIGGER not_by_member ON recommendations_reviewcorrection;
DROP TRIGGER not_by_member ON recommendations_review;
DROP FUNCTION refuse_review_by_member();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0040_append_only_approvals"),
        ("forces", "0024_tokens_of_a_membership"),
    ]

    operations = [migrations.RunSQL(GUARD, UNDO)]
